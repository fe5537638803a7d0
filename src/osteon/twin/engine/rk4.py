"""One step of the classical fourth-order Runge-Kutta method, with exact exposures, and interpolation inside it.

Written on tuples of components, so it runs on Python floats, NumPy arrays and JAX arrays alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from osteon.twin.engine.model import DAYS_PER_YEAR, Array, Model, Parameters

INSIDE_DAYS = 1e-6
"""Forcings are evaluated this far (0.09 s) inside a step's ends, on the step's own side of a jump at its boundary."""

State = tuple[Array, ...]


class Exposure(NamedTuple):
    """The levels of the channels at the start, the middle and the end of a step, by channel name."""

    start: Mapping[str, Array]
    middle: Mapping[str, Array]
    end: Mapping[str, Array]


def exposure_after(level: Array, steady: Array, decay: Array) -> Array:
    """The exact level of a first-order channel after a while.

    ``dx/dt = rate - k x`` has the solution ``steady + (x0 - steady) exp(-k t)`` with ``steady = rate / k``.

    Parameters
    ----------
    level
        ``x0``.
    steady
        ``rate / k``, zero without continuous dosing.
    decay
        ``exp(-k t)``.
    """
    return steady + (level - steady) * decay


def rk4_step(
    model: Model,
    xp: Any,
    state: State,
    *,
    start_age: Array,
    days: Array,
    exposure: Exposure,
    parameters: Parameters,
) -> tuple[State, State]:
    """Advance the state by ``days``; also returns the rate of change at the start, for interpolation."""
    half = days / 2.0
    inside = INSIDE_DAYS / DAYS_PER_YEAR
    first = model.forcing(xp, start_age + inside, exposure.start, parameters)
    middle = model.forcing(xp, start_age + half / DAYS_PER_YEAR, exposure.middle, parameters)
    last = model.forcing(xp, start_age + (days / DAYS_PER_YEAR - inside), exposure.end, parameters)
    k1 = model.derivatives(xp, state, first, parameters)
    k2 = model.derivatives(xp, advance(state, half, k1), middle, parameters)
    k3 = model.derivatives(xp, advance(state, half, k2), middle, parameters)
    k4 = model.derivatives(xp, advance(state, days, k3), last, parameters)
    sixth = days / 6.0
    after = tuple(y + sixth * ((a + d) + 2.0 * (b + c)) for y, a, b, c, d in zip(state, k1, k2, k3, k4, strict=True))
    return after, k1


def advance(state: State, days: Array, rate: State) -> State:
    """``state + days * rate``, component by component."""
    return tuple(y + days * slope for y, slope in zip(state, rate, strict=True))


def hermite(theta: Array, days: Array, before: tuple[State, State], after: tuple[State, State]) -> State:
    """The state inside a step, by cubic Hermite interpolation (error of fourth order).

    Parameters
    ----------
    theta
        Where in the step, 0 to 1.
    days
        Length of the step.
    before, after
        The state and its rate of change at the two ends.
    """
    rest = 1.0 - theta
    a, b = (1.0 + 2.0 * theta) * rest * rest, theta * theta * (3.0 - 2.0 * theta)
    c, d = theta * rest * rest * days, -theta * theta * rest * days
    return tuple(a * y0 + b * y1 + (c * f0 + d * f1) for y0, f0, y1, f1 in zip(*before, *after, strict=True))
