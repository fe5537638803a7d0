"""Run a batch on plain Python floats, one person after the other: the quickest way for a few people.

A person's page asks for one trajectory a therapy. NumPy spends its time on bookkeeping when arrays are that short.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from osteon.twin.engine import scalars
from osteon.twin.engine.batch import Batch
from osteon.twin.engine.model import DAYS_PER_YEAR
from osteon.twin.engine.rk4 import Stages, exposure_after, hermite, rk4_through
from osteon.twin.engine.simulation import Floats


def run_batch(batch: Batch) -> tuple[Floats, Floats, tuple[Floats, dict[str, Floats]] | None]:
    """Integrate everybody in the batch; the same question and answer as the NumPy driver's ``run_batch``."""
    people = batch.ages.size
    found = np.full((len(batch.observe), batch.out_days.size, people), np.nan)
    last = np.full_like(batch.state, np.nan)
    kept_state = np.full_like(batch.state, np.nan)
    kept_exposure = {name: np.full(people, np.nan) for name in batch.exposure}
    for person in range(people):
        try:
            end, kept = _run_person(batch, person, found[:, :, person])
        except (OverflowError, ZeroDivisionError, ValueError):
            continue  # Python raises where arrays turn non-finite; the NaN in place reports this person's failure
        last[:, person] = end
        if kept is not None:
            kept_state[:, person] = kept[0]
            for name, level in kept[1].items():
                kept_exposure[name][person] = level
    return found, last, None if batch.keep_step is None else (kept_state, kept_exposure)


def _run_person(
    batch: Batch, person: int, found: Floats
) -> tuple[tuple[float, ...], tuple[tuple[float, ...], dict[str, float]] | None]:
    model, observe = batch.model, batch.observe
    parameters = {name: _own(value, person) for name, value in batch.parameters.items()}
    age = float(batch.ages[person])
    lengths, starts, ends = (_series(one, person) for one in (batch.step_days, batch.start_days, batch.end_days))
    after_start, before_end = (_series(one, person) for one in (batch.start_inside, batch.end_inside))
    channels = [
        (name, _own(rate, person), _series(batch.doses[name], person), _series(batch.steady[name], person))
        for name, rate in batch.eliminations.items()
    ]
    outputs = zip(_series(batch.out_step, person), _series(batch.out_theta, person), strict=True)
    readings: dict[int, list[tuple[int, float]]] = {}
    for output, (step, theta) in enumerate(outputs):
        readings.setdefault(step, []).append((output, theta))
    state = tuple(batch.state[:, person].tolist())
    levels = {name: _own(level, person) for name, level in batch.exposure.items()}
    kept = None
    forcing: Any = None
    for step, (days, start) in enumerate(zip(lengths, starts, strict=True)):
        if step == batch.keep_step:
            kept = state, dict(levels)
        start_age = age + start / DAYS_PER_YEAR
        first, middle, end = dict(levels), dict(levels), dict(levels)
        for name, rate, doses, steady in channels:
            decay = scalars.exp(-rate * (days / 2.0))
            first[name] = levels[name] + doses[step]
            middle[name] = exposure_after(first[name], steady[step], decay)
            end[name] = exposure_after(middle[name], steady[step], decay)
        before, levels = state, end
        if batch.fresh[step]:
            forcing = model.forcing(scalars, start_age + after_start[step] / DAYS_PER_YEAR, first, parameters)
        end_age = age + ends[step] / DAYS_PER_YEAR - before_end[step] / DAYS_PER_YEAR
        stages = Stages(
            forcing,
            model.forcing(scalars, start_age + days / 2.0 / DAYS_PER_YEAR, middle, parameters),
            model.forcing(scalars, end_age, end, parameters),
        )
        state, rate_before = rk4_through(model, scalars, before, days=days, stages=stages, parameters=parameters)
        forcing = stages.last
        if step not in readings:
            continue
        rate_after = model.derivatives(scalars, state, stages.last, parameters)
        for output, theta in readings[step]:
            at = hermite(theta, days, (before, rate_before), (state, rate_after))
            here = dict(first)
            for name, rate, _, steady in channels:
                here[name] = exposure_after(first[name], steady[step], scalars.exp(-rate * (theta * days)))
            instant = model.forcing(scalars, start_age + theta * days / DAYS_PER_YEAR, here, parameters)
            found[:, output] = model.observe(scalars, observe, at, instant, parameters)
    return state, kept


def _own(value: Any, person: int) -> float:
    """One person's value of a quantity that is a scalar or has one entry a person."""
    return float(value) if np.ndim(value) == 0 else float(value[person])


def _series(array: Any, person: int) -> list[Any]:
    """One person's values over the steps (or output times)."""
    own: list[Any] = (array if array.ndim == 1 else array[:, person]).tolist()
    return own
