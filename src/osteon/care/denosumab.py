"""Denosumab must not end without another medicine after it: who this concerns, and what to do now."""

from __future__ import annotations

import datetime as dt

from osteon.evidence import value
from osteon.person import DAYS_PER_YEAR, Person, Treatment, advanced_kidney_disease

# The medicines to follow denosumab with: another antiresorptive (ECTS 2021), usually zoledronate (Everts-Graber 2021).
FOLLOW_ON = ("zoledronate", "alendronate", "risedronate")
EXIT_SOURCES = ("ects2021_dmab_stop", "cummings2018_dmab_stop", "evertsgraber2021_dmab_stop", "es2019_report")

# How long after the end the warning stays: spine fractures come soon after the effect has worn off, and for later years
# no study of a follow-on medicine was read. A cautious choice, not a published limit.
YEARS_AT_RISK = 2.0


def denosumab_exit(person: Person) -> str:
    """What a person on denosumab, or lately off it with nothing after it, has to know before anything else.

    Parameters
    ----------
    person
        The record. The day of the latest scan counts as now (today when there is no scan).

    Returns
    -------
    str
        Three to five plain sentences; empty when it does not apply. The sources are :data:`EXIT_SOURCES`.
    """
    courses = [one for one in person.treatments if one.therapy == "denosumab"]
    if not courses:
        return ""
    if any(one.stop is None for one in courses):
        return (
            "Denosumab: do not stop, skip or delay it without a plan. Stopping without another medicine is not safe: "
            "spine fractures can follow, often several at once. Before the end, a bone specialist has to plan a "
            f"follow-on medicine, usually zoledronate, from {value('denosumab.interval_months'):g} months after the "
            f"last injection.{_kidneys(person)}"
        )
    ended = max(one.stop for one in courses if one.stop is not None)
    if _years_since(ended, person) > YEARS_AT_RISK or any(_follows(one, ended) for one in person.treatments):
        return ""
    months = value("denosumab.interval_months")
    overdue = ", a time that has passed" if 12.0 * _years_since(ended, person) > months else ""
    return (
        f"Denosumab was stopped in {ended:%B %Y} and no medicine that can follow it is on record. This is not safe: "
        "spine fractures can follow, often several at once. Now: see a bone specialist without delay about a follow-on "
        f"medicine, usually zoledronate, due {months:g} months after the last injection{overdue}.{_kidneys(person)} "
        "New back pain needs an image of the spine."
    )


def _kidneys(person: Person) -> str:
    """What weak kidneys make of it: the labels of the bisphosphonates that follow denosumab bar them there."""
    weak = advanced_kidney_disease(person)
    return " Kidneys as weak as these bar zoledronate and its like: the specialist has to choose." if weak else ""


def _years_since(ended: dt.date, person: Person) -> float:
    return (person.as_of - ended).days / DAYS_PER_YEAR


def _follows(treatment: Treatment, ended: dt.date) -> bool:
    """Whether a course of a follow-on medicine lies, or may lie, after the end of denosumab."""
    if treatment.therapy not in (*FOLLOW_ON, "ibandronate"):
        return False
    if treatment.stop is not None:
        return treatment.stop > ended
    return True
