"""The predicted curve behind every published number: what a reader needs to see a miss, and not only to count it.

:mod:`osteon.twin.osteon_model.validate` predicts the printed numbers alone. Here each arm is followed through its whole
trial, with the printed numbers, their printed intervals, and the band of the model's own error beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import table
from osteon.twin.engine.model import DAYS_PER_MONTH, DAYS_PER_YEAR
from osteon.twin.engine.regimen import Bolus, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model.figures import predicted_figure
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.published import (
    ArmSetup,
    Curve,
    Part,
    Result,
    arm_setups,
    calibration_results,
    digitised_curves,
    held_out_results,
    joerg_curves,
)
from osteon.twin.osteon_model.sites import MARKERS, OBSERVABLES, SITES
from osteon.twin.osteon_model.unseen import PathKind, path_kind, unseen_band
from osteon.twin.osteon_model.validate import CurveFit, FigureFit, OsteonValidation

Floats = NDArray[np.float64]

EVERY_MONTHS = 0.25
BEFORE_DOSE_DAYS = 0.001
"""A sample of a visit is drawn before the injection of that visit."""

FIRST_DAYS_MONTHS = (0.03, 0.1)
"""A marker falls within days of the first dose: the curve is read there too."""

COVERED = 0.9
"""The band holds nine in ten of the means that were not fitted."""


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """One published mean: change in per cent (or points of difference) at a time, and what the model says there."""

    months: float
    observed: float
    predicted: float
    low: float | None
    high: float | None
    ok: bool | None


@dataclass(frozen=True, slots=True)
class ShownCurve:
    """One observable of one arm: published means, and the model's whole course with its band.

    Attributes
    ----------
    study, arm, observable, kind, role
        As in the validation; digitised arms have the kind ``digitised``.
    age_years
        Of the simulated mean person.
    points
        The published means.
    months, curve, lower, upper
        The prediction, ``(K,)`` each, in per cent or points. The band is empty (``(0,)``) where none is known.
    error
        Mean distance between published and predicted as a share of the published level; digitised arms only.
    """

    study: str
    arm: str
    observable: str
    kind: str
    role: str
    age_years: float
    points: tuple[ShownPoint, ...]
    months: Floats
    curve: Floats
    lower: Floats
    upper: Floats
    error: float | None = None

    @property
    def missed(self) -> bool:
        """Whether one of its printed numbers misses its tolerance."""
        return any(one.ok is False for one in self.points)

    @property
    def worst(self) -> float:
        """The prediction minus the published number, where they are furthest apart."""
        return max((one.predicted - one.observed for one in self.points), key=abs)


def marker_band(found: OsteonValidation) -> dict[str, float]:
    """Relative error (of the logarithm) that nine in ten marker readings keep to.

    Of arms that were not fitted; of all arms where every one was.
    """
    band = {}
    for name in MARKERS:
        arms = [curve for curve in found.curves if curve.observable == name]
        unseen = [curve for curve in arms if curve.role == "validate"] or arms
        off = [abs(np.log(predicted / observed)) for curve in unseen for _, observed, predicted in curve.points]
        band[name] = float(np.quantile(off, COVERED))
    return band


def printed_curves(found: OsteonValidation) -> tuple[ShownCurve, ...]:
    """The course of every arm with a printed number, one for each observable and kind of figure."""
    results: dict[tuple[str, str, str, str], Result] = {}
    for one in (*calibration_results(), *(r for part in _PARTS for r in held_out_results(part))):
        results.setdefault((one.study, one.arm, one.observable, one.kind), one)
    grouped: dict[tuple[str, str, str, str], list[FigureFit]] = {}
    for fit in found.figures:
        grouped.setdefault((fit.study, fit.arm, fit.observable, fit.kind), []).append(fit)
    setups, marker = arm_setups(), marker_band(found)
    longest = {(study, arm): 0.0 for study, arm, _, _ in grouped}
    for fit in found.figures:
        longest[fit.study, fit.arm] = max(longest[fit.study, fit.arm], fit.months)
    levels = _levels([setups[key] for key in longest], max(longest.values()))
    shown = []
    for key, fits in grouped.items():
        setup = setups[key[0], key[1]]
        last = max(fit.months for fit in fits)
        months = np.arange(setup.baseline_month, last + EVERY_MONTHS / 2, EVERY_MONTHS)
        curve = _figure_curve(results[key], setup, levels[setup.key], months)
        band = _band(key[2], months - setup.baseline_month, curve, marker, path_kind(setup.regimen.drugs))
        shown.append(
            ShownCurve(
                *key,
                role=fits[0].role,
                age_years=setup.age_years,
                points=tuple(
                    ShownPoint(fit.months, fit.observed, fit.predicted, fit.low, fit.high, fit.ok)
                    for fit in sorted(fits, key=lambda fit: fit.months)
                ),
                months=months,
                curve=curve,
                lower=band[0],
                upper=band[1],
            )
        )
    return tuple(shown)


_PARTS: tuple[Part, ...] = ("validate", "control", "unlisted", "later")


def digitised_shown(found: OsteonValidation) -> tuple[ShownCurve, ...]:
    """The course of every digitised arm and observable, as change from baseline in per cent."""
    marker, intervals = marker_band(found), _digitised_intervals()
    curves = {one.arm: one for one in (*joerg_curves(), *digitised_curves())}
    fits: dict[str, list[CurveFit]] = {}
    for fit in found.curves:
        fits.setdefault(fit.arm, []).append(fit)
    last = {arm: max(point[0] for fit in own for point in fit.points) * DAYS_PER_YEAR for arm, own in fits.items()}
    people: list[Variant] = [(curves[arm].age_years, {}, curves[arm].regimen) for arm in fits]
    visits = {arm: _dose_months(curves[arm].regimen, last[arm]) for arm in fits}
    longest = max(last.values()) / DAYS_PER_MONTH
    grid, levels = _simulated(
        people, longest, sorted({*FIRST_DAYS_MONTHS, *(month for own in visits.values() for month in own)})
    )
    regular = np.isin(grid, [*_grid(longest), *FIRST_DAYS_MONTHS])
    shown = []
    for number, (arm, own) in enumerate(fits.items()):
        used = (regular | np.isin(grid, visits[arm])) & (grid <= last[arm] / DAYS_PER_MONTH + EVERY_MONTHS / 2)
        months = grid[used]
        for fit in own:
            course = levels[fit.observable][number]
            change = 100.0 * (course[used] / course[0] - 1.0)
            band = _band(fit.observable, months, change, marker, path_kind(curves[arm].regimen.drugs))
            shown.append(
                ShownCurve(
                    study=fit.study,
                    arm=arm,
                    observable=fit.observable,
                    kind="digitised",
                    role=fit.role,
                    age_years=curves[arm].age_years,
                    points=tuple(_digitised_point(curves[arm], fit.observable, one, intervals) for one in fit.points),
                    months=months,
                    curve=change,
                    lower=band[0],
                    upper=band[1],
                    error=fit.mape,
                )
            )
    return tuple(shown)


def _dose_months(regimen: Regimen, last_day: float) -> list[float]:
    """When injections are given, after the first."""
    days = [day for one in regimen.courses if isinstance(one, Bolus) for day in one.days(last_day) if day > 0.0]
    return sorted({round(day / DAYS_PER_MONTH, 6) for day in days})


def _digitised_point(
    curve: Curve,
    observable: str,
    point: tuple[float, float, float],
    intervals: Mapping[tuple[str, str, int], tuple[float, float]],
) -> ShownPoint:
    years, observed, predicted = point
    day = years * DAYS_PER_YEAR
    bounds = intervals.get((curve.arm, observable, round(10 * day)))
    # A bar read off a figure that does not hold its own mean was misread, and is left out.
    low, high = bounds if bounds and bounds[0] <= observed <= bounds[1] else (None, None)
    return ShownPoint(
        day / DAYS_PER_MONTH,
        100.0 * (observed - 1.0),
        100.0 * (predicted - 1.0),
        None if low is None else 100.0 * (low - 1.0),
        None if high is None else 100.0 * (high - 1.0),
        None,
    )


def _digitised_intervals() -> dict[tuple[str, str, int], tuple[float, float]]:
    """Printed error bars by arm, observable and tenth of a day, as ratios to baseline."""
    found = {}
    for row in table("trials_digitised_calibrate.csv"):
        if row["low"] and row["high"]:
            day = round(10 * float(row["time_months"]) * DAYS_PER_MONTH)
            found[row["arm"], row["observable"], day] = float(row["low"]), float(row["high"])
    rows: dict[str, list[Mapping[str, str]]] = {}
    for row in table("joerg2022_clinical.csv"):
        if row["kind"] != "ageing":
            rows.setdefault(row["arm"], []).append(row)
    for arm, own in rows.items():
        start = min(float(row["time_days"]) for row in own)
        hip = [row for row in own if "bmd" in row["observable"]]
        base = next((float(row["value"]) for row in hip if float(row["time_days"]) == start), 1.0)
        for row in own:
            if row["low"] and row["high"]:
                is_bmd = "bmd" in row["observable"]
                name = "bmd_total_hip" if is_bmd else row["observable"].removesuffix("_rel_baseline")
                scale = base if is_bmd else 1.0
                bounds = float(row["low"]) / scale, float(row["high"]) / scale
                found[arm, name, round(10 * (float(row["time_days"]) - start))] = bounds
    return found


def _band(
    observable: str, months: Floats, curve: Floats, marker: Mapping[str, float], kind: PathKind
) -> tuple[Floats, Floats]:
    """The model's error on results that it had not seen: points of BMD, or a share of a marker's level."""
    site = next((site for site in SITES if observable == f"bmd_{site}"), None)
    if site is not None:
        half = 100.0 * unseen_band(kind, site).half_width(months / 12.0)
        return curve - half, curve + half
    if observable in marker:
        wide = marker[observable] * np.clip(months / 3.0, 0.0, 1.0)
        level = 1.0 + curve / 100.0
        return 100.0 * (level * np.exp(-wide) - 1.0), 100.0 * (level * np.exp(wide) - 1.0)
    return np.empty(0), np.empty(0)


Variant = tuple[float, Mapping[str, float], Regimen]
Levels = tuple[Mapping[str, Floats], Mapping[str, Floats]]


def _levels(setups: Sequence[ArmSetup], months: float) -> dict[tuple[str, str], Levels]:
    """Every observable through each arm and its comparator, at each quarter of a month."""
    people = [(one.age_years, one.traits, one.regimen) for one in setups]
    people += [(one.age_years, one.traits, one.comparator) for one in setups]
    # A level is compared with somebody of the same sex and no other trait.
    people += [(one.age_years, {"male": one.traits["male"]}, one.comparator) for one in setups]
    _, found = _simulated(people, months)
    count = len(setups)

    def part(first: int, number: int) -> dict[str, Floats]:
        return {name: values[first + number] for name, values in found.items()}

    return {
        one.key: (part(0, number), {**part(count, number), **_usual(part(2 * count, number))})
        for number, one in enumerate(setups)
    }


def _usual(levels: Mapping[str, Floats]) -> dict[str, Floats]:
    return {f"usual.{name}": values for name, values in levels.items()}


def _figure_curve(result: Result, setup: ArmSetup, levels: Levels, months: Floats) -> Floats:
    own, other = levels
    name = result.observable
    compared = f"usual.{name}" if result.kind == "level_percent" else name

    def at(values: Floats) -> Floats:
        return np.array([values[round(month / EVERY_MONTHS)] for month in months])

    start = round(setup.baseline_month / EVERY_MONTHS)
    here, beside = at(own[name]), at(other[compared])

    def reader(values: Floats, whole: Floats) -> object:
        def read(day: float) -> Floats | float:
            month = day / DAYS_PER_MONTH
            if month == setup.baseline_month:
                return float(whole[start])
            return float(whole[0]) if month == 0.0 else values

        return read

    last = replace(result, months=float(months[-1]) + 1.0)  # any later day stands for the whole course
    figure = predicted_figure(last, setup, reader(here, own[name]), reader(beside, other[compared]))  # type: ignore[arg-type]
    return np.asarray(figure, dtype=np.float64)


def _grid(months: float) -> Floats:
    return np.asarray(np.arange(0.0, months + EVERY_MONTHS / 2, EVERY_MONTHS), dtype=np.float64)


def _simulated(
    people: Sequence[Variant], months: float, more: Sequence[float] = ()
) -> tuple[Floats, dict[str, Floats]]:
    """Observables of mean people at each quarter of a month and at further months, ``(n, K)``; and those months."""
    model = OsteonModel()
    names = sorted({name for _, traits, _ in people for name in traits})
    parameters = {
        name: np.array([traits.get(name, model.parameters[name]) for _, traits, _ in people]) for name in names
    }
    ages, grid = [age for age, _, _ in people], np.unique(np.concatenate([_grid(months), np.asarray(more)]))
    run = simulate(
        model,
        ages,
        [regimen for _, _, regimen in people],
        output_years=np.maximum(grid * DAYS_PER_MONTH - BEFORE_DOSE_DAYS, 0.0) / DAYS_PER_YEAR,
        observe=OBSERVABLES,
        parameters=parameters,
    ).require_ok()
    # The engine reads day 0 after the first dose; a trial's baseline is taken before it.
    before = simulate(model, ages, output_years=[0.0], observe=OBSERVABLES, parameters=parameters).require_ok()
    return grid, {
        name: np.concatenate([before.observables[name], values[:, 1:]], axis=1)
        for name, values in run.observables.items()
    }
