"""The calibration as a least-squares problem: residuals as a differentiable function of the fitted parameters.

All arms run together through the model's own equations on a fixed grid of five days. Doses are moved to the nearest
grid point; the engine, with exact doses, is used for validation. Every residual is divided by its standard deviation:

* printed BMD results: the printed standard error or the interval, and at least :data:`LEAST_SPREAD`, in points;
* digitised BMD curves: :data:`CURVE_SPREAD`; markers: the logarithm of the ratio, :data:`MARKER_SPREAD`;
* untreated loss: the spread in its file;
* the priors: one residual for each fitted parameter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from osteon.twin.engine.model import DAYS_PER_MONTH, DAYS_PER_YEAR
from osteon.twin.engine.regimen import Bolus, Regimen
from osteon.twin.osteon_model.figures import EVERYBODY, MENOPAUSE_SD_YEARS, NODES, history_figure
from osteon.twin.osteon_model.fit_grid import STEP_DAYS, GridArm, GridHistory, GridRun, step_of
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.parameters import TRAITS, Prior, priors
from osteon.twin.osteon_model.published import (
    JOERG_CALIBRATION_ROLE,
    ArmSetup,
    Curve,
    HistoryResult,
    Result,
    arm_setups,
    calibration_results,
    digitised_curves,
    history_results,
    joerg_curves,
    sample_day,
)
from osteon.twin.osteon_model.sites import MARKERS

CURVE_SPREAD = {"bmd_lumbar_spine": 0.006, "bmd_total_hip": 0.004, "bmd_femoral_neck": 0.005}
MARKER_SPREAD = {"ctx": 0.17, "p1np": 0.12, "bsap": 0.11}
UNKNOWN_TRIAL_SPREAD = 0.04
"""Digitised teriparatide arms whose trial and background therapy are not recorded."""

LEAST_SPREAD = {"bmd_lumbar_spine": 0.5, "bmd_total_hip": 0.3, "bmd_femoral_neck": 0.5}
AGEING_SPREAD = 0.003
SINGLE_STUDY_SPREAD = {"bmd_lumbar_spine": 1.0, "bmd_total_hip": 0.8, "bmd_femoral_neck": 0.9}
"""What one study of unknown precision may deviate, in points."""

LARGE_TRIAL = 500
"""People from which a printed mean without an interval is taken as precise."""


@dataclass(frozen=True)
class Problem:
    """Residuals and what they belong to."""

    fitted: tuple[Prior, ...]
    labels: tuple[str, ...]
    residuals: Callable[[Any], Any]


def natural_values(theta: Any, fitted: Sequence[Prior], xp: Any) -> dict[str, Any]:
    """All parameters, the fitted ones from standard-normal coordinates around their priors."""
    found: dict[str, Any] = {name: prior.centre for name, prior in priors().items()}
    for number, prior in enumerate(fitted):
        at = prior.to_scale(prior.centre) + prior.spread * theta[number]
        if prior.scale == "log":
            found[prior.name] = xp.exp(at)
        elif prior.scale == "logit":
            found[prior.name] = 1.0 / (1.0 + xp.exp(-at))
        else:
            found[prior.name] = at
    return found


def build_problem() -> Problem:
    """The calibration's residuals, from the rows that it may read."""
    import jax.numpy as jnp

    fitted = tuple(prior for prior in priors().values() if prior.fitted)
    setups = arm_setups()
    results = calibration_results()
    curves = (*joerg_curves([JOERG_CALIBRATION_ROLE]), *digitised_curves())
    history = history_results()
    arms, groups = _arrange(results, setups, curves)
    columns = _columns(arms, history)
    model = OsteonModel()
    asked = _Readings()
    rows = [*_curve_rows(curves, asked), *_result_rows(results, setups, len(curves), asked)]
    of_arms = _Figures(rows)
    untreated = _HistoryFigures(history, curves[0].ageing)

    def residuals(theta: Any) -> Any:
        p = natural_values(theta, fitted, jnp)
        past = GridHistory(model, p, columns)
        runs = [GridRun(model, p, [arms[number] for number in group], past) for group in groups]
        levels = asked.gather(runs, groups)
        return jnp.concatenate([of_arms.residuals(jnp, levels), untreated.residuals(jnp, past), theta])

    labels = (*(row.label for row in rows), *untreated.labels, *(prior.name for prior in fitted))
    return Problem(fitted, labels, residuals)


@dataclass(frozen=True)
class _Row:
    """One residual: ``100 (V[a] / V[b] - 1) - net * 100 (V[c] / V[d] - 1)`` against ``value``, over ``spread``."""

    label: str
    a: int
    b: int
    c: int
    d: int
    net: float
    value: float
    spread: float
    marker: bool


class _Readings:
    """Readings (arm, observable, day) that the residuals need, each once, gathered in one go."""

    def __init__(self) -> None:
        self.wanted: dict[tuple[int, str, float], int] = {}

    def ask(self, arm: int, observable: str, day: float) -> int:
        """The place of a reading in the vector of readings."""
        return self.wanted.setdefault((arm, observable, day), len(self.wanted))

    def gather(self, runs: Sequence[GridRun], groups: Sequence[Sequence[int]]) -> Any:
        """All readings from the runs, in the order in which they were asked for."""
        import jax.numpy as jnp

        home = {arm: (number, place) for number, group in enumerate(groups) for place, arm in enumerate(group)}
        pieces, order = [], []
        for number, run in enumerate(runs):
            own = [(at, key) for key, at in self.wanted.items() if home[key[0]][0] == number]
            order += [at for at, _ in own]
            pieces.append(run.read_many([(home[arm][1], observable, day) for _, (arm, observable, day) in own]))
        return jnp.concatenate(pieces)[np.argsort(np.array(order))]


def _curve_rows(curves: Sequence[Curve], asked: _Readings) -> list[_Row]:
    rows = []
    for arm, curve in enumerate(curves):
        unknown = curve.study.startswith("digitised")
        for observable, day, ratio in curve.points:
            marker = observable in MARKERS
            spread = MARKER_SPREAD[observable] if marker else 100.0 * CURVE_SPREAD[observable]
            rows.append(
                _Row(
                    label=f"{curve.arm} {observable} {day / DAYS_PER_YEAR:.2f}",
                    a=asked.ask(arm, observable, _on_grid(curve.regimen, sample_day(curve, day))),
                    b=asked.ask(arm, observable, 0.0),
                    c=0,
                    d=0,
                    net=0.0,
                    value=100.0 * (ratio - 1.0),
                    spread=100.0 * UNKNOWN_TRIAL_SPREAD if unknown and not marker else spread,
                    marker=marker,
                )
            )
    return rows


def _on_grid(regimen: Regimen, day: float) -> float:
    """A reading just before a dose goes where the grid has that dose."""
    for course in regimen.courses:
        if isinstance(course, Bolus):
            for given in course.days(day + 1e-3):
                if 0.0 <= given - day < 1e-3:
                    return step_of(given) * STEP_DAYS
    return day


def _result_rows(
    results: Sequence[Result], setups: Mapping[tuple[str, str], ArmSetup], first: int, asked: _Readings
) -> list[_Row]:
    rows = []
    for number, result in enumerate(results):
        setup, own, other = setups[result.study, result.arm], first + 2 * number, first + 2 * number + 1
        day, start = result.months * DAYS_PER_MONTH, setup.baseline_month * DAYS_PER_MONTH
        level = result.kind in ("level_percent", "marker_difference_percent")
        net = result.kind == "difference_points"
        since = start if net else 0.0
        now = asked.ask(own, result.observable, day)
        rows.append(
            _Row(
                label=f"{result.study} {result.arm} {result.observable} {result.months:g}",
                a=now,
                b=asked.ask(other, result.observable, day) if level else asked.ask(own, result.observable, since),
                c=asked.ask(other, result.observable, day) if net else now,
                d=asked.ask(other, result.observable, since) if net else now,
                net=1.0 if net else 0.0,
                value=result.value,
                spread=result_spread(result),
                marker=result.observable in MARKERS,
            )
        )
    return rows


class _Figures:
    """The residuals of trial arms as array operations."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self.places = [np.array([getattr(row, name) for row in rows]) for name in "abcd"]
        self.net, self.value, self.spread = (
            np.array([getattr(row, name) for row in rows]) for name in ("net", "value", "spread")
        )
        self.marker = np.array([row.marker for row in rows])

    def residuals(self, xp: Any, levels: Any) -> Any:
        a, b, c, d = (levels[place] for place in self.places)
        figure = 100.0 * (a / b - 1.0) - self.net * 100.0 * (c / d - 1.0)
        of_marker = xp.log(xp.where(self.marker, a / b, 1.0) / np.where(self.marker, 1.0 + self.value / 100.0, 1.0))
        return xp.where(self.marker, of_marker, figure - self.value) / self.spread


class _HistoryFigures:
    """The residuals of untreated loss as array operations."""

    def __init__(self, history: Sequence[HistoryResult], ageing: Sequence[tuple[float, float]]) -> None:
        self.history, self.ageing = history, ageing[1:]
        self.points: dict[tuple[int, str, float], int] = {}
        self.first = [self._mix(one, one.from_age) for one in history]
        self.last = [self._mix(one, one.to_age) for one in history]
        everyone = [(2 + number, weight) for number, (_, weight) in enumerate(NODES)]
        self.young = self._at(everyone, "bmd_total_hip", ageing[0][0])
        self.old = [self._at(everyone, "bmd_total_hip", age) for age, _ in self.ageing]
        self.labels = (
            *(f"{one.study} {one.stratum} {one.observable} {one.from_age:g}-{one.to_age:g}" for one in history),
            *(f"NHANES III total hip at {age:g}" for age, _ in self.ageing),
        )

    def _mix(self, one: HistoryResult, age: float) -> list[tuple[int, float]]:
        if one.who == EVERYBODY:
            people = [(2 + number, weight) for number, (_, weight) in enumerate(NODES)]
        else:
            people = [(1 if one.who == "man" else 0, 1.0)]
        return self._at(people, one.observable, age)

    def _at(self, people: Sequence[tuple[int, float]], observable: str, age: float) -> list[tuple[int, float]]:
        return [
            (self.points.setdefault((column, observable, age), len(self.points)), weight) for column, weight in people
        ]

    def residuals(self, xp: Any, past: GridHistory) -> Any:
        levels = past.read_many(list(self.points))

        def mean(mix: Sequence[tuple[int, float]]) -> Any:
            return sum(weight * levels[place] for place, weight in mix)

        found = []
        for one, first, last in zip(self.history, self.first, self.last, strict=True):
            figure = history_figure(one, mean(first), mean(last))
            found.append((xp.log(figure / one.value) if one.kind == "ratio" else figure - one.value) / one.spread)
        young = mean(self.young)
        for (_, level), mix in zip(self.ageing, self.old, strict=True):
            found.append((mean(mix) / young - level) / AGEING_SPREAD)
        return xp.stack(found)


def _arrange(
    results: Sequence[Result], setups: Mapping[tuple[str, str], ArmSetup], curves: Sequence[Curve]
) -> tuple[list[GridArm], list[list[int]]]:
    """Every run that the residuals need (two for a printed result), grouped by length."""
    arms = [
        GridArm(curve.age_years, {}, curve.regimen, max(day for _, day, _ in curve.points) + STEP_DAYS)
        for curve in curves
    ]
    for result in results:
        setup = setups[result.study, result.arm]
        until = max(result.months, setup.baseline_month) * DAYS_PER_MONTH + STEP_DAYS
        arms.append(GridArm(setup.age_years, setup.traits, setup.regimen, until))
        plain = {"male": setup.traits["male"]} if result.kind == "level_percent" else setup.traits
        arms.append(GridArm(setup.age_years, plain, setup.comparator, until))
    limits = (0.0, 800.0, math.inf)
    groups = [[number for number, arm in enumerate(arms) if low < arm.until <= high] for low, high in pairwise(limits)]
    return arms, [group for group in groups if group]


def _columns(arms: Sequence[GridArm], history: Sequence[HistoryResult]) -> list[dict[str, float]]:
    """The different people whose natural history is needed; the first is a woman, the second a man."""
    found: list[dict[str, float]] = [{}, {"male": 1.0}]
    found += [{"menopause_age": TRAITS["menopause_age"] + MENOPAUSE_SD_YEARS * z} for z, _ in NODES]
    for arm in arms:
        traits = {name: number for name, number in arm.traits.items() if number != TRAITS[name]}
        if traits not in found:
            found.append(traits)
    if not history:
        raise AssertionError("there is no natural history to fit")
    return found


def result_spread(result: Result) -> float:
    """The standard deviation that a printed result may deviate, in its own unit."""
    if result.observable in MARKERS:
        return MARKER_SPREAD[result.observable]
    if result.observable not in LEAST_SPREAD:
        return 3.0
    least = LEAST_SPREAD[result.observable]
    if result.low is not None and result.high is not None:
        return max((result.high - result.low) / 3.92, least if result.study != "FREEDOM" else 0.2)
    large = result.people is not None and result.people >= LARGE_TRIAL
    return least if large else SINGLE_STUDY_SPREAD[result.observable]
