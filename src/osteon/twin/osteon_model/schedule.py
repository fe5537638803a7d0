"""Doses as the arms' table writes them: ``zoledronate 5 x3/12m``, ``alendronate 5/d 0-24m``, joined by `` + ``."""

from __future__ import annotations

import math
import re

from osteon.errors import UsageError
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.engine.regimen import Bolus, Course, Infusion, Regimen

_DAILY = re.compile(r"(?P<drug>\w+) (?P<amount>[\d.]+)/d( (?P<start>[\d.]+)-(?P<end>[\d.]+)m)?")
_SINGLE = re.compile(
    r"(?P<drug>\w+) (?P<amount>[\d.]+) x(?P<count>\d+)(/(?P<interval>[\d.]+)(?P<unit>[md]))?( @(?P<start>[\d.]+)m)?"
)


def read_schedule(text: str) -> Regimen:
    """The dose events of a written schedule; ``none`` or an empty text is no treatment.

    Parameters
    ----------
    text
        Courses joined by `` + ``: ``drug amount/d`` with an optional ``from-to`` in months, or
        ``drug amount xN/interval`` (months ``m`` or days ``d``) with an optional start ``@month``.

    Raises
    ------
    UsageError
        A course is written otherwise.
    """
    courses: list[Course] = []
    for piece in text.split(" + "):
        one = piece.strip()
        if one in ("", "none"):
            continue
        if daily := _DAILY.fullmatch(one):
            start = float(daily["start"] or 0.0) * DAYS_PER_MONTH
            end = float(daily["end"]) * DAYS_PER_MONTH if daily["end"] else math.inf
            courses.append(Infusion(daily["drug"], float(daily["amount"]), start, end))
        elif single := _SINGLE.fullmatch(one):
            days = DAYS_PER_MONTH if single["unit"] == "m" else 1.0
            interval = float(single["interval"]) * days if single["interval"] else math.inf
            start = float(single["start"] or 0.0) * DAYS_PER_MONTH
            courses.append(Bolus(single["drug"], float(single["amount"]), start, interval, int(single["count"])))
        else:
            raise UsageError(
                f"{one!r} is not a course of treatment",
                where=text,
                mend="Write for example 'alendronate 10/d 0-24m' or 'denosumab 60 x4/6m @12m'",
            )
    return Regimen(text or "none", tuple(courses))
