"""A bone builder must be followed by a medicine that keeps its gain: where one ended and nothing followed it."""

from __future__ import annotations

import datetime as dt

from osteon.care.denosumab import YEARS_AT_RISK
from osteon.evidence.therapies import THERAPIES
from osteon.person import DAYS_PER_YEAR, Person, takes

BUILDERS = frozenset(name for name, one in THERAPIES.items() if one.group == "anabolic")
KEEPS_THE_GAIN = frozenset(name for name, one in THERAPIES.items() if one.group == "antiresorptive")


def builder_ended(person: Person) -> tuple[str, dt.date] | None:
    """The bone builder that ended lately with nothing after it, and the day; none for everybody else.

    Parameters
    ----------
    person
        The record. The day of the latest scan counts as now (today when there is no scan). An end further back than
        two years is left alone: the gain has gone by then, and the scan shows what is left. That limit is Osteon's own.
    """
    courses = [one for one in person.treatments if one.therapy in BUILDERS]
    ends = [(one.stop, one.therapy) for one in courses if one.stop is not None]
    if not ends or any(one.stop is None for one in courses):
        return None
    last, name = max(ends)
    kept = any(takes(person, therapy) for therapy in KEEPS_THE_GAIN) or any(
        one.therapy in KEEPS_THE_GAIN and one.stop is not None and one.stop > last for one in person.treatments
    )
    if kept or (person.as_of - last).days / DAYS_PER_YEAR > YEARS_AT_RISK:
        return None
    return name, last
