"""From an arm's words to dose events, and each person's share of every dose: stopping, missing, responding.

A person stops for good at a time of their own. Single doses that are due later are not given. What is taken daily is
cut into quarters of a year, and the quarter in which somebody stops is taken whole or not at all, whichever is nearer.
The first dose is always given; each later one is missed with the probability that adherence leaves, and of daily
doses everybody takes the same share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from osteon.errors import UsageError
from osteon.evidence.therapies import THERAPIES
from osteon.trial.draws import uniforms
from osteon.trial.people import Women
from osteon.trial.protocol import ArmPlan, Protocol
from osteon.twin.cell_therapy import CellProduct
from osteon.twin.cell_therapy.product import THERAPIES as CELL_SOURCES
from osteon.twin.engine.model import DAYS_PER_YEAR
from osteon.twin.engine.regimen import Bolus, Course, Infusion, Regimen
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.drugs import channels
from osteon.twin.osteon_model.regimens import model_regimen

Floats = NDArray[np.float64]

SEGMENT_DAYS = DAYS_PER_YEAR / 4.0
CELL_CHANNEL = "cells_iv"


@dataclass(frozen=True, slots=True)
class ArmCourses:
    """What an arm gives.

    Attributes
    ----------
    regimen
        The dose events, daily courses cut into quarters where people may stop.
    notes, sources
        What a reader should know of it, and the evidence rows behind the doses.
    product
        The cell product, where the arm has cells.
    """

    regimen: Regimen
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    product: CellProduct | None


def hypothetical(arm: ArmPlan) -> bool:
    """Whether the arm gives something whose effect on bone is unproven."""
    written = arm.therapy.replace("-", "_").replace(" ", "_").casefold()
    return any(one.hypothetical and name in written for name, one in THERAPIES.items())


def hypothetical_difference(protocol: Protocol, arm: int) -> bool:
    """Whether the difference between an arm and the control rests on something unproven, in either of them."""
    return hypothetical(protocol.arms[arm]) or hypothetical(protocol.arms[protocol.control])


def arm_courses(protocol: Protocol, arm: ArmPlan) -> ArmCourses:
    """Lay out the doses of an arm, background included.

    Raises
    ------
    UsageError
        The therapy is not a regimen, the background gives it already, or the cells do not fit it.
    ModelError
        The model does not cover it.
    """
    built = model_regimen(arm.therapy)
    background = model_regimen(protocol.background)
    twice = [name for name in built.plan.therapies if name != "none" and name in background.plan.therapies]
    if twice:
        raise UsageError(
            f"the arm is given {twice[0]} by the background already",
            mend="Leave it out of the arm's therapy, or out of the background",
        )
    with_cells = [name for name in built.plan.therapies if name in CELL_SOURCES]
    if len(with_cells) > 1:
        raise UsageError(
            f"an arm has one cell product, and here are {' and '.join(with_cells)}",
            mend="Write one of them, or give each an arm of its own",
        )
    if arm.cells is not None and not with_cells:
        raise UsageError(
            "the arm has a part cells and its therapy has none",
            mend=f"Write one of {', '.join(CELL_SOURCES)}, or leave the part cells out",
        )
    product = None
    courses: list[Course] = list(built.regimen.courses)
    if with_cells:
        product = cell_product(arm, with_cells[0])
        courses = _with_product(courses, product.regimen.courses)
    courses += background.regimen.courses
    if arm.dropout_per_year > 0.0:
        courses = [part for course in courses for part in _cut(course, protocol.years * DAYS_PER_YEAR)]
    regimen = Regimen(arm.therapy, tuple(courses))
    return ArmCourses(regimen, built.notes, (*built.sources, *background.sources), product)


def _with_product(courses: list[Course], given: tuple[Course, ...]) -> list[Course]:
    """The doses of the product in the place of the usual single infusion."""
    found: list[Course] = []
    for course in courses:
        if course.drug == CELL_CHANNEL and isinstance(course, Bolus):
            found += [one.shifted(course.first_day) for one in given]
        else:
            found.append(course)
    return found


def cell_product(arm: ArmPlan, therapy: str) -> CellProduct:
    """The product of an arm: what its part ``cells`` says, or one infusion of the usual dose.

    Raises
    ------
    UsageError
        The dose, the interval or the number is not plausible.
    """
    if arm.cells is None:
        return CellProduct(million_cells=100.0, source=CELL_SOURCES[therapy])
    one = arm.cells
    return CellProduct(
        million_cells=one.million_cells,
        source=CELL_SOURCES[therapy],
        route=one.route,
        infusions=one.infusions,
        interval_days=one.interval_days,
    )


def _cut(course: Course, end_days: float) -> list[Course]:
    """A daily course in quarters up to the end of the trial, one dose event each."""
    if not isinstance(course, Infusion):
        return [course]
    last = min(course.end_day, end_days)
    count = math.ceil(end_days / SEGMENT_DAYS)
    inner = [day for day in (SEGMENT_DAYS * number for number in range(1, count)) if course.start_day < day < last]
    edges = [course.start_day, *inner, course.end_day]
    return [replace(course, start_day=a, end_day=b) for a, b in pairwise(edges)]


def medicines() -> frozenset[str]:
    """The drugs to which a person's drug response applies."""
    return frozenset(channel.drug for channel in channels(OsteonModel().parameters).values())


def stopping_years(study: str, purpose: str, numbers: NDArray[np.int64], share_per_year: float) -> Floats:
    """When each person stops or is lost: exponential, infinity where nobody does. All arms share the luck, ``(n,)``."""
    if share_per_year == 0.0:
        return np.full(numbers.size, np.inf)
    return np.asarray(np.log(uniforms(study, purpose, numbers, 1)[0]) / np.log1p(-share_per_year))


def multipliers(protocol: Protocol, arm: ArmPlan, regimen: Regimen, women: Women, stop: Floats) -> Mapping[str, Floats]:
    """By drug, each person's multiplier of every dose event, ``(events, n)``, in the engine's order of events.

    Parameters
    ----------
    protocol, arm, regimen
        The trial, the arm, and its doses.
    women
        Who; they differ in how strongly they answer to medicines.
    stop
        When each stops, years, ``(n,)``.
    """
    own, numbers = medicines(), women.numbers
    found: dict[str, Floats] = {}
    horizon = (protocol.years + 1.0) * DAYS_PER_YEAR
    for drug in regimen.drugs:
        events = _events(regimen, drug, horizon)
        factor = women.drug_response if drug in own else np.ones(numbers.size)
        if arm.dropout_per_year == 0.0 and arm.adherence == 1.0:
            found[drug] = factor
            continue
        rows = np.empty((len(events), numbers.size))
        singles = sum(daily_end is None for _, daily_end in events)
        luck = uniforms(protocol.study, f"doses of {drug}", numbers, max(singles, 1))
        single = 0
        for row, (start, end) in zip(rows, events, strict=True):
            if end is None:
                taken = (luck[single] <= arm.adherence) | (single == 0)
                given = (start / DAYS_PER_YEAR < stop) & taken
                row[...] = np.where(given, factor, 0.0)
                single += 1
            else:
                middle = 0.5 * (start + min(end, protocol.years * DAYS_PER_YEAR)) / DAYS_PER_YEAR
                row[...] = np.where(middle < stop, arm.adherence * factor, 0.0)
        found[drug] = rows
    return found


def _events(regimen: Regimen, drug: str, horizon_days: float) -> list[tuple[float, float | None]]:
    """Start and end of each dose event of a drug, in order of time; a single dose has no end."""
    found: list[tuple[float, float | None]] = []
    for course in regimen.courses:
        if course.drug != drug:
            continue
        if isinstance(course, Bolus):
            found += [(day, None) for day in course.days(horizon_days)]
        else:
            found.append((course.start_day, course.end_day))
    return sorted(found, key=lambda event: event[0])
