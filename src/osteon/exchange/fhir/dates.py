"""FHIR dates: ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, or a dateTime with time and zone."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from osteon.errors import InputError
from osteon.exchange.fhir.elements import Node
from osteon.person import clock

_FORM = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)?", re.ASCII
)
_MEND = "Write YYYY-MM-DD, or a FHIR dateTime such as 2026-03-02T10:15:00+01:00"


class FhirDate(NamedTuple):
    """A day as far as it is known.

    ``day`` is the middle of the year or month when only those are given; ``precision`` says what was given and
    ``text`` is the original, which sorts by time within a day.
    """

    day: dt.date
    precision: str
    text: str


def read_date(node: Node, key: str) -> FhirDate | None:
    """The date under a key, or none when it is absent.

    Raises
    ------
    InputError
        The text is no date, or the date lies in the future.
    """
    text = node.text(key)
    if not text:
        return None
    form = _FORM.fullmatch(text)
    if form is None:
        raise InputError(f"{text[:30]!r} is not a date", where=node.place(key), mend=_MEND)
    year, month, day = form.groups()
    try:
        if day:
            found = FhirDate(dt.date(int(year), int(month), int(day)), "day", text)
        elif month:
            found = FhirDate(dt.date(int(year), int(month), 15), "month", text)
        else:
            found = FhirDate(dt.date(int(year), 7, 1), "year", text)
    except ValueError:
        raise InputError(f"{text[:30]!r} is not in the calendar", where=node.place(key), mend=_MEND) from None
    today = clock.today()
    start = found.day.replace(day=1) if found.precision == "month" else found.day
    start = dt.date(found.day.year, 1, 1) if found.precision == "year" else start
    if start > today + dt.timedelta(days=1):
        raise InputError(f"the date {text[:30]} lies in the future", where=node.place(key), mend="Correct the date")
    return found


def effective(observation: Node) -> tuple[FhirDate | None, str]:
    """When an Observation or report was made, and the path of the element that says so.

    Reads ``effectiveDateTime``, ``effectiveInstant``, the start of ``effectivePeriod``, then ``issued``.
    """
    for key in ("effectiveDateTime", "effectiveInstant"):
        found = read_date(observation, key)
        if found:
            return found, observation.path(key)
    period = observation.child("effectivePeriod")
    if period is not None:
        found = read_date(period, "start") or read_date(period, "end")
        if found:
            return found, period.path()
    return read_date(observation, "issued"), observation.path("issued")
