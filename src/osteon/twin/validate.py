"""How well the reference model predicts the published trials, arm by arm.

The errors are those of the publication's goodness of fit: for each arm and observable, the mean absolute error and the
mean absolute error relative to the observed value, over the trial's points and the ageing points that belong to the
arm. Total-hip BMD is relative to age 25; a turnover marker is relative to its value at the start of the trial.

The author's program sampled continuous dosing every 14 days and joined the samples by straight lines. For teriparatide,
which is gone within hours, its effect therefore rises over the first 14 days and ends 13 days before the last dose. To
be comparable, the arms are run with that profile: no arm's relative BMD error then differs from the published one by
more than 0.013 percentage points (0.021 with exact dosing).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from osteon.errors import UsageError
from osteon.evidence.loader import table
from osteon.twin.engine.model import DAYS_PER_YEAR
from osteon.twin.engine.regimen import Bolus, Course, Infusion, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.reference.joerg2022 import Joerg2022, published_parameters

Role = Literal["calibrate", "validate", "reference"]

ROLES: Mapping[str, Role] = {
    "calibration": "calibrate",
    "validation_main": "validate",
    "validation_supplementary": "validate",
    "digitised_not_in_reported_goodness_of_fit": "reference",
}
"""The part an arm played in the publication; ``reference`` is an arm whose data are there and whose error is not."""

OBSERVABLES: Mapping[str, str] = {
    "bmd_total_hip_rel_age25": "bmd_total_hip",
    "p1np_rel_baseline": "p1np",
    "bsap_rel_baseline": "bsap",
    "ctx_rel_baseline": "ctx",
}


SAMPLING_DAYS, TAIL_DECAY_TIMES = 14.0, 10.0
"""The author's program: the interval at which continuous dosing is sampled, and how far beyond the last dose."""

RISE_PARTS = 28
"""The straight rise over the first sampling interval is given in this many equal parts."""


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Point(_Result):
    """One observed mean and its prediction. ``kind`` tells the trial's points from those of the ageing curve."""

    t_years: float
    observed: float
    predicted: float
    low: float | None
    high: float | None
    kind: Literal["trial", "ageing"]


class ArmFit(_Result):
    """One observable in one arm: its errors and its points. ``mape`` is a fraction (0.01 is one per cent)."""

    arm: str
    study: str
    role: Role
    observable: Literal["bmd_total_hip", "p1np", "bsap", "ctx"]
    site: Literal["total_hip"] | None
    n: int
    mae: float
    mape: float
    points: tuple[Point, ...]


class ObservableSummary(_Result):
    """One observable over all arms: point-weighted errors, and the median and worst arm."""

    arms: int
    points: int
    mae: float
    mape: float
    median_arm_mape: float
    worst_arm: str
    worst_arm_mape: float


class Validation(_Result):
    """All arms, and a summary by observable."""

    model: Literal["reference"]
    arms: tuple[ArmFit, ...]
    summary: dict[str, ObservableSummary]


def validate(model: str = "reference") -> Validation:
    """Run every published arm through a model.

    Parameters
    ----------
    model
        ``reference``.

    Raises
    ------
    UsageError
        There is no such model to validate.
    """
    if model != "reference":
        raise UsageError(f"there is no model called {model!r} to validate", mend="Write reference")
    return validate_reference()


@cache
def validate_reference(*, exact_dosing: bool = False) -> Validation:
    """Run the 35 published arms through the reference model; kept after the first call.

    Parameters
    ----------
    exact_dosing
        Give continuous doses exactly, in place of the profile of the author's program.
    """
    clinical: dict[str, list[Mapping[str, str]]] = {}
    for row in table("joerg2022_clinical.csv"):
        clinical.setdefault(row["arm"], []).append(row)
    doses: dict[str, list[Mapping[str, str]]] = {arm: [] for arm in clinical}
    for row in table("joerg2022_dosing.csv"):
        doses[row["arm"]].append(row)
    fits = [fit for arm, rows in sorted(clinical.items()) for fit in _fit_arm(arm, rows, doses[arm], exact_dosing)]
    summary = {name: _summarise([fit for fit in fits if fit.observable == name]) for name in OBSERVABLES.values()}
    return Validation(model="reference", arms=tuple(fits), summary=summary)


def _fit_arm(
    arm: str, rows: Sequence[Mapping[str, str]], doses: Sequence[Mapping[str, str]], exact_dosing: bool
) -> list[ArmFit]:
    model = Joerg2022()
    start_day = _start_day(rows)
    days = np.unique([float(row["time_days"]) for row in rows])
    regimen = _regimen(arm, doses, start_day)
    if not exact_dosing:
        regimen = Regimen(arm, tuple(part for course in regimen.courses for part in as_published(course)))
    predicted = _predict(model, regimen, start_day, days)
    fits = []
    for key, observable in OBSERVABLES.items():
        points = []
        for row in rows:
            if row["observable"] != key:
                continue
            at = int(np.searchsorted(days, float(row["time_days"])))
            points.append(
                Point(
                    t_years=(float(row["time_days"]) - start_day) / DAYS_PER_YEAR,
                    observed=float(row["value"]),
                    predicted=float(predicted[observable][at]),
                    low=float(row["low"]) if row["low"] else None,
                    high=float(row["high"]) if row["high"] else None,
                    kind="ageing" if row["kind"] == "ageing" else "trial",
                )
            )
        if not points:
            continue
        observed = np.array([point.observed for point in points])
        error = np.abs(np.array([point.predicted for point in points]) - observed)
        fits.append(
            ArmFit(
                arm=arm,
                study=rows[0]["study"],
                role=ROLES[rows[0]["role"]],
                observable=observable,
                site="total_hip" if observable == "bmd_total_hip" else None,
                n=len(points),
                mae=float(error.mean()),
                mape=float((error / observed).mean()),
                points=tuple(points),
            )
        )
    return fits


def _start_day(rows: Sequence[Mapping[str, str]]) -> float:
    """The start of the trial, in days since birth: where the marker ratios are one."""
    starts = {
        round(float(row["time_days"]) - DAYS_PER_YEAR * float(row["years_since_first_dose"]))
        for row in rows
        if row["kind"] == "ageing"
    }
    if len(starts) != 1:
        raise AssertionError(f"{rows[0]['arm']} has {len(starts)} starts")
    return float(starts.pop())


def _regimen(arm: str, doses: Sequence[Mapping[str, str]], start_day: float) -> Regimen:
    courses: list[Course] = []
    for row in doses:
        first, last, amount = (float(row[key]) for key in ("start_day", "end_day", "dose"))
        if row["type"] == "bolus":
            courses.append(Bolus(row["drug"], amount, first - start_day))
        else:
            courses.append(Infusion(row["drug"], amount, first - start_day, last - start_day))
    return Regimen(arm, tuple(courses))


def as_published(course: Course) -> tuple[Course, ...]:
    """A course as the author's program gave it: see the head of this module. Only continuous teriparatide changes."""
    if not isinstance(course, Infusion) or course.drug != "teriparatide":
        return (course,)
    # Ten decay times after the last dose, rounded up to a day, less one sampling interval: the effect is cut off there.
    decay_days = published_parameters()["T_teriparatide"] / math.log(2.0)
    end = math.ceil(course.end_day + TAIL_DECAY_TIMES * decay_days) - SAMPLING_DAYS
    rise = [course.start_day + SAMPLING_DAYS * part / RISE_PARTS for part in range(RISE_PARTS + 1)]
    rising = [
        Infusion(course.drug, course.amount_per_day * (part + 0.5) / RISE_PARTS, begin, stop)
        for part, (begin, stop) in enumerate(pairwise(rise))
    ]
    return (*rising, Infusion(course.drug, course.amount_per_day, rise[-1], end))


def _predict(
    model: Joerg2022, regimen: Regimen, start_day: float, days: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Each observable on each of the days since birth; markers relative to the start of the trial."""
    before, during = days[days < start_day], days[days >= start_day]
    times = np.unique(np.concatenate([[0.0], (during - start_day) / DAYS_PER_YEAR]))
    run = simulate(model, start_day / DAYS_PER_YEAR, regimen, output_years=times, backend="float").require_ok()
    wanted = np.searchsorted(times, (during - start_day) / DAYS_PER_YEAR)
    untreated = [
        simulate(model, day / DAYS_PER_YEAR, output_years=[0.0], observe=["bmd_total_hip"], backend="float")
        for day in before
    ]
    found = {}
    for name in model.observable_names:
        values = run.observables[name][0]
        if name == "bmd_total_hip":
            early = np.array([one.observables[name][0, 0] for one in untreated])
        else:
            early, values = np.full(before.size, np.nan), values / values[0]
        found[name] = np.concatenate([early, values[wanted]])
    return found


def _summarise(fits: Sequence[ArmFit]) -> ObservableSummary:
    points = [point for fit in fits for point in fit.points]
    error = np.array([abs(point.predicted - point.observed) for point in points])
    observed = np.array([point.observed for point in points])
    worst = max(fits, key=lambda fit: fit.mape)
    return ObservableSummary(
        arms=len(fits),
        points=len(points),
        mae=float(error.mean()),
        mape=float((error / observed).mean()),
        median_arm_mape=float(np.median([fit.mape for fit in fits])),
        worst_arm=worst.arm,
        worst_arm_mape=worst.mape,
    )
