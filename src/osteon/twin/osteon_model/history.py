"""The natural history: from peak bone mass at 20 to the person's age, without treatment.

The cells settle within weeks and bone within decades, so steps of about two weeks are exact enough. Traits that hold
through adult life (smoking, sex, menopause) act throughout; what a channel switches on acts from the first day of the
simulation only.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from osteon.errors import ModelError
from osteon.twin.engine import scalars
from osteon.twin.engine.model import DAYS_PER_YEAR, Array, Parameters
from osteon.twin.osteon_model import bone
from osteon.twin.osteon_model.sites import CELL_STATES, COMPARTMENTS, SITES, STATE_NAMES

if TYPE_CHECKING:
    from osteon.twin.osteon_model.model import OsteonModel

START_AGE_YEARS = 20.0
"""Age at peak bone mass, where every simulation begins."""

YOUNGEST_YEARS, OLDEST_YEARS = 20.0, 100.0

LONGEST_STEP_DAYS = 15.0

FEW_PEOPLE = 6
"""Up to so many different people, plain floats are quicker than arrays."""


def peak_state(parameters: Parameters) -> tuple[Array, ...]:
    """The healthy steady state at 20."""
    state: list[Array] = [1.0] * len(CELL_STATES)
    for site in SITES:
        for compartment in COMPARTMENTS:
            young = bone.young_share(site, compartment, parameters)
            state += [young, 1.0 - young]
    return tuple(state)


def untreated_states(model: OsteonModel, age_years: Array, parameters: Parameters) -> Array:
    """The untreated state at each age.

    Parameters
    ----------
    model
        The bone model.
    age_years
        ``(n,)``.
    parameters
        Scalars or ``(n,)``.

    Returns
    -------
    ``(S, n)``.

    Raises
    ------
    ModelError
        An age lies outside 20 to 100 years.
    """
    ages = np.atleast_1d(np.asarray(age_years, dtype=np.float64))
    if ages.size and not (np.all(ages >= YOUNGEST_YEARS) and np.all(ages <= OLDEST_YEARS)):
        odd = ages[~((ages >= YOUNGEST_YEARS) & (ages <= OLDEST_YEARS))][0]
        raise ModelError(
            f"the bone model covers adults of {YOUNGEST_YEARS:g} to {OLDEST_YEARS:g} years, not {odd:g}",
            mend="Choose another age",
        )
    varying = {name: value for name, value in parameters.items() if np.ndim(value) > 0 and np.size(value) > 1}
    columns = np.vstack([ages, *(np.broadcast_to(value, ages.shape) for value in varying.values())])
    different, where = np.unique(columns, axis=1, return_inverse=True)
    where = np.ravel(where)
    rest = {name: float(np.ravel(value)[0]) for name, value in parameters.items() if name not in varying}
    if different.shape[1] <= FEW_PEOPLE:
        each = [
            _run(model, float(column[0]), {**rest, **dict(zip(varying, map(float, column[1:]), strict=True))}, scalars)
            for column in different.T
        ]
        found = np.array(each, dtype=np.float64).T
    else:
        own = {**rest, **dict(zip(varying, different[1:], strict=True))}
        found = np.array(
            [np.broadcast_to(part, different[0].shape) for part in _run(model, different[0], own, np)],
            dtype=np.float64,
        )
    if len(found) != len(STATE_NAMES):
        raise AssertionError("the natural history lost a state")
    return found[:, where]


def _run(model: OsteonModel, age: Array, p: Parameters, xp: Any) -> tuple[Array, ...]:
    """Runge-Kutta from 20 to each age, in steps of fixed length and a last shorter one.

    Whoever has arrived takes steps of no length, so that nobody's state depends on the others in the batch.
    """
    span = (age - START_AGE_YEARS) * DAYS_PER_YEAR
    count = math.ceil(float(np.max(span)) / LONGEST_STEP_DAYS)
    none = dict.fromkeys(model.channels(p), 0.0)
    state = tuple(part + 0.0 * age for part in peak_state(p))
    forcing = model.forcing(xp, START_AGE_YEARS + 0.0 * age, none, p)
    for step in range(count):
        begin = xp.minimum(span, step * LONGEST_STEP_DAYS)
        days = xp.minimum(span - begin, LONGEST_STEP_DAYS)
        start = START_AGE_YEARS + begin / DAYS_PER_YEAR
        middle = model.forcing(xp, start + 0.5 * days / DAYS_PER_YEAR, none, p)
        end = model.forcing(xp, start + days / DAYS_PER_YEAR, none, p)
        first = model.derivatives(xp, state, forcing, p)
        second = model.derivatives(xp, _moved(state, first, 0.5 * days), middle, p)
        third = model.derivatives(xp, _moved(state, second, 0.5 * days), middle, p)
        fourth = model.derivatives(xp, _moved(state, third, days), end, p)
        state = tuple(
            x + days / 6.0 * (a + 2.0 * b + 2.0 * c + d)
            for x, a, b, c, d in zip(state, first, second, third, fourth, strict=True)
        )
        forcing = end
    return state


def _moved(state: tuple[Array, ...], rate: tuple[Array, ...], days: Array) -> tuple[Array, ...]:
    return tuple(x + days * r for x, r in zip(state, rate, strict=True))
