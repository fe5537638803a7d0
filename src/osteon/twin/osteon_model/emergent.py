"""What emerges from the equations when treatment stops, changes or comes late: courses, and what must hold of them.

Nobody drew these curves. Each behaviour names the courses to compare and the claims that a reader should be able to
check by eye; the same claims are tests. Of these courses the fit knows one figure: what stopping alendronate costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from osteon.twin.osteon_model.courses import course, net_course

Floats = NDArray[np.float64]
Courses = Mapping[str, Mapping[str, Floats]]

SPINE, HIP, CTX, P1NP = "bmd_lumbar_spine", "bmd_total_hip", "ctx", "p1np"
UNTREATED = "untreated"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence, the number that it is about, and the limits within which the sentence is true."""

    sentence: str
    number: Callable[[Courses], float]
    unit: str
    low: float = -np.inf
    high: float = np.inf


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim with the number that the model gives."""

    sentence: str
    measured: float
    unit: str
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the number lies within the limits."""
        return self.low <= self.measured <= self.high


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing to see.

    Attributes
    ----------
    key, title
        For files, and for readers.
    schedules
        By label, in the order in which they are drawn.
    shown
        The observables to draw.
    years
        How far.
    treated_years
        When the first course of treatment ends, for shading.
    claims
        What must hold.
    net
        Whether the courses are read as points above no treatment.
    traits
        By label, where a course is in another person.
    """

    key: str
    title: str
    schedules: Mapping[str, str]
    shown: tuple[str, ...]
    years: float
    treated_years: float
    claims: tuple[Claim, ...]
    net: bool = False
    traits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def courses(self) -> Courses:
        """By label and observable: change in per cent, or points above no treatment, at each month."""
        read = net_course if self.net else course
        return {
            label: read(text, years=self.years, traits=self.traits.get(label)) for label, text in self.schedules.items()
        }

    def findings(self) -> tuple[Finding, ...]:
        """The claims with the model's numbers."""
        own = self.courses()
        return tuple(Finding(one.sentence, one.number(own), one.unit, one.low, one.high) for one in self.claims)


def at(label: str, name: str, month: int) -> Callable[[Courses], float]:
    """Reads one course at a month."""
    return lambda found: float(found[label][name][month])


def between(label: str, name: str, first: int, last: int) -> Callable[[Courses], float]:
    """Reads how far one course moves between two months."""
    return lambda found: float(found[label][name][last] - found[label][name][first])


def gap(label: str, other: str, name: str, month: int) -> Callable[[Courses], float]:
    """Reads one course minus another at a month."""
    return lambda found: float(found[label][name][month] - found[other][name][month])


def kept(label: str, name: str, first: int, last: int) -> Callable[[Courses], float]:
    """Reads the value at the last month as a share of that at the first, in per cent."""
    return lambda found: float(100.0 * found[label][name][last] / found[label][name][first])


def peak(label: str, name: str, first: int, last: int) -> Callable[[Courses], float]:
    """Reads the highest value between two months."""
    return lambda found: float(np.max(found[label][name][first : last + 1]))


def rises_after(label: str, name: str, first: int) -> Callable[[Courses], float]:
    """Reads how many months after the first a course rises above the level before treatment; infinite if never."""

    def read(found: Courses) -> float:
        above = np.flatnonzero(found[label][name][first:] > 0.0)
        return float(above[0]) if above.size else float("inf")

    return read
