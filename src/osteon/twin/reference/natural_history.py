"""Untreated women at any age: where every simulation of the reference model begins.

Up to the onset of the decline of oestrogen the solution is exact. From there on the trajectory with the published
parameters is integrated once, kept, and read by interpolation; with other parameters each person's own trajectory is
integrated, all people together.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from osteon.errors import ModelError
from osteon.twin.engine import scalars
from osteon.twin.engine.model import DAYS_PER_YEAR, Array, Parameters
from osteon.twin.engine.rk4 import Exposure, hermite, rk4_step

if TYPE_CHECKING:
    from osteon.twin.engine.simulation import Floats
    from osteon.twin.reference.joerg2022 import Joerg2022

OLDEST_YEARS = 121.0
"""The trajectory is kept up to this age."""

FIRST_STEP_DAYS, STEP_GROWTH, LAST_STEP_DAYS = 4.0, 0.01, 15.0
"""Steps after the onset of the decline: short while the cells respond to it, then longer."""


def step_ends(years: float) -> Floats:
    """Ends of the steps in days after the onset of the decline, up to at least ``years``."""
    ends = [0.0]
    while ends[-1] < years * DAYS_PER_YEAR:
        ends.append(ends[-1] + min(FIRST_STEP_DAYS + STEP_GROWTH * ends[-1], LAST_STEP_DAYS))
    return np.asarray(ends)


@cache
def _kept_trajectory(model: Joerg2022) -> tuple[Floats, Floats, Floats]:
    """With the published parameters: days after the onset ``(K,)``, states and rates of change ``(9, K)``."""
    from osteon.twin.reference.joerg2022 import premenopausal_state

    parameters = dict(model.parameters)
    onset = parameters["a_e"]
    untreated = dict.fromkeys(model.channels(parameters), 0.0)
    exposure = Exposure(untreated, untreated, untreated)
    ends = step_ends(OLDEST_YEARS - onset)
    state = premenopausal_state(onset, parameters)
    states, rates = [], []
    for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        age = onset + begin / DAYS_PER_YEAR
        after, rate = rk4_step(
            model, scalars, state, start_age=age, days=end - begin, exposure=exposure, parameters=parameters
        )
        states.append(state)
        rates.append(rate)
        state = after
    return ends[:-1], np.asarray(states).T, np.asarray(rates).T


def untreated_state(model: Joerg2022, age_years: Floats, parameters: Parameters) -> Floats:
    """The untreated state at the given ages, shape ``(9, n)``.

    Raises
    ------
    ModelError
        An age is below 0 or above the age up to which the trajectory is kept.
    """
    from osteon.twin.reference.joerg2022 import premenopausal_state

    outside = (age_years < 0.0) | (age_years > OLDEST_YEARS - 1.0)
    if np.any(outside):
        raise ModelError(
            f"the reference model has no untreated state at age {float(age_years[outside][0]):g}",
            mend=f"Give an age from 0 to {OLDEST_YEARS - 1.0:g}",
        )
    onset = parameters["a_e"]
    early = premenopausal_state(np.minimum(age_years, onset), parameters)
    state = np.stack([np.broadcast_to(part, age_years.shape) for part in early])
    days = np.maximum(age_years - onset, 0.0) * DAYS_PER_YEAR
    late = days > 0.0
    if not np.any(late):
        return state
    published = model.parameters
    if all(value is published[name] or np.all(value == published[name]) for name, value in parameters.items()):
        state[:, late] = _read_kept(model, days[late])
        return state
    own = {name: value if np.ndim(value) == 0 else value[late] for name, value in parameters.items()}
    state[:, late] = _integrate(model, state[:, late], days[late], own)
    return state


def _read_kept(model: Joerg2022, days: Floats) -> Floats:
    begins, states, rates = _kept_trajectory(model)
    left = np.searchsorted(begins, days, side="right") - 1
    length = begins[left + 1] - begins[left]
    theta = (days - begins[left]) / length
    before = tuple(states[:, left]), tuple(rates[:, left])
    after = tuple(states[:, left + 1]), tuple(rates[:, left + 1])
    return np.stack(hermite(theta, length, before, after))


def _integrate(model: Joerg2022, state: Floats, days: Floats, parameters: Parameters) -> Floats:
    """Each person's own trajectory from the onset, read inside the step in which their age falls."""
    untreated = dict.fromkeys(model.channels(parameters), 0.0)
    exposure = Exposure(untreated, untreated, untreated)
    found = np.full_like(state, np.nan)
    now: tuple[Array, ...] = tuple(state)
    with np.errstate(all="ignore"):
        for begin, end in pairwise(step_ends(float(days.max()) / DAYS_PER_YEAR)):
            length = end - begin
            age = parameters["a_e"] + begin / DAYS_PER_YEAR
            after, rate = rk4_step(model, np, now, start_age=age, days=length, exposure=exposure, parameters=parameters)
            inside = (begin < days) & (days <= end)
            if np.any(inside):
                forcing = model.forcing(np, age + length / DAYS_PER_YEAR, untreated, parameters)
                rate_after = model.derivatives(np, after, forcing, parameters)
                theta = np.where(inside, (days - begin) / length, 0.0)
                read = hermite(theta, length, (now, rate), (after, rate_after))
                found[:, inside] = np.stack(read)[:, inside]
            now = after
    return found
