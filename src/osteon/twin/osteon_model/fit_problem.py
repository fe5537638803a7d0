"""The calibration as a least-squares problem: residuals as a function of the fitted parameters.

All arms run together through the model's own equations on a fixed grid of five days. Doses are moved to the nearest
grid point; the engine, with exact doses, is used for validation. Every residual is divided by its standard deviation:

* printed BMD results: the printed standard error or the interval, and at least :data:`LEAST_SPREAD`, in points;
* digitised BMD curves: :data:`CURVE_SPREAD`; markers: the logarithm of the ratio, :data:`MARKER_SPREAD`; readings of
  one curve share part of their error (:mod:`osteon.twin.osteon_model.series`);
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
from numpy.typing import NDArray

from osteon.twin.engine.model import DAYS_PER_MONTH, DAYS_PER_YEAR
from osteon.twin.engine.regimen import Bolus, Regimen
from osteon.twin.osteon_model.figures import everybody, history_figure, history_people
from osteon.twin.osteon_model.fit_grid import STEP_DAYS, GridArm, GridHistory, Reading, run_arms, step_of
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.parameters import Prior, priors
from osteon.twin.osteon_model.published import (
    TWICE_DIGITISED,
    ArmSetup,
    Curve,
    HistoryResult,
    Result,
    arm_setups,
    calibration_results,
    digitised_curves,
    fitted_joerg_curves,
    history_results,
    sample_day,
)
from osteon.twin.osteon_model.series import Series, collect, whiten
from osteon.twin.osteon_model.sites import MARKERS

Floats = NDArray[np.float64]

RUN_DAYS = (-1.0, 200.0, 400.0, 600.0, 800.0, 1150.0, 1900.0, math.inf)
"""Arms are run together with those that are read for about as long."""

CURVE_SPREAD = {"bmd_lumbar_spine": 0.006, "bmd_total_hip": 0.004, "bmd_femoral_neck": 0.005}
MARKER_SPREAD = {"ctx": 0.17, "p1np": 0.12, "bsap": 0.11}
LEAST_SPREAD = {"bmd_lumbar_spine": 0.5, "bmd_total_hip": 0.3, "bmd_femoral_neck": 0.5}
AGEING_SPREAD = 0.002
SINGLE_STUDY_SPREAD = {"bmd_lumbar_spine": 1.0, "bmd_total_hip": 0.8, "bmd_femoral_neck": 0.9}
"""What one study of unknown precision may deviate, in points."""

LARGE_TRIAL = 500
"""People from which a printed mean without an interval is taken as precise."""


@dataclass(frozen=True)
class Problem:
    """Residuals and what they belong to.

    ``series`` are the digitised curves among them. ``residuals`` takes one point ``(n,)`` or several ``(P, n)`` and
    gives ``(P, residuals)``. Several points run side by side, and a parameter in which they agree is worked on once.
    """

    fitted: tuple[Prior, ...]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    residuals: Callable[[Floats], Floats]


def natural_values(thetas: Floats, fitted: Sequence[Prior]) -> dict[str, Any]:
    """All parameters, the fitted ones from standard-normal coordinates around their priors, ``(P, n)``.

    One that is the same at all points is a number, any other ``(P, 1)``.
    """
    found: dict[str, Any] = {name: prior.centre for name, prior in priors().items()}
    for prior, coordinate in zip(fitted, thetas.T, strict=True):
        alike = bool(np.all(coordinate == coordinate[0]))
        each = [prior.from_scale(prior.to_scale(prior.centre) + prior.spread * float(one)) for one in coordinate]
        found[prior.name] = each[0] if alike else np.array(each)[:, None]
    return found


def build_problem(*, whitened: bool = True) -> Problem:
    """The calibration's residuals, from the rows that it may read.

    ``whitened`` makes the readings of a digitised series independent; without it each stands by itself.
    """
    fitted = tuple(prior for prior in priors().values() if prior.fitted)
    setups = arm_setups()
    results = calibration_results()
    curves = (*fitted_joerg_curves(), *digitised_curves())
    history = history_results()
    asked = _Readings(_arms(results, setups, curves))
    rows = [*_curve_rows(curves, asked), *_result_rows(results, setups, len(curves), asked)]
    of_arms = _Figures(rows, whitened)
    columns = _columns(asked.arms, history)
    untreated = _HistoryFigures(history, curves[0].ageing, columns)
    oldest = max([one.to_age for one in history] + [age for age, _ in curves[0].ageing] + [a.age for a in asked.arms])
    model = OsteonModel()

    def residuals(thetas: Floats) -> Floats:
        points = np.atleast_2d(thetas)
        p = natural_values(points, fitted)
        past = GridHistory(model, p, columns, oldest)
        levels = asked.gather(model, p, past)
        own = np.broadcast_to(points, (len(points), len(fitted)))
        found = np.concatenate([of_arms.residuals(levels), untreated.residuals(past)]).T
        return np.concatenate([np.broadcast_to(found, (len(points), found.shape[1])), own], axis=1)

    labels = (*(row.label for row in rows), *untreated.labels, *(prior.name for prior in fitted))
    return Problem(fitted, labels, collect([row.series for row in rows]), residuals)


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
    series: tuple[int, str] | None = None


class _Readings:
    """Readings (arm, observable, day) that the residuals need, each once, gathered in one go.

    Arms that run alike run once; ``arms`` are those left, and readings name an arm by its place among all.
    """

    def __init__(self, everything: Sequence[GridArm]) -> None:
        first: dict[tuple[object, ...], int] = {}
        self.arms: list[GridArm] = []
        self.home: list[int] = []
        for arm in everything:
            if arm.key not in first:
                first[arm.key] = len(self.arms)
                self.arms.append(arm)
            self.home.append(first[arm.key])
        self.wanted: dict[Reading, int] = {}

    def ask(self, arm: int, observable: str, day: float) -> int:
        """The place of a reading in the vector of readings."""
        return self.wanted.setdefault((self.home[arm], observable, day), len(self.wanted))

    def gather(self, model: OsteonModel, p: Mapping[str, Any], past: GridHistory) -> Floats:
        """All readings, in the order in which they were asked for, ``(readings, P)``; arms of like length together."""
        until = [0.0] * len(self.arms)
        for arm, _, day in self.wanted:
            until[arm] = max(until[arm], day)
        found = np.empty((len(self.wanted), past.sets))
        for low, high in pairwise(RUN_DAYS):
            group = [arm for arm, last in enumerate(until) if low < last <= high]
            own = [(at, key) for key, at in self.wanted.items() if key[0] in group]
            if own:
                wanted = [(group.index(arm), observable, day) for _, (arm, observable, day) in own]
                found[[at for at, _ in own]] = run_arms(model, p, [self.arms[arm] for arm in group], past, wanted)
        return found


def _curve_rows(curves: Sequence[Curve], asked: _Readings) -> list[_Row]:
    rows = []
    for arm, curve in enumerate(curves):
        for observable, day, ratio in curve.points:
            marker = observable in MARKERS
            alone = MARKER_SPREAD[observable] if marker else 100.0 * CURVE_SPREAD[observable]
            spread = alone * math.sqrt(2.0 if curve.study in TWICE_DIGITISED else 1.0)
            rows.append(
                _Row(
                    label=f"{curve.arm} {observable} {day / DAYS_PER_YEAR:.2f}",
                    a=asked.ask(arm, observable, _on_grid(curve.regimen, sample_day(curve, day))),
                    b=asked.ask(arm, observable, 0.0),
                    c=0,
                    d=0,
                    net=0.0,
                    value=100.0 * (ratio - 1.0),
                    spread=spread,
                    marker=marker,
                    series=(arm, observable),
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
        now = asked.ask(own, result.observable, day)
        rows.append(
            _Row(
                label=f"{result.study} {result.arm} {result.observable} {result.months:g}",
                a=now,
                b=asked.ask(other, result.observable, day) if level else asked.ask(own, result.observable, start),
                c=asked.ask(other, result.observable, day) if net else now,
                d=asked.ask(other, result.observable, start) if net else now,
                net=1.0 if net else 0.0,
                value=result.value,
                spread=result_spread(result, setup.people),
                marker=result.observable in MARKERS,
            )
        )
    return rows


class _Figures:
    """The residuals of trial arms as array operations."""

    def __init__(self, rows: Sequence[_Row], whitened: bool) -> None:
        self.places = [np.array([getattr(row, name) for row in rows]) for name in "abcd"]
        self.net, self.value, self.spread = (
            np.array([getattr(row, name) for row in rows]) for name in ("net", "value", "spread")
        )
        self.marker = np.array([row.marker for row in rows])
        self.series = collect([row.series for row in rows]) if whitened else ()

    def residuals(self, levels: Floats) -> Floats:
        """From readings ``(readings, P)`` to residuals ``(rows, P)``."""
        a, b, c, d = (levels[place] for place in self.places)
        net, value, spread, marker = (one[:, None] for one in (self.net, self.value, self.spread, self.marker))
        figure = 100.0 * (a / b - 1.0) - net * 100.0 * (c / d - 1.0)
        of_marker = np.log(np.where(marker, a / b, 1.0) / np.where(marker, 1.0 + value / 100.0, 1.0))
        return whiten(np.where(marker, of_marker, figure - value) / spread, self.series)


class _HistoryFigures:
    """The residuals of untreated loss as array operations."""

    def __init__(
        self,
        history: Sequence[HistoryResult],
        ageing: Sequence[tuple[float, float]],
        columns: Sequence[Mapping[str, float]],
    ) -> None:
        self.history, self.ageing, self.columns = history, ageing[1:], columns
        self.points: dict[tuple[int, str, float], int] = {}
        self.first = [self._mix(one, one.from_age) for one in history]
        self.last = [self._mix(one, one.to_age) for one in history]
        everyone = list(everybody())
        self.young = self._at(everyone, "bmd_total_hip", ageing[0][0])
        self.old = [self._at(everyone, "bmd_total_hip", age) for age, _ in self.ageing]
        self.labels = (
            *(f"{one.study} {one.stratum} {one.observable} {one.from_age:g}-{one.to_age:g}" for one in history),
            *(f"NHANES III total hip at {age:g}" for age, _ in self.ageing),
        )

    def _mix(self, one: HistoryResult, age: float) -> list[tuple[int, float]]:
        return self._at(history_people(one), one.observable, age)

    def _at(
        self, people: Sequence[tuple[Mapping[str, float], float]], observable: str, age: float
    ) -> list[tuple[int, float]]:
        return [
            (self.points.setdefault((self.columns.index(traits), observable, age), len(self.points)), weight)
            for traits, weight in people
        ]

    def residuals(self, past: GridHistory) -> Floats:
        """Residuals ``(figures, P)``."""
        levels = past.read_many(list(self.points))

        def mean(mix: Sequence[tuple[int, float]]) -> Any:
            return sum(weight * levels[place] for place, weight in mix)

        found = []
        for one, first, last in zip(self.history, self.first, self.last, strict=True):
            figure = history_figure(one, mean(first), mean(last))
            found.append((np.log(figure / one.value) if one.kind == "ratio" else figure - one.value) / one.spread)
        young = mean(self.young)
        for (_, level), mix in zip(self.ageing, self.old, strict=True):
            found.append((mean(mix) / young - level) / AGEING_SPREAD)
        return np.stack(found)


def _arms(
    results: Sequence[Result], setups: Mapping[tuple[str, str], ArmSetup], curves: Sequence[Curve]
) -> list[GridArm]:
    """Every run that the residuals need: one for a curve, two for a printed result."""
    arms = [GridArm(curve.age_years, {}, curve.regimen) for curve in curves]
    for result in results:
        setup = setups[result.study, result.arm]
        arms.append(GridArm(setup.age_years, setup.traits, setup.regimen))
        plain = {"male": setup.traits["male"]} if result.kind == "level_percent" else setup.traits
        arms.append(GridArm(setup.age_years, plain, setup.comparator))
    return arms


def _columns(arms: Sequence[GridArm], history: Sequence[HistoryResult]) -> list[dict[str, float]]:
    """The different people whose natural history is needed, by the traits that are not the usual ones."""
    found: list[dict[str, float]] = []
    people = [traits for one in history for traits, _ in history_people(one)]
    people += [traits for traits, _ in everybody()]
    people += [arm.own_traits for arm in arms]
    for traits in people:
        if traits not in found:
            found.append(traits)
    return found


def result_spread(result: Result, arm_people: float | None) -> float:
    """The standard deviation that a printed result may deviate, in its own unit.

    From the printed interval, a printed SE, or an SD with the people in the arm; else by the size of the trial.
    """
    if result.observable in MARKERS:
        return MARKER_SPREAD[result.observable]
    if result.observable not in LEAST_SPREAD:
        return 3.0
    least = LEAST_SPREAD[result.observable]
    if interval := result.interval(arm_people):
        return max((interval[1] - interval[0]) / 3.92, least if result.study != "FREEDOM" else 0.2)
    large = result.people is not None and result.people >= LARGE_TRIAL
    return least if large else SINGLE_STUDY_SPREAD[result.observable]
