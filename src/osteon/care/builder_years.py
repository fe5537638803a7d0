"""How long the bone builders whose use is limited over a lifetime were taken: teriparatide and abaloparatide."""

from __future__ import annotations

import datetime as dt

from osteon.person import DAYS_PER_YEAR, Person

LIMITED = ("teriparatide", "abaloparatide")


def builder_years(person: Person) -> float:
    """Years on these medicines together, to a tenth: 24 months may be a few days short of two years.

    Days that two entries share count once, since one course is often recorded twice. A course without a start adds
    nothing; one that goes on counts until now.

    Parameters
    ----------
    person
        The record. The day of the latest scan counts as now (today when there is no scan).
    """
    now = person.latest_scan.date if person.latest_scan is not None else dt.datetime.now(tz=dt.UTC).date()
    days, counted_to = 0, dt.date.min
    for start, end in sorted(
        (one.start, one.stop or now) for one in person.treatments if one.therapy in LIMITED and one.start is not None
    ):
        days += max((end - max(start, counted_to)).days, 0)
        counted_to = max(counted_to, end)
    return round(days / DAYS_PER_YEAR, 1)
