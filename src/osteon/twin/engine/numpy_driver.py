"""Run a batch on NumPy: the default driver.

The step is that of :func:`osteon.twin.engine.rk4.rk4_through`, operation by operation, on one array ``(S, n)`` in place
of a tuple of components: fewer and longer array operations, which is what NumPy is quick at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.twin.engine.batch import Batch
from osteon.twin.engine.model import DAYS_PER_YEAR, Array
from osteon.twin.engine.rk4 import Exposure, Stages, exposure_after, hermite
from osteon.twin.engine.simulation import Floats

Readings = list[tuple[NDArray[np.int64] | int, NDArray[np.int64] | slice, Any]]


def run_batch(batch: Batch) -> tuple[Floats, Floats, tuple[Floats, dict[str, Floats]] | None]:
    """Integrate everybody in the batch.

    Returns
    -------
    Observables ``(len(observe), J, n)``; the last state ``(S, n)``; the state and exposure at the checkpoint's step.
    """
    model, parameters, ages = batch.model, batch.parameters, batch.ages
    state = batch.state
    exposure: dict[str, Array] = dict(batch.exposure)
    found = np.full((len(batch.observe), batch.out_days.size, ages.size), np.nan)
    kept = None
    readings = _readings(batch)
    forcing: Any = None
    with np.errstate(all="ignore"):
        for step in range(len(batch.step_days)):
            if step == batch.keep_step:
                kept = _copy(batch, state, exposure)
            days, start_age = batch.step_days[step], ages + batch.start_days[step] / DAYS_PER_YEAR
            end_age = ages + batch.end_days[step] / DAYS_PER_YEAR
            levels = _expose(batch, step, exposure, days)
            before = state
            if batch.fresh[step]:
                begin_age = start_age + batch.start_inside[step] / DAYS_PER_YEAR
                forcing = model.forcing(np, begin_age, levels.start, parameters)
            stages = Stages(
                forcing,
                model.forcing(np, start_age + days / 2.0 / DAYS_PER_YEAR, levels.middle, parameters),
                model.forcing(np, end_age - batch.end_inside[step] / DAYS_PER_YEAR, levels.end, parameters),
            )
            state, rate = _rk4_step(batch, before, days, stages)
            forcing = stages.last
            if step in readings:
                rate_after = _derivatives(batch, state, forcing)
                for output, people, theta in readings[step]:
                    at = tuple(hermite(theta, days, ((before,), (rate,)), ((state,), (rate_after,)))[0])
                    here = _expose_at(batch, step, levels.start, theta * days)
                    instant = model.forcing(np, start_age + theta * days / DAYS_PER_YEAR, here, parameters)
                    values = model.observe(np, batch.observe, at, instant, parameters)
                    for row, value in zip(found, values, strict=True):
                        row[output, people] = np.broadcast_to(value, ages.shape)[people]
            exposure = dict(levels.end)
    return found, state, kept


def _derivatives(batch: Batch, state: Floats, forcing: Any) -> Floats:
    rates = np.empty_like(state)
    for row, value in zip(rates, batch.model.derivatives(np, tuple(state), forcing, batch.parameters), strict=True):
        row[...] = value
    return rates


def _rk4_step(batch: Batch, state: Floats, days: Array, stages: Stages) -> tuple[Floats, Floats]:
    """The state after the step, and the rate of change before it."""
    half = days / 2.0
    k1 = _derivatives(batch, state, stages.first)
    k2 = _derivatives(batch, state + half * k1, stages.middle)
    k3 = _derivatives(batch, state + half * k2, stages.middle)
    k4 = _derivatives(batch, state + days * k3, stages.last)
    k4 += k1
    k2 += k3
    k2 *= 2.0
    k4 += k2
    k4 *= days / 6.0
    k4 += state
    return k4, k1


def _expose(batch: Batch, step: int, before: Mapping[str, Array], days: Array) -> Exposure:
    """Take this step's doses, then follow each dosed channel to the middle and the end of the step."""
    start, middle, end = dict(before), dict(before), dict(before)
    for name, elimination in batch.eliminations.items():
        steady = batch.steady[name][step]
        decay = np.exp(-elimination * (days / 2.0))
        start[name] = before[name] + batch.doses[name][step]
        middle[name] = exposure_after(start[name], steady, decay)
        end[name] = exposure_after(middle[name], steady, decay)
    return Exposure(start, middle, end)


def _expose_at(batch: Batch, step: int, start: Mapping[str, Array], after_days: Array) -> dict[str, Array]:
    here = dict(start)
    for name, elimination in batch.eliminations.items():
        here[name] = exposure_after(start[name], batch.steady[name][step], np.exp(-elimination * after_days))
    return here


def _readings(batch: Batch) -> dict[int, Readings]:
    """For each step, what to read in it: (output, people, theta). Everybody at once where steps are shared."""
    found: dict[int, Readings] = defaultdict(list)
    if batch.shared:
        for output, step in enumerate(batch.out_step):
            found[int(step)].append((output, slice(None), batch.out_theta[output]))
        return dict(found)
    # People may have their steps elsewhere: within a step, each round reads at most one output time a person.
    for step in np.unique(batch.out_step):
        outputs, people = np.nonzero(batch.out_step == step)
        order = np.argsort(people, kind="stable")
        outputs, people = outputs[order], people[order]
        turn = np.arange(people.size) - np.searchsorted(people, people)
        for number in range(int(turn.max()) + 1):
            now = turn == number
            theta = np.zeros(batch.ages.size)
            theta[people[now]] = batch.out_theta[outputs[now], people[now]]
            found[int(step)].append((outputs[now], people[now], theta))
    return dict(found)


def _copy(batch: Batch, state: Floats, exposure: Mapping[str, Array]) -> tuple[Floats, dict[str, Floats]]:
    people = batch.ages.size
    return state.copy(), {name: np.array(np.broadcast_to(level, people)) for name, level in exposure.items()}
