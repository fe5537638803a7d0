"""Find the cheapest design that has the power wanted, or the least dose that reaches an effect.

**Power.** Every combination of what the design leaves free is tried: its people are simulated once, the smallest size
with the power wanted is searched by drawn trials (:mod:`osteon.trial.power`), and priced. All share people and luck, so
that a difference between two designs is one of the designs. The cheapest few are then tried with other people: how
often the same one is cheapest says how sure the choice is.

**Effect.** For each combination of the rest, doses from the lowest to the highest are tried on a logarithmic grid, and
the first crossing of the effect is halved until the dose is known to one part in a hundred.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from osteon import __version__
from osteon.errors import InputError, ModelError, UsageError
from osteon.trial.candidates import DOSE, Candidate, asked_for, candidates, cost_of_one, doses_given, every_seed
from osteon.trial.courses import arm_courses, hypothetical
from osteon.trial.enrol import Enrolled, enrolled
from osteon.trial.optimise_result import DoseEffect, DoseFound, Optimised, Tried
from osteon.trial.pool import ArmPool, arm_pool
from osteon.trial.power import Question
from osteon.trial.protocol import Optimise, Protocol
from osteon.trial.worlds import prior_of
from osteon.twin.cell_therapy import STATEMENT
from osteon.twin.cell_therapy.product import plausible_millions

PEOPLE, TRIALS = 2_000, 1_000
FRESH = 4
"""How many times the cheapest designs are tried with other people."""

AGAIN = 4
"""How many of the cheapest are."""

GRID = 6
CLOSE = 1.01
GIVEN = "The bone model, and whatever is supposed of cells, are taken as given."

NEAR_BY = 1.6
"""With other people the dose is looked for within this factor."""


def optimise_trial(protocol: Protocol, *, people: int = PEOPLE, trials: int = TRIALS) -> Optimised:
    """Search for what the design's part ``optimise`` asks.

    Parameters
    ----------
    protocol
        The trial.
    people
        How many are simulated for each design.
    trials
        How many trials are drawn for each size.

    Raises
    ------
    InputError
        Nothing is free, or something that cannot be.
    ModelError
        Hardly anybody fits, or no design has the power wanted.
    """
    asked = asked_for(protocol)
    every = candidates(protocol)
    unproven = any(hypothetical(arm) for arm in (protocol.arms[protocol.control], protocol.arms[every[0].arm]))
    arm = protocol.arms[every[0].arm]
    has_cells = hypothetical(arm)
    if asked.goal == "power":
        designs, how, sure = _cheapest(protocol, every, people, trials)
        doses: tuple[DoseFound, ...] = ()
    else:
        doses, how, sure = _least_doses(protocol, asked, every, people)
        designs = ()
    return Optimised(
        osteon=__version__,
        title=protocol.title,
        seed=protocol.seed,
        goal=asked.goal,
        arm=arm.name,
        control=protocol.arms[protocol.control].name,
        endpoint=protocol.primary.label,
        wanted=protocol.analysis.power if asked.goal == "power" else float(asked.effect_points or 0.0),
        level=protocol.level,
        hypothetical=unproven,
        statement=STATEMENT if unproven else None,
        supposed=prior_of(arm).meaning if has_cells else None,
        how=how,
        how_sure=sure,
        designs=designs,
        doses=doses,
    )


class Pools:
    """Pools of one set of people, simulated once for each arm and time that the designs have."""

    def __init__(self, protocol: Protocol, people: int) -> None:
        self.who: Enrolled = enrolled(protocol, people)
        self.study_seed = protocol.seed
        self._known: dict[str, ArmPool] = {}

    def of(self, protocol: Protocol, arm: int) -> ArmPool:
        """The pool of an arm of a design; shares make no difference to it."""
        plan = protocol.arms[arm].model_copy(update={"share": 1.0, "name": "arm"})
        key = f"{plan.model_dump_json()}|{protocol.primary.model_dump_json()}|{protocol.years}"
        if key not in self._known:
            self._known[key] = arm_pool(protocol, arm, self.who)
        return self._known[key]

    def question(self, candidate: Candidate, trials: int) -> Question:
        """What is asked of a candidate, with these people."""
        protocol = candidate.protocol.model_copy(update={"seed": self.study_seed})
        ratio = protocol.arms[candidate.arm].share / protocol.arms[protocol.control].share
        return Question(protocol, self.of(protocol, protocol.control), self.of(protocol, candidate.arm), ratio, trials)


@dataclass(frozen=True, slots=True)
class _Priced:
    candidate: Candidate
    tried: Tried


def _price(pools: Pools, candidate: Candidate, trials: int) -> Tried:
    question = pools.question(candidate, trials)
    size = question.needed()
    cost = None
    if size is not None:
        protocol = candidate.protocol
        cost = size.control * cost_of_one(protocol, protocol.control) + size.active * cost_of_one(
            protocol, candidate.arm
        )
    return Tried(
        choice=dict(candidate.choice),
        difference=question.difference,
        size=size,
        cost=cost,
        cost_low=None,
        cost_high=None,
    )


def _cheapest(
    protocol: Protocol, every: tuple[Candidate, ...], people: int, trials: int
) -> tuple[tuple[Tried, ...], str, str]:
    if any(DOSE in one.protocol.arms[one.arm].therapy for one in every):
        raise InputError(
            "a dose is looked for under the goal power",
            where="optimise.free.therapy",
            mend='Write the doses to try one by one, or goal = "effect"',
        )
    pools = Pools(protocol, people)
    priced = [_Priced(one, _price(pools, one, trials)) for one in every]
    priced.sort(key=lambda one: math.inf if one.tried.cost is None else one.tried.cost)
    if priced[0].tried.cost is None:
        raise ModelError(
            "no design that was tried reaches the power wanted",
            where="optimise.free",
            mend="Free more, or ask for less",
        )
    best = [one for one in priced[:AGAIN] if one.tried.cost is not None]
    costs: list[list[float]] = [[one.tried.cost or 0.0] for one in best]
    same = 0
    for other in every_seed(protocol, FRESH):
        fresh = Pools(other, people)
        now = [_price(fresh, one.candidate, trials).cost for one in best]
        same += now[0] is not None and now[0] <= min(one for one in now if one is not None)
        for known, cost in zip(costs, now, strict=True):
            known.extend([] if cost is None else [cost])
    designs = [
        one.tried.model_copy(update={"cost_low": min(known), "cost_high": max(known)})
        for one, known in zip(best, costs, strict=True)
    ] + [one.tried for one in priced[len(best) :]]
    how = (
        f"All {len(every)} combinations of what is free, each with the same {people:,} people; for each the smallest "
        f"size whose drawn trials ({trials:,} a size) have the power wanted."
    )
    sure = (
        f"The {len(best)} cheapest were tried again with {FRESH} other sets of {people:,} people: the first was the "
        f"cheapest of them, alone or with another, in {same} of {FRESH}. Their costs give the range. {GIVEN}"
    )
    return tuple(designs), how, sure


def _least_doses(
    protocol: Protocol, asked: Optimise, every: tuple[Candidate, ...], people: int
) -> tuple[tuple[DoseFound, ...], str, str]:
    others = list(every_seed(protocol, FRESH))
    pools = [Pools(one, people) for one in (protocol, *others)]
    of_cells = hypothetical(protocol.arms[every[0].arm])
    if of_cells:
        asked_range = asked.free.million_cells or plausible_millions()
        seen: dict[tuple[tuple[str, str], ...], Candidate] = {}
        for one in every:
            seen.setdefault(tuple(part for part in one.choice if part[0] != "million_cells"), one)
        choices = [Candidate(one.protocol, one.arm, rest) for rest, one in seen.items()]
        low, high, unit = min(asked_range), max(asked_range), "million cells each time"
        if low == high:
            low, high = plausible_millions()
    else:
        if asked.free.dose is None or not all(DOSE in one.protocol.arms[one.arm].therapy for one in every):
            raise InputError(
                "the dose that is looked for is not marked",
                where="optimise.free.therapy",
                mend='Write for example therapy = ["zoledronate@{dose}mg/18m"] and dose = { lowest = 1, highest = 10 }',
            )
        choices = list(every)
        low, high, unit = asked.free.dose.lowest, asked.free.dose.highest, _unit(choices[0])
    found = tuple(_least(one, pools, float(asked.effect_points or 0.0), (low, high, unit), of_cells) for one in choices)
    how = (
        f"For each combination {GRID} doses from {low:g} to {high:g}, evenly on a logarithmic scale, with the same "
        f"{people:,} people; then the first crossing of the effect halved until the dose is known to 1 %."
    )
    sure = (
        f"Each dose was searched again, near by, with {FRESH} other sets of {people:,} people: least and greatest are "
        f"the range. {GIVEN}"
    )
    return found, how, sure


def _unit(candidate: Candidate) -> str:
    """The unit that stands behind the dose looked for; that of the medicine where none does."""
    written = re.search(re.escape(DOSE) + r"\s*([a-zµμ]+)", candidate.protocol.arms[candidate.arm].therapy)
    return written[1] if written else "in its usual unit"


def _at_dose(candidate: Candidate, dose: float) -> Candidate:
    protocol, arm = candidate.protocol, candidate.protocol.arms[candidate.arm]
    if arm.cells is not None:
        changed = arm.model_copy(update={"cells": arm.cells.model_copy(update={"million_cells": dose})})
    else:
        changed = arm.model_copy(update={"therapy": arm.therapy.replace(DOSE, f"{dose:.12g}")})
    arms = tuple(changed if place == candidate.arm else one for place, one in enumerate(protocol.arms))
    found = protocol.model_copy(update={"arms": arms})
    try:
        arm_courses(found, changed)
    except UsageError as error:
        raise InputError(error.problem, where="optimise.free.dose", mend=error.mend) from None
    return Candidate(found, candidate.arm, candidate.choice)


def _effect(pools: Pools, candidate: Candidate) -> tuple[float, float]:
    """Mean difference to control of the same people, and its standard error."""
    question = pools.question(candidate, 1)
    paired = question.active.true - question.control.true
    count = int(np.isfinite(paired).sum())
    return float(np.nanmean(paired)), float(np.nanstd(paired, ddof=1)) / math.sqrt(count)


def _least(
    candidate: Candidate, pools: list[Pools], effect: float, span: tuple[float, float, str], of_cells: bool
) -> DoseFound:
    low, high, unit = span
    grid = [float(one) for one in np.geomspace(low, high, GRID)]
    tried = []
    for one in grid:
        difference, error = _effect(pools[0], _at_dose(candidate, one))
        tried.append(DoseEffect(dose=one, difference=difference, simulation_error=error))

    def reaches(people: Pools) -> Callable[[float], bool]:
        def yes(dose: float) -> bool:
            difference = _effect(people, _at_dose(candidate, dose))[0]
            return difference >= effect if effect > 0 else difference <= effect

        return yes

    dose = crossing(reaches(pools[0]), grid)
    others: list[float | None] = []
    total = None
    if dose is not None:
        near = [max(low, dose / NEAR_BY), min(high, dose * NEAR_BY)]
        others = [crossing(reaches(people), near) for people in pools[1:]]
        at = _at_dose(candidate, dose)
        doses, cells = doses_given(at.protocol, at.protocol.arms[at.arm])
        total = cells if of_cells else doses * dose
    known = [one for one in (dose, *others) if one is not None]
    return DoseFound(
        choice=dict(candidate.choice),
        dose=dose,
        low=min(known, default=None),
        high=max(known) if known and len(known) == 1 + len(others) else None,
        unit=unit,
        total=total,
        tried=tuple(tried),
        verdict=_verdict(dose, effect, tried, unit),
    )


def crossing(reaches: Callable[[float], bool], grid: list[float]) -> float | None:
    """The least dose that reaches: the first of the grid that does, then halved on the logarithm to 1 %."""
    first = next((number for number, dose in enumerate(grid) if reaches(dose)), None)
    if first is None:
        return None
    if first == 0:
        return grid[0]
    low, high = grid[first - 1], grid[first]
    while high / low > CLOSE:
        middle = math.sqrt(low * high)
        if reaches(middle):
            high = middle
        else:
            low = middle
    return high


def _verdict(dose: float | None, effect: float, tried: list[DoseEffect], unit: str) -> str:
    if dose is None:
        most = tried[-1]
        return f"not reached: {most.dose:,g} {unit} gives {most.difference:+.2f} of {effect:+.2f} points"
    if dose == tried[0].dose:
        return f"reached by the lowest dose that was tried, {dose:g} {unit}"
    return f"reached from {float(f'{dose:.3g}'):,.10g} {unit} on"
