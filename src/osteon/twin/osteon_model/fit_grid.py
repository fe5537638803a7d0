"""The arms of the calibration on a fixed grid, for many sets of parameters side by side.

Arrays are ``(P, A)``: a row for each set of parameters, a column for each arm. A parameter that differs between the
sets is ``(P, 1)``, one that does not is a number, so work that no parameter touches is done once. That makes a Jacobian
by differences as cheap as a few runs, with nothing to compile.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.twin.engine.model import DAYS_PER_YEAR, EffectCompartment
from osteon.twin.engine.regimen import Bolus, Infusion, Regimen
from osteon.twin.osteon_model.history import START_AGE_YEARS, peak_state
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.parameters import TRAITS
from osteon.twin.osteon_model.sites import OBSERVABLES

Floats = NDArray[np.float64]

STEP_DAYS = 5.0
HISTORY_STEP_DAYS = 20.0

Reading = tuple[int, str, float]
"""Which arm (or column), which observable, and the day (or the age in years)."""


@dataclass(frozen=True)
class GridArm:
    """One person under one regimen."""

    age: float
    traits: Mapping[str, float]
    regimen: Regimen

    @property
    def own_traits(self) -> dict[str, float]:
        """The traits that are not the usual ones."""
        return {name: value for name, value in self.traits.items() if value != TRAITS[name]}

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for arms that run alike."""
        return self.age, tuple(sorted(self.own_traits.items())), self.regimen.courses


def step_of(day: float) -> int:
    """The grid point nearest to a day."""
    return math.floor(day / STEP_DAYS + 0.5)


class GridHistory:
    """Natural histories of the columns from 20 to ``oldest``, kept at every step.

    ``states`` is ``(steps, states, P, columns)``.
    """

    def __init__(
        self, model: OsteonModel, p: Mapping[str, Any], columns: Sequence[Mapping[str, float]], oldest: float
    ) -> None:
        self.model, self.columns = model, columns
        self.p = {**p, **{name: np.array([c.get(name, usual) for c in columns]) for name, usual in TRAITS.items()}}
        self.none = dict.fromkeys(model.channels(self.p), 0.0)
        self.sets = max((np.shape(value)[0] for value in p.values() if np.ndim(value) == 2), default=1)
        count = math.ceil((oldest - START_AGE_YEARS) * DAYS_PER_YEAR / HISTORY_STEP_DAYS) + 1
        shape = (self.sets, len(columns))
        state = tuple(np.broadcast_to(np.asarray(part, dtype=float), shape) for part in peak_state(self.p))
        self.states = np.empty((count + 1, len(state), *shape))
        self.states[0] = state
        years = HISTORY_STEP_DAYS / DAYS_PER_YEAR
        first = self._forcing(START_AGE_YEARS)
        for step in range(count):
            age = START_AGE_YEARS + step * years
            middle, end = self._forcing(age + 0.5 * years), self._forcing(age + years)
            state = _rk4(model, state, (first, middle, end), days=HISTORY_STEP_DAYS, p=self.p)
            self.states[step + 1], first = state, end

    def _forcing(self, age: float) -> Any:
        return self.model.forcing(np, age, self.none, self.p)

    def _place(self, age: float) -> tuple[int, float]:
        at = (age - START_AGE_YEARS) * DAYS_PER_YEAR / HISTORY_STEP_DAYS
        low = min(int(at), len(self.states) - 2)
        return low, at - low

    def state(self, column: int, age: float) -> Floats:
        """The state of one column at an age, between grid points linearly, ``(states, P)``."""
        low, part = self._place(age)
        between = self.states[low, :, :, column] * (1.0 - part) + self.states[low + 1, :, :, column] * part
        return np.asarray(between, dtype=np.float64)

    def read_many(self, points: Sequence[Reading]) -> Floats:
        """Observables of columns at ages, ``(points, P)``."""
        column = np.array([one for one, _, _ in points])
        age = np.array([one for _, _, one in points])
        state = np.stack([self.state(one, at) for one, _, at in points], axis=-1)
        p = {name: value[..., column] if name in TRAITS else value for name, value in self.p.items()}
        forcing = self.model.forcing(np, age, self.none, p)
        names = tuple(dict.fromkeys(name for _, name, _ in points))
        values = self.model.observe(np, names, tuple(state), forcing, p)
        found = np.empty((len(points), self.sets))
        for place, (_, name, _) in enumerate(points):
            found[place] = np.broadcast_to(values[names.index(name)], (self.sets, len(points)))[:, place]
        return found


def run_arms(
    model: OsteonModel, p: Mapping[str, Any], arms: Sequence[GridArm], past: GridHistory, wanted: Sequence[Reading]
) -> Floats:
    """Run arms together and read what is wanted.

    Parameters
    ----------
    model, p
        The model and its parameters, numbers or ``(P, 1)``.
    arms
        ``A`` arms; all run as long as the longest needs.
    past
        Where they begin.
    wanted
        Readings on days, before any dose of the day; at day 0 before treatment.

    Returns
    -------
    ``(wanted, P)``.
    """
    shape = (past.sets, len(arms))
    q = {**p, **{name: np.array([arm.traits.get(name, usual) for arm in arms]) for name, usual in TRAITS.items()}}
    ages = np.array([arm.age for arm in arms])
    columns = [past.columns.index(arm.own_traits) for arm in arms]
    state: Any = tuple(
        np.stack([past.state(column, arm.age) for column, arm in zip(columns, arms, strict=True)], axis=-1)
    )
    due, found = _due(wanted), np.empty((len(wanted), past.sets))
    count = max(due, default=-1) + 1
    doses = _Doses(arms, model.channels(q), count)
    level = doses.nothing(len(arms))

    def forcing(step: int, part: float, at: Mapping[str, Any]) -> Any:
        return model.forcing(np, ages + (step + part) * STEP_DAYS / DAYS_PER_YEAR, {**doses.dead, **at}, q)

    before = model.observe(np, OBSERVABLES, state, forcing(0, 0.0, level), q)
    for place, (arm, name, day) in enumerate(wanted):
        if day <= 0.0:
            found[place] = np.broadcast_to(before[OBSERVABLES.index(name)], shape)[:, arm]
    for step in range(count):
        full, half, end = doses.move(step, level)
        stages = (forcing(step, 0.0, full), forcing(step, 0.5, half), forcing(step, 1.0, end))
        moved = _rk4(model, state, stages, days=STEP_DAYS, p=q)
        if step in due:
            names = tuple(dict.fromkeys(wanted[place][1] for place, _ in due[step]))
            early = model.observe(np, names, state, stages[0], q)
            late = model.observe(np, names, moved, stages[2], q)
            for place, part in due[step]:
                arm, name, _ = wanted[place]
                left, right = (np.broadcast_to(one[names.index(name)], shape)[:, arm] for one in (early, late))
                found[place] = left * (1.0 - part) + right * part
        state, level = moved, end
    return found


def _due(wanted: Sequence[Reading]) -> dict[int, list[tuple[int, float]]]:
    """Readings by the step in which they fall, with the part of the step that has passed."""
    found: dict[int, list[tuple[int, float]]] = {}
    for place, (_, _, day) in enumerate(wanted):
        if day > 0.0:
            step = max(math.ceil(day / STEP_DAYS - 1e-6) - 1, 0)
            found.setdefault(step, []).append((place, day / STEP_DAYS - step))
    return found


class _Doses:
    """Dose tables of a group, and the levels of the compartments that they fill."""

    def __init__(self, arms: Sequence[GridArm], channels: Mapping[str, EffectCompartment], count: int) -> None:
        drugs = sorted({drug for arm in arms for drug in arm.regimen.drugs})
        self.live = {name: (one, drugs.index(one.drug)) for name, one in channels.items() if one.drug in drugs}
        self.dead = {name: 0.0 for name in channels if name not in self.live}
        self.decay = {
            name: tuple(np.exp(-one.elimination_per_day * part * STEP_DAYS) for part in (0.5, 1.0))
            for name, (one, _) in self.live.items()
        }
        self.dose, self.rate = np.zeros((count, len(drugs), len(arms))), np.zeros((count, len(drugs), len(arms)))
        for place, arm in enumerate(arms):
            for course in arm.regimen.courses:
                row = drugs.index(course.drug)
                if isinstance(course, Bolus):
                    for day in course.days(count * STEP_DAYS):
                        if (step := step_of(day)) < count:
                            self.dose[step, row, place] += course.amount
                elif isinstance(course, Infusion):
                    last = count if math.isinf(course.end_day) else min(step_of(course.end_day), count)
                    self.rate[step_of(course.start_day) : last, row, place] += course.amount_per_day

    def nothing(self, arms: int) -> dict[str, Any]:
        """Empty compartments."""
        return {name: np.zeros((1, arms)) for name in self.live}

    def move(self, step: int, level: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """The levels just after the doses of a step, in its middle and at its end."""
        full, half, end = {}, {}, {}
        for name, (one, row) in self.live.items():
            given = level[name] + one.effect_per_unit * self.dose[step, row]
            steady = one.effect_per_unit / one.elimination_per_day * self.rate[step, row]
            full[name] = given
            half[name], end[name] = (steady + (given - steady) * decay for decay in self.decay[name])
        return full, half, end


def _rk4(model: OsteonModel, state: Any, stages: Any, *, days: float, p: Mapping[str, Any]) -> Any:
    """One Runge-Kutta step from the forcing at its start, middle and end."""

    def rates(at: Any, forcing: Any) -> Any:
        return model.derivatives(np, at, forcing, p)

    def moved(rate: Any, by: float) -> Any:
        return tuple(x + by * r for x, r in zip(state, rate, strict=True))

    first = rates(state, stages[0])
    second = rates(moved(first, 0.5 * days), stages[1])
    third = rates(moved(second, 0.5 * days), stages[1])
    fourth = rates(moved(third, days), stages[2])
    return tuple(
        x + days / 6.0 * (a + 2.0 * (b + c) + d)
        for x, a, b, c, d in zip(state, first, second, third, fourth, strict=True)
    )
