"""How well the model predicts every published arm, fitted or held out, and the 35 digitised curves.

Roles: ``calibrate`` (fitted), ``validate`` (appointed for validation, never fitted), ``control`` (treatments that
should do nothing), ``unlisted`` (neither), ``later`` (found after the calibration had been made). Each simulated arm is
one mean person of the printed age, sex and background therapy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from osteon.twin.engine import scalars
from osteon.twin.engine.model import DAYS_PER_MONTH, DAYS_PER_YEAR
from osteon.twin.engine.regimen import NO_TREATMENT, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model.figures import everybody, history_figure, history_people, predicted_figure
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.published import (
    ArmSetup,
    Curve,
    HistoryResult,
    Part,
    Result,
    arm_setups,
    calibration_results,
    digitised_curves,
    fitted_joerg_curves,
    held_out_results,
    history_results,
    joerg_curves,
    later_history_results,
    sample_day,
)
from osteon.twin.osteon_model.sites import MARKERS, OBSERVABLES

Role = Literal["calibrate", "validate", "control", "unlisted", "later"]

TOLERANCE = {"bmd_lumbar_spine": 1.5, "bmd_total_hip": 1.0, "bmd_femoral_neck": 1.0}
"""Acceptance: points of BMD change."""

COUNTED_MONTHS = (12.0, 60.0)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FigureFit(_Out):
    """A printed number and its prediction. BMD in per cent or points, markers in per cent change.

    ``ok`` says whether the prediction lies within the tolerance or the printed interval, ``inside`` whether it lies in
    the interval that is printed or follows from a printed SD or SE (none where neither is printed).
    """

    study: str
    arm: str
    role: Role
    observable: str
    kind: str
    months: float
    observed: float
    predicted: float
    low: float | None
    high: float | None
    ok: bool | None
    inside: bool | None = None
    note: str


class CurveFit(_Out):
    """One observable of one digitised arm: errors as fractions of the observed value."""

    arm: str
    study: str
    role: Literal["calibrate", "validate"]
    observable: str
    n: int
    mae: float
    mape: float
    points: tuple[tuple[float, float, float], ...]


class OsteonValidation(_Out):
    """Everything that the model was asked to predict."""

    figures: tuple[FigureFit, ...]
    history: tuple[FigureFit, ...]
    curves: tuple[CurveFit, ...]
    bmd_mean_error: float
    bmd_mean_error_trial_points: float
    marker_median_error: dict[str, float]
    marker_median_error_not_fitted: dict[str, float]

    def held_out(self) -> tuple[FigureFit, ...]:
        """The BMD figures that count for acceptance: appointed for validation, 12 to 60 months."""
        first, last = COUNTED_MONTHS
        return tuple(one for one in self._judged("validate") if first <= one.months <= last)

    def later(self) -> tuple[FigureFit, ...]:
        """The BMD figures that were found after the calibration, whatever their time."""
        return self._judged("later")

    def _judged(self, role: Role) -> tuple[FigureFit, ...]:
        return tuple(one for one in self.figures if one.role == role and one.observable in TOLERANCE)

    def share_ok(self, *, derived: bool = False) -> float:
        """Share of the held-out BMD figures within tolerance or inside the printed interval.

        With ``derived``, an interval of the mean that follows from a printed SD or SE counts as printed.
        """
        counted = self.held_out()
        return sum(one.ok is True or (derived and one.inside is True) for one in counted) / len(counted)


class _Runner:
    """Runs mean people, and remembers where each begins."""

    def __init__(self, model: OsteonModel) -> None:
        self.model = model
        self.begun: dict[tuple[object, ...], tuple[NDArray[np.float64], dict[str, float]]] = {}

    def start(self, age: float, traits: Mapping[str, float]) -> tuple[NDArray[np.float64], dict[str, float]]:
        """The untreated state at an age, and every observable there."""
        key = (age, *sorted(traits.items()))
        if key not in self.begun:
            p = {**self.model.parameters, **traits}
            state = self.model.initial_state(np.array([age]), p)
            forcing = self.model.forcing(scalars, age, dict.fromkeys(self.model.channels(p), 0.0), p)
            values = self.model.observe(scalars, OBSERVABLES, tuple(state[:, 0].tolist()), forcing, p)
            self.begun[key] = state, dict(zip(OBSERVABLES, values, strict=True))
        return self.begun[key]

    def levels(
        self, age: float, traits: Mapping[str, float], regimen: Regimen, names: Sequence[str], days: Sequence[float]
    ) -> dict[tuple[str, float], float]:
        """Observables on days; day 0 is before treatment, and a day with a dose is read before it."""
        state, before = self.start(age, traits)
        found = {(name, 0.0): before[name] for name in names}
        later = sorted({day for day in days if day > 0.0})
        if later:
            run = simulate(
                self.model,
                [age],
                regimen,
                output_years=np.array(later) / DAYS_PER_YEAR,
                observe=tuple(names),
                parameters={name: np.array([value]) for name, value in traits.items()},
                initial_state=state,
                backend="float",
            ).require_ok()
            for name in names:
                found.update({(name, day): float(at) for day, at in zip(later, run.observables[name][0], strict=True)})
        return found


def _figure(runner: _Runner, result: Result, setup: ArmSetup, role: Role) -> FigureFit:
    name = result.observable
    day, start = result.months * DAYS_PER_MONTH, setup.baseline_month * DAYS_PER_MONTH
    days = [0.0, day, start]
    traits = dict(setup.traits)
    own = runner.levels(setup.age_years, traits, setup.regimen, (name,), days)
    other_traits = {"male": traits["male"]} if result.kind == "level_percent" else traits
    needs_other = result.kind != "change_percent"
    other = runner.levels(setup.age_years, other_traits, setup.comparator, (name,), days) if needs_other else own
    predicted = float(predicted_figure(result, setup, lambda at: own[name, at], lambda at: other[name, at]))
    ok: bool | None = None
    if name in TOLERANCE and result.kind != "level_percent":
        inside = result.low is not None and result.high is not None and result.low <= predicted <= result.high
        limit = 0.5 if role == "control" else TOLERANCE[name]
        ok = bool(abs(predicted - result.value) <= limit or inside)
    interval = result.interval(setup.people)
    return FigureFit(
        study=result.study,
        arm=result.arm,
        role=role,
        observable=name,
        kind=result.kind,
        months=result.months,
        observed=result.value,
        predicted=predicted,
        low=result.low,
        high=result.high,
        ok=ok,
        inside=None if interval is None else interval[0] <= predicted <= interval[1],
        note="; ".join(filter(None, (setup.note, result.note))),
    )


def _history(runner: _Runner, one: HistoryResult, role: Role) -> FigureFit:
    def mean(age: float) -> float:
        return sum(
            weight * runner.levels(age, traits, NO_TREATMENT, (one.observable,), [0.0])[one.observable, 0.0]
            for traits, weight in history_people(one)
        )

    predicted = float(history_figure(one, mean(one.from_age), mean(one.to_age)))
    inside = one.low is not None and one.high is not None and one.low <= predicted <= one.high
    return FigureFit(
        study=one.study,
        arm=f"{one.stratum}, {one.from_age:g} to {one.to_age:g} years",
        role=role,
        observable=one.observable,
        kind=one.kind,
        months=12.0 * (one.to_age - one.from_age),
        observed=one.value,
        predicted=predicted,
        low=one.low,
        high=one.high,
        ok=bool(inside or abs(predicted - one.value) <= 0.2 * abs(one.value)),
        note=one.note,
    )


def _curve(runner: _Runner, curve: Curve) -> list[CurveFit]:
    names = tuple(dict.fromkeys(name for name, _, _ in curve.points))
    days = [sample_day(curve, day) for _, day, _ in curve.points]
    levels = runner.levels(curve.age_years, {}, curve.regimen, names, days)
    found = []
    for name in names:
        points = [
            (day / DAYS_PER_YEAR, ratio, levels[name, at] / levels[name, 0.0])
            for (observable, day, ratio), at in zip(curve.points, days, strict=True)
            if observable == name
        ]
        if curve.ageing:  # the published errors count the first point of each series, where both are 1
            points = [(0.0, 1.0, 1.0), *points]
        error = np.array([abs(predicted - observed) for _, observed, predicted in points])
        observed = np.array([one for _, one, _ in points])
        scale = curve.start_bmd if name == "bmd_total_hip" and curve.ageing else 1.0
        found.append(
            CurveFit(
                arm=curve.arm,
                study=curve.study,
                role="calibrate" if curve.arm in _fitted_arms() else "validate",
                observable=name,
                n=len(points),
                mae=float(error.mean()) * scale,
                mape=float((error / observed).mean()),
                points=tuple(points),
            )
        )
    return found


@cache
def _fitted_arms() -> frozenset[str]:
    return frozenset(curve.arm for curve in (*fitted_joerg_curves(), *digitised_curves()))


def _ageing_errors(runner: _Runner, curve: Curve) -> list[float]:
    """Errors at the ageing points, over women whose age at menopause spreads, as a cross-section has them."""

    def mean(age: float) -> float:
        return sum(
            weight
            * runner.levels(
                age,
                traits,
                NO_TREATMENT,
                ("bmd_total_hip",),
                [0.0],
            )["bmd_total_hip", 0.0]
            for traits, weight in everybody()
        )

    young = mean(curve.ageing[0][0])
    return [abs(mean(age) / young - level) / level for age, level in curve.ageing]


@cache
def validate_osteon() -> OsteonValidation:
    """Predict every published arm; kept after the first call."""
    runner = _Runner(OsteonModel())
    setups = arm_setups()
    figures = [_figure(runner, one, setups[one.study, one.arm], "calibrate") for one in calibration_results()]
    parts: tuple[Part, ...] = ("validate", "control", "unlisted", "later")
    for part in parts:
        figures += [_figure(runner, one, setups[one.study, one.arm], part) for one in held_out_results(part)]
    arms = joerg_curves()
    fits = [fit for curve in arms for fit in _curve(runner, curve)]
    ageing = _ageing_errors(runner, arms[0])
    hip = [fit for fit in fits if fit.observable == "bmd_total_hip"]
    trial = [abs(predicted - observed) / observed for fit in hip for _, observed, predicted in fit.points]
    everything: NDArray[np.float64] = np.array(trial + ageing * len(arms))

    def median(name: str, counted: Sequence[CurveFit]) -> float:
        return float(np.median([fit.mape for fit in counted if fit.observable == name]))

    unseen = [fit for fit in fits if fit.role == "validate"]
    return OsteonValidation(
        figures=tuple(figures),
        history=(
            *(_history(runner, one, "calibrate") for one in history_results()),
            *(_history(runner, one, "later") for one in later_history_results()),
        ),
        curves=(*fits, *(fit for curve in digitised_curves() for fit in _curve(runner, curve))),
        bmd_mean_error=float(everything.mean()),
        bmd_mean_error_trial_points=float(np.mean(trial)),
        marker_median_error={name: median(name, fits) for name in MARKERS},
        # No arm with BSAP is left unfitted; then there is no figure.
        marker_median_error_not_fitted={
            name: median(name, unseen) for name in MARKERS if any(fit.observable == name for fit in unseen)
        },
    )
