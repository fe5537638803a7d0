"""What a drug's file says: how it is usually given, and for how long at most."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from osteon.evidence.therapies import TherapyName
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.engine.regimen import Bolus, Course, Infusion

Build = Callable[[float, float], Course]
"""From the first day and the length in days (possibly infinite) to the course."""


@dataclass(frozen=True, slots=True)
class DrugTherapy:
    """One medicine as usually licensed.

    Attributes
    ----------
    name
        The therapy's fixed name.
    how
        Dose, route and interval in words.
    course
        The doses, from a first day and a length in days.
    interval_days
        The usual interval between doses; none where nothing is dosed (a habit) or one dose is all.
    longest_months
        The licensed length where there is one: a regimen that names no duration stops here.
    sources
        Names of the evidence rows behind the numbers.
    amount, unit
        The usual dose, given once in ``interval_days``; none where no other dose can be written.
    """

    name: TherapyName
    how: str
    course: Build
    interval_days: float | None
    longest_months: float | None
    sources: tuple[str, ...]
    amount: float | None = None
    unit: str = ""


def doses_at_interval(drug: str, amount: float, interval_days: float) -> Build:
    """A course of single doses at a fixed interval: the first at once, none on or after the last day."""

    def course(first_day: float, length_days: float) -> Bolus:
        # A length of 24 months and an interval of 6 make 4 doses; the small slack absorbs rounding of months.
        doses = None if math.isinf(length_days) else max(1, math.ceil(length_days / interval_days - 1e-9))
        return Bolus(drug, amount, first_day, interval_days, doses)

    return course


def daily_doses(drug: str, amount_per_day: float) -> Build:
    """A course of daily doses, taken as continuous."""

    def course(first_day: float, length_days: float) -> Infusion:
        return Infusion(drug, amount_per_day, first_day, first_day + length_days)

    return course


def months(number: float) -> float:
    """Months in days of the model's calendar."""
    return number * DAYS_PER_MONTH
