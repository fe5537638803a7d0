"""The day of the calendar: the one place that asks for it, so that every room means the same day."""

from __future__ import annotations

import datetime as dt


def today() -> dt.date:
    """Today, in universal time.

    Called as ``clock.today()``: the tests set it here, so that what they expect does not change with the calendar.
    """
    return dt.datetime.now(tz=dt.UTC).date()
