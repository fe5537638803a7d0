"""One step of the classical fourth-order Runge-Kutta method, with exact exposures, and interpolation inside it.

Written on tuples of components, so it runs on Python floats, NumPy arrays and JAX arrays alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from osteon.twin.engine.model import DAYS_PER_YEAR, Array, Model, Parameters

INSIDE_DAYS = 1e-6
"""Where a forcing may jump at a step's end, it is evaluated this far (0.09 s) inside, on the step's own side."""

State = tuple[Array, ...]


class Stages(NamedTuple):
    """The forcing at the start, the middle and the end of a step."""

    first: Any
    middle: Any
    last: Any


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
    half, inside = days / 2.0, INSIDE_DAYS / DAYS_PER_YEAR
    stages = Stages(
        model.forcing(xp, start_age + inside, exposure.start, parameters),
        model.forcing(xp, start_age + half / DAYS_PER_YEAR, exposure.middle, parameters),
        model.forcing(xp, start_age + (days / DAYS_PER_YEAR - inside), exposure.end, parameters),
    )
    return rk4_through(model, xp, state, days=days, stages=stages, parameters=parameters)


def rk4_through(
    model: Model, xp: Any, state: State, *, days: Array, stages: Stages, parameters: Parameters
) -> tuple[State, State]:
    """The same from forcings that are known; a step that begins where another ended need not ask for them again."""
    half = days / 2.0
    k1 = model.derivatives(xp, state, stages.first, parameters)
    k2 = model.derivatives(xp, advance(state, half, k1), stages.middle, parameters)
    k3 = model.derivatives(xp, advance(state, half, k2), stages.middle, parameters)
    k4 = model.derivatives(xp, advance(state, days, k3), stages.last, parameters)
    return weighted(state, days, (k1, k2, k3, k4)), k1


def weighted(state: State, days: Array, rates: tuple[State, State, State, State]) -> State:
    """The state after a step from the rates of its four stages."""
    sixth = days / 6.0
    return tuple(y + sixth * ((a + d) + 2.0 * (b + c)) for y, a, b, c, d in zip(state, *rates, strict=True))


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
