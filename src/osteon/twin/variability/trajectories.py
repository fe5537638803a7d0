"""Untreated lives from 20 to 100, kept every half year: the library from which people of any age are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.twin.engine.model import DAYS_PER_YEAR, Array
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.history import peak_state

Floats = NDArray[np.float64]

FIRST_YEARS, LAST_YEARS = 20.0, 100.0
KEPT_EVERY_YEARS = 0.5
STEPS_PER_KEPT = 13

OBSERVED = ("bmd_lumbar_spine", "bmd_total_hip", "bmd_femoral_neck", "ctx", "p1np")
"""The sites in the order of the model's ``SITES``, then the markers."""


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Untreated lives of ``n`` people at ``A`` ages.

    Attributes
    ----------
    states
        ``(A, S, n)``.
    logs
        Logarithm of each of :data:`OBSERVED` relative to 20 (see the bone model), ``(A, 5, n)``.
    """

    states: Floats
    logs: Floats

    def states_at(self, age_years: float) -> Floats:
        """The states at an age, ``(S, n)``, by cubic interpolation."""
        return _between(self.states, age_years)

    def logs_at(self, age_years: float) -> Floats:
        """The logarithms at an age, ``(5, n)``, by cubic interpolation."""
        return _between(self.logs, age_years)


def _between(kept: Floats, age_years: float) -> Floats:
    position = (age_years - FIRST_YEARS) / KEPT_EVERY_YEARS
    last = len(kept) - 1
    left = int(np.clip(np.floor(position), 0, last - 1))
    if position == left:
        return np.asarray(kept[left])
    first = int(np.clip(left - 1, 0, max(last - 3, 0)))
    nodes = range(first, min(first + 4, last + 1))
    found = np.zeros_like(kept[0])
    for i in nodes:
        weight = 1.0
        for j in nodes:
            if i != j:
                weight *= (position - j) / (i - j)
        found += weight * kept[i]
    return np.asarray(found)


def untreated_lives(parameters: Mapping[str, Any], people: int, last_years: float = LAST_YEARS) -> Trajectories:
    """Run untreated lives from 20 on, by the classical Runge-Kutta method with steps of about two weeks.

    Parameters
    ----------
    parameters
        Overrides of the bone model's parameters, numbers or ``(n,)``.
    people
        ``n``.
    last_years
        The age up to which to run; the next half year is the last that is kept.
    """
    model = OsteonModel()
    p = {**model.parameters, **parameters}
    none = dict.fromkeys(model.channels(p), 0.0)
    count = int(np.ceil((last_years - FIRST_YEARS) / KEPT_EVERY_YEARS - 1e-9)) + 1
    years = KEPT_EVERY_YEARS / STEPS_PER_KEPT
    days = years * DAYS_PER_YEAR
    state = tuple(part + np.zeros(people) for part in peak_state(p))
    forcing = model.forcing(np, FIRST_YEARS, none, p)
    states, logs = np.empty((count, len(state), people)), np.empty((count, len(OBSERVED), people))
    for kept in range(count):
        states[kept] = state
        logs[kept] = np.log([part + np.zeros(people) for part in model.observe(np, OBSERVED, state, forcing, p)])
        if kept == count - 1:
            break
        for step in range(STEPS_PER_KEPT):
            age = FIRST_YEARS + (kept * STEPS_PER_KEPT + step) * years
            middle = model.forcing(np, age + 0.5 * years, none, p)
            end = model.forcing(np, age + years, none, p)
            first = model.derivatives(np, state, forcing, p)
            second = model.derivatives(np, _moved(state, first, 0.5 * days), middle, p)
            third = model.derivatives(np, _moved(state, second, 0.5 * days), middle, p)
            fourth = model.derivatives(np, _moved(state, third, days), end, p)
            state = tuple(
                x + days / 6.0 * (a + 2.0 * (b + c) + d)
                for x, a, b, c, d in zip(state, first, second, third, fourth, strict=True)
            )
            forcing = end
    return Trajectories(states, logs)


def _moved(state: tuple[Array, ...], rate: tuple[Array, ...], days: float) -> tuple[Array, ...]:
    return tuple(x + days * r for x, r in zip(state, rate, strict=True))
