"""What to measure after the change from denosumab to a bisphosphonate: whether one infusion, or the tablets, hold.

The European Calcified Tissue Society asks for markers of bone turnover after the change; what was read of its position
gives no dates. The dates and limits here are those of a cohort that followed it.
"""

from __future__ import annotations

from osteon.care.denosumab import FOLLOW_ON, YEARS_AT_RISK
from osteon.care.result import MonitoringStep
from osteon.evidence import value
from osteon.person import DAYS_PER_YEAR, Person, Treatment

FOLLOWED_SOURCES = ("ects2021_dmab_stop", "ects_in_practice", "dst_taiwan2024")


def denosumab_followed(person: Person) -> tuple[MonitoringStep, ...]:
    """Markers and scans after denosumab, while it ended lately and a bisphosphonate follows it; else nothing.

    Parameters
    ----------
    person
        The record. The day of the latest scan counts as now (today when there is no scan).
    """
    courses = [one for one in person.treatments if one.therapy == "denosumab"]
    ends = [one.stop for one in courses if one.stop is not None]
    if not ends or len(ends) < len(courses):
        return ()
    ended = max(ends)
    after = [one for one in person.treatments if one.therapy in FOLLOW_ON and (one.stop is None or one.stop > ended)]
    if not after or (person.as_of - ended).days / DAYS_PER_YEAR > YEARS_AT_RISK:
        return ()
    first, second, third, last = (
        f"{value(f'dmab_exit.check_{one}'):g}" for one in ("first", "second", "third", "last")
    )
    since = _since(after[0])
    marker = (
        "Turnover can rise again although a bisphosphonate follows. In a cohort of "
        f"{value('dmab_exit.people'):g} people another infusion was given when CTX rose above "
        f"{value('dmab_exit.ctx_over'):g} ng/L: {value('dmab_exit.infusions'):g} infusions on average in two years."
    )
    scan = (
        f"In a trial of {value('dst.people'):g} people the spine lost density in the first year after the change. In "
        f"the cohort a fall of {value('dmab_exit.spine_fall_percent'):g} % at the spine or "
        f"{value('dmab_exit.hip_fall_percent'):g} % at the hip was a reason for another infusion."
    )
    return (
        MonitoringStep(
            what="CTX (bone turnover) after denosumab",
            when=f"{first}, {second}, {third} and {last} months after {since}",
            years_from_scan=None,
            why=marker,
            sources=FOLLOWED_SOURCES,
        ),
        MonitoringStep(
            what="Bone-density scan after denosumab",
            when=f"{third} and {last} months after {since}",
            years_from_scan=None,
            why=scan,
            sources=FOLLOWED_SOURCES,
        ),
    )


def _since(follow_on: Treatment) -> str:
    """The change, with its month where it is on record."""
    name = follow_on.therapy
    return f"the change to {name}" + ("" if follow_on.start is None else f" in {follow_on.start:%B %Y}")
