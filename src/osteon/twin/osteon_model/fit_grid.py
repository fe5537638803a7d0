"""The arms of the calibration on a fixed grid, differentiable in the parameters (JAX)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from osteon.twin.engine.model import DAYS_PER_YEAR
from osteon.twin.engine.regimen import Bolus, Infusion, Regimen
from osteon.twin.osteon_model.history import OLDEST_YEARS, START_AGE_YEARS, peak_state
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.parameters import TRAITS
from osteon.twin.osteon_model.sites import OBSERVABLES

STEP_DAYS = 5.0
HISTORY_STEP_DAYS = 20.0


@dataclass(frozen=True)
class GridArm:
    """One person under one regimen, followed for so many days."""

    age: float
    traits: Mapping[str, float]
    regimen: Regimen
    until: float


def step_of(day: float) -> int:
    """The grid point nearest to a day."""
    return math.floor(day / STEP_DAYS + 0.5)


class GridHistory:
    """Natural histories of the columns from 20 to 100, and what they say about untreated loss."""

    def __init__(self, model: OsteonModel, p: Mapping[str, Any], columns: Sequence[Mapping[str, float]]) -> None:
        import jax.numpy as jnp
        from jax import lax

        self.model, self.columns = model, columns
        self.p = {**p, **{name: jnp.array([c.get(name, usual) for c in columns]) for name, usual in TRAITS.items()}}
        none = dict.fromkeys(model.channels(self.p), 0.0)
        count = int((OLDEST_YEARS - START_AGE_YEARS) * DAYS_PER_YEAR / HISTORY_STEP_DAYS)
        years = HISTORY_STEP_DAYS / DAYS_PER_YEAR
        q, self.none = self.p, none

        def step(state: Any, index: Any) -> Any:
            age = START_AGE_YEARS + index * years
            first, middle, end = (model.forcing(jnp, age + part * years, none, q) for part in (0.0, 0.5, 1.0))
            return _rk4(model, state, (first, middle, end), days=HISTORY_STEP_DAYS, p=q), state

        start = tuple(jnp.broadcast_to(jnp.asarray(part, dtype=float), (len(columns),)) for part in peak_state(q))
        _, states = lax.scan(step, start, jnp.arange(count + 1.0))
        self.states = jnp.stack(states, axis=1)
        self.start = START_AGE_YEARS

    def state(self, column: int, age: float) -> Any:
        """The state of one column at an age, between grid points linearly."""
        at = (age - self.start) * DAYS_PER_YEAR / HISTORY_STEP_DAYS
        low = min(int(at), self.states.shape[0] - 2)
        return self.states[low, :, column] * (1.0 - (at - low)) + self.states[low + 1, :, column] * (at - low)

    def read_many(self, points: Sequence[tuple[int, str, float]]) -> Any:
        """Observables of columns at ages, ``(points,)``."""
        import jax.numpy as jnp

        column = np.array([one for one, _, _ in points])
        age = np.array([one for _, _, one in points])
        at = (age - self.start) * DAYS_PER_YEAR / HISTORY_STEP_DAYS
        low = np.minimum(at.astype(int), self.states.shape[0] - 2)
        part = (at - low)[:, None]
        state = self.states[low, :, column] * (1.0 - part) + self.states[low + 1, :, column] * part
        p = {name: one[column] if name in TRAITS else one for name, one in self.p.items()}
        forcing = self.model.forcing(jnp, jnp.asarray(age), self.none, p)
        names = tuple(dict.fromkeys(name for _, name, _ in points))
        values = self.model.observe(jnp, names, tuple(state.T), forcing, p)
        row = np.array([names.index(name) for _, name, _ in points])
        return jnp.stack([jnp.broadcast_to(one, age.shape) for one in values])[row, np.arange(len(points))]


class GridRun:
    """A group of arms on the five-day grid."""

    def __init__(self, model: OsteonModel, p: Mapping[str, Any], arms: Sequence[GridArm], past: GridHistory) -> None:
        import jax.numpy as jnp
        from jax import lax

        count = math.ceil(max(arm.until for arm in arms) / STEP_DAYS) + 1
        traits = {name: np.array([arm.traits.get(name, usual) for arm in arms]) for name, usual in TRAITS.items()}
        q = {**p, **{name: jnp.asarray(one) for name, one in traits.items()}}
        ages = jnp.array([arm.age for arm in arms])
        drugs = sorted({drug for arm in arms for drug in arm.regimen.drugs})
        dose, rate = _dose_tables(arms, drugs, count)
        live = {name: one for name, one in model.channels(q).items() if one.drug in drugs}
        dead = {name: 0.0 for name in model.channels(q) if name not in live}
        self.observables = {name: number for number, name in enumerate(OBSERVABLES)}

        def read(state: Any, forcing: Any) -> Any:
            values = model.observe(jnp, OBSERVABLES, state, forcing, q)
            return jnp.stack([jnp.broadcast_to(one, ages.shape) for one in values])

        def step(carry: Any, x: Any) -> Any:
            state, level = carry
            doses, rates, index = x
            full = {n: level[n] + c.effect_per_unit * doses[drugs.index(c.drug)] for n, c in live.items()}

            def after(days: float) -> dict[str, Any]:
                moved = {}
                for n, c in live.items():
                    k, inflow = c.elimination_per_day, c.effect_per_unit * rates[drugs.index(c.drug)]
                    moved[n] = full[n] * jnp.exp(-k * days) - inflow / k * jnp.expm1(-k * days)
                return moved

            half, end = after(0.5 * STEP_DAYS), after(STEP_DAYS)
            age = ages + index * STEP_DAYS / DAYS_PER_YEAR
            stages = tuple(
                model.forcing(jnp, age + part * STEP_DAYS / DAYS_PER_YEAR, {**dead, **at}, q)
                for part, at in ((0.0, full), (0.5, half), (1.0, end))
            )
            moved = _rk4(model, state, stages, days=STEP_DAYS, p=q)
            return (moved, end), (read(state, stages[0]), read(moved, stages[2]))

        columns = [past.columns.index({n: v for n, v in arm.traits.items() if v != TRAITS[n]}) for arm in arms]
        initial = jnp.stack([past.state(column, arm.age) for column, arm in zip(columns, arms, strict=True)], axis=1)
        state = tuple(initial)
        zero = dict.fromkeys(live, jnp.zeros(len(arms)))
        _, (self.before, self.after) = lax.scan(
            step, (state, zero), (jnp.asarray(dose), jnp.asarray(rate), jnp.arange(float(count)))
        )
        self.start = read(state, model.forcing(jnp, ages, {**dead, **zero}, q))

    def read_many(self, wanted: Sequence[tuple[int, str, float]]) -> Any:
        """Observables of arms on days, before any dose of the day; at day 0 before treatment. ``(wanted,)``."""
        import jax.numpy as jnp

        place = np.array([one for one, _, _ in wanted])
        row = np.array([self.observables[name] for _, name, _ in wanted])
        day = np.array([one for _, _, one in wanted])
        step = np.maximum(np.ceil(day / STEP_DAYS - 1e-6).astype(int) - 1, 0)
        part = day / STEP_DAYS - step
        later = self.before[step, row, place] * (1.0 - part) + self.after[step, row, place] * part
        return jnp.where(day <= 0.0, self.start[row, place], later)


def _dose_tables(arms: Sequence[GridArm], drugs: Sequence[str], count: int) -> tuple[Any, Any]:
    dose, rate = np.zeros((count, len(drugs), len(arms))), np.zeros((count, len(drugs), len(arms)))
    for place, arm in enumerate(arms):
        for course in arm.regimen.courses:
            row = drugs.index(course.drug)
            if isinstance(course, Bolus):
                for day in course.days(count * STEP_DAYS):
                    step = step_of(day)
                    if step < count:
                        dose[step, row, place] += course.amount
            elif isinstance(course, Infusion):
                last = count if math.isinf(course.end_day) else min(step_of(course.end_day), count)
                rate[step_of(course.start_day) : last, row, place] += course.amount_per_day
    return dose, rate


def _rk4(model: OsteonModel, state: Any, stages: Any, *, days: float, p: Mapping[str, Any]) -> Any:
    """One Runge-Kutta step from the forcing at its start, middle and end."""
    import jax.numpy as jnp

    def rates(at: Any, forcing: Any) -> Any:
        return model.derivatives(jnp, at, forcing, p)

    def moved(rate: Any, by: float) -> Any:
        return tuple(x + by * r for x, r in zip(state, rate, strict=True))

    first = rates(state, stages[0])
    second = rates(moved(first, 0.5 * days), stages[1])
    third = rates(moved(second, 0.5 * days), stages[1])
    fourth = rates(moved(third, days), stages[2])
    return tuple(
        x + days / 6.0 * (a + 2.0 * b + 2.0 * c + d)
        for x, a, b, c, d in zip(state, first, second, third, fourth, strict=True)
    )
