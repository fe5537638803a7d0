"""How old the latest scan is: a record's age and answers hold for that day, which may be long ago."""

from __future__ import annotations

import datetime as dt

from osteon.person import clock
from osteon.person.fields import DAYS_PER_YEAR
from osteon.person.record import Person

OLD_SCAN_YEARS = 2.0
"""From so many years on both readers are told: a cautious choice, not a published limit."""


def years_since_scan(person: Person, today: dt.date | None = None) -> float:
    """Years from the latest scan to today; 0 where there is no scan.

    Parameters
    ----------
    person
        The record.
    today
        The day of the calendar when left out.
    """
    scan = person.latest_scan
    if scan is None:
        return 0.0
    return max(((today or clock.today()) - scan.date).days / DAYS_PER_YEAR, 0.0)


def old_scan_years(person: Person, today: dt.date | None = None) -> float | None:
    """As :func:`years_since_scan` where the scan is too old to be taken for the present; else none."""
    passed = years_since_scan(person, today)
    return passed if passed >= OLD_SCAN_YEARS else None
