"""How long bone builders were taken, and what is left of a course: some are limited over a lifetime."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from osteon.person import DAYS_PER_YEAR, Person, Treatment

LIFETIME = ("teriparatide", "abaloparatide")
"""Both together count towards the limit."""


def builder_years(person: Person, therapies: tuple[str, ...] = LIFETIME) -> float:
    """Years on teriparatide and abaloparatide together, to a tenth: 24 months may be a few days short of two years.

    Days that two entries share count once, since one course is often recorded twice. A course without a start adds
    nothing; one that goes on counts until now.

    Parameters
    ----------
    person
        The record. The day of the latest scan counts as now (today when there is no scan).
    therapies
        Those that count.
    """
    taken = _days((one for one in person.treatments if one.therapy in therapies), person.as_of)
    return round(taken / DAYS_PER_YEAR, 1)


def months_left(person: Person, therapy: str, longest_months: float) -> float:
    """Whole months of a bone builder that are left, one at least: of a lifetime, or of the course that goes on.

    Parameters
    ----------
    person
        The record; now is :attr:`Person.as_of`.
    therapy
        Its fixed name.
    longest_months
        The licensed length of a course.
    """
    if therapy in LIFETIME:
        counted = [one for one in person.treatments if one.therapy in LIFETIME]
    else:
        counted = [one for one in person.treatments if one.therapy == therapy and one.stop is None]
    return float(max(round(longest_months - 12.0 * _days(counted, person.as_of) / DAYS_PER_YEAR), 1))


def _days(courses: Iterable[Treatment], now: dt.date) -> int:
    """Days that these courses cover, each once."""
    days, counted_to = 0, dt.date.min
    for start, end in sorted((one.start, one.stop or now) for one in courses if one.start is not None):
        days += max((end - max(start, counted_to)).days, 0)
        counted_to = max(counted_to, end)
    return days
