"""A regimen as SBML events: what is written for its single doses and for its continuous dosing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from osteon.twin.engine.regimen import Bolus, Infusion, Regimen


@dataclass(frozen=True, slots=True)
class SingleDoses:
    """A course of single doses: one repeating event.

    Attributes
    ----------
    name
        Start of its identifiers: the drug, numbered when the drug has several courses.
    course
        The doses.
    """

    name: str
    course: Bolus

    @property
    def repeats(self) -> bool:
        """Whether there is more than one dose."""
        return self.course.doses is None or self.course.doses > 1


@dataclass(frozen=True, slots=True)
class DoseRate:
    """The rate of continuous dosing of one drug.

    Attributes
    ----------
    drug
        The drug.
    at_start
        The rate on day 0.
    changes
        Later days on which the rate changes, with the new rate.
    """

    drug: str
    at_start: float
    changes: tuple[tuple[float, float], ...]


def single_doses(regimen: Regimen) -> tuple[SingleDoses, ...]:
    """The courses of single doses, in the order of the regimen."""
    courses = [course for course in regimen.courses if isinstance(course, Bolus)]
    counts: dict[str, int] = {}
    found = []
    for course in courses:
        counts[course.drug] = counts.get(course.drug, 0) + 1
        several = sum(one.drug == course.drug for one in courses) > 1
        found.append(SingleDoses(f"{course.drug}_{counts[course.drug]}" if several else course.drug, course))
    return tuple(found)


def dose_rates(regimen: Regimen) -> Mapping[str, DoseRate]:
    """The rates of the drugs that are given continuously, by drug."""
    found = {}
    for drug in regimen.drugs:
        runs = sorted(
            (course for course in regimen.courses if isinstance(course, Infusion) and course.drug == drug),
            key=lambda course: course.start_day,
        )
        if not runs:
            continue
        rates: dict[float, float] = {0.0: 0.0}
        for course in runs:  # a course that starts where another ends replaces its end
            rates[course.start_day] = course.amount_per_day
            if math.isfinite(course.end_day):
                rates[course.end_day] = 0.0
        changes = tuple((day, rate) for day, rate in rates.items() if day > 0.0)
        found[drug] = DoseRate(drug, rates[0.0], changes)
    return found
