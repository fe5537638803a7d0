"""Dose events: what is given, how much, and when. Days count from the start of the simulation.

A regimen is a tuple of courses. A course may be open-ended: nothing here depends on how long a simulation runs, so
the step grid, which follows the doses, does not either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import count, pairwise, takewhile
from typing import TypeAlias

from osteon.errors import UsageError


@dataclass(frozen=True, slots=True)
class Bolus:
    """Single doses that act at once: one, or a series at a fixed interval.

    Attributes
    ----------
    drug
        The drug, as the model's channels name it.
    amount
        Dose in the drug's own unit, above zero.
    first_day
        Day of the first dose.
    interval_days, doses
        The interval and the number of doses; ``doses=None`` goes on for ever.
    """

    drug: str
    amount: float
    first_day: float = 0.0
    interval_days: float = math.inf
    doses: int | None = 1

    def __post_init__(self) -> None:
        if not (math.isfinite(self.amount) and self.amount > 0):
            raise UsageError(f"a dose of {self.amount:g} of {self.drug} is not possible", mend="Give a dose above zero")
        if not (math.isfinite(self.first_day) and self.first_day >= 0):
            raise UsageError(f"{self.drug} cannot start on day {self.first_day:g}", mend="Start on day 0 or later")
        if self.doses is not None and self.doses < 1:
            raise UsageError(f"{self.doses} doses of {self.drug} are not possible", mend="Give at least one dose")
        if self.doses != 1 and not (math.isfinite(self.interval_days) and self.interval_days >= 0.04):
            raise UsageError(
                f"an interval of {self.interval_days:g} days between doses of {self.drug} is not possible",
                mend="Give an interval of at least one hour (0.04 days)",
            )

    def days(self, until: float) -> tuple[float, ...]:
        """The days of the doses up to ``until``."""
        numbers = range(self.doses) if self.doses is not None else count()
        times = (self.first_day + (number * self.interval_days if number else 0.0) for number in numbers)
        return tuple(takewhile(lambda day: day <= until, times))

    def next_day(self, after: float) -> float:
        """The first dose later than ``after``; infinity when there is none."""
        numbers = range(self.doses) if self.doses is not None else count()
        start = 0 if math.isinf(self.interval_days) else max(0, int((after - self.first_day) / self.interval_days) - 1)
        for number in numbers[start:] if isinstance(numbers, range) else count(start):
            day = self.first_day + (number * self.interval_days if number else 0.0)
            if day > after:
                return day
        return math.inf

    def shifted(self, by_days: float) -> Bolus:
        """The same course, later by so many days."""
        return replace(self, first_day=self.first_day + by_days)


@dataclass(frozen=True, slots=True)
class Infusion:
    """Continuous dosing at a constant rate, which also stands for daily tablets and injections.

    Attributes
    ----------
    drug
        The drug, as the model's channels name it.
    amount_per_day
        Dose rate in the drug's own unit a day, above zero.
    start_day, end_day
        First and last day; ``end_day=inf`` goes on for ever.
    """

    drug: str
    amount_per_day: float
    start_day: float = 0.0
    end_day: float = math.inf

    def __post_init__(self) -> None:
        if not (math.isfinite(self.amount_per_day) and self.amount_per_day > 0):
            raise UsageError(
                f"a dose of {self.amount_per_day:g} of {self.drug} a day is not possible", mend="Give a dose above zero"
            )
        if not (math.isfinite(self.start_day) and self.start_day >= 0 and self.end_day > self.start_day):
            raise UsageError(
                f"{self.drug} cannot run from day {self.start_day:g} to day {self.end_day:g}",
                mend="Start on day 0 or later, and end after the start",
            )

    def shifted(self, by_days: float) -> Infusion:
        """The same course, later by so many days."""
        return replace(self, start_day=self.start_day + by_days, end_day=self.end_day + by_days)


Course: TypeAlias = Bolus | Infusion


@dataclass(frozen=True, slots=True)
class Regimen:
    """A named set of courses.

    The dose events of one drug are numbered in order of time: each single dose is an event, and so is each course of
    continuous dosing. Per-person multipliers (adherence, missed doses) refer to these numbers.
    """

    name: str
    courses: tuple[Course, ...] = ()

    def __post_init__(self) -> None:
        for drug in self.drugs:
            runs = sorted(
                (course.start_day, course.end_day)
                for course in self.courses
                if isinstance(course, Infusion) and course.drug == drug
            )
            if any(later[0] < earlier[1] for earlier, later in pairwise(runs)):
                raise UsageError(
                    f"two courses of continuous {drug} overlap", where=self.name, mend="Let one end before the next"
                )

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs given, in alphabetical order."""
        return tuple(sorted({course.drug for course in self.courses}))


NO_TREATMENT = Regimen("none")
"""Nothing is given."""
