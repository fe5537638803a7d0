"""The change of total-hip BMD since the start of treatment, as observed in trials and as the model predicts it.

Every observation of a trial is sorted by what the women had been given until then: nothing (``untreated``),
antiresorptives only (``antiresorptive``), or an anabolic medicine alone, before, after or with an antiresorptive
(``anabolic``). An arm that first got placebo counts as untreated up to its first dose, and its treatment starts there.

Arms with blosozumab are left out: no projection contains it. Observations that two files repeat for the same women (a
core trial and its extension) count once where they are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from osteon.evidence.loader import table
from osteon.evidence.therapies import THERAPIES
from osteon.twin.engine.model import DAYS_PER_YEAR
from osteon.twin.validate import ArmFit, Point, Validation

PathClass = Literal["untreated", "antiresorptive", "anabolic"]
PATH_CLASSES: tuple[PathClass, ...] = get_args(PathClass)

SAME_DAY_YEARS = 0.05
"""A dose within these years after an observation (18 days) has not acted on it yet."""

END_SLACK_YEARS = 0.1
"""Visits fall a little after the last dose has run its interval; so much later, treatment counts as stopped."""

OUTSIDE = ("blosozumab",)


@dataclass(frozen=True, slots=True)
class TrialChange:
    """One observed mean change since the start, with the model's.

    Attributes
    ----------
    arm, fitted
        The arm, and whether the model's parameters were fitted to it.
    path
        What the women had been given until then.
    drugs
        The medicines given until then, sorted.
    stopped
        Whether the last treatment had ended by then.
    t_years
        Years since the first dose; of an untreated arm, since the start of the trial.
    observed, predicted
        Changes as a fraction of the BMD at the start.
    """

    arm: str
    fitted: bool
    path: PathClass
    drugs: tuple[str, ...]
    stopped: bool
    t_years: float
    observed: float
    predicted: float


@dataclass(frozen=True, slots=True)
class Dose:
    """A medicine's use in an arm, in years since the start of the trial."""

    drug: str
    begin: float
    end: float


LASTS_YEARS = {"denosumab": 0.5, "romosozumab": 1.0 / 12.0}
"""How long one injection is meant to last: the interval at which it is licensed."""


def path_class(therapies: Iterable[str]) -> PathClass:
    """The class of a path on which these therapies are given."""
    groups = {THERAPIES[name].group for name in therapies}
    if "anabolic" in groups:
        return "anabolic"
    return "antiresorptive" if "antiresorptive" in groups else "untreated"


def trial_changes(validation: Validation) -> tuple[TrialChange, ...]:
    """Every observed change of total-hip BMD in a validation (of ``validate_reference(exact_dosing=True)``)."""
    starts = {
        row["arm"]: float(row["time_days"]) - DAYS_PER_YEAR * float(row["years_since_first_dose"])
        for row in table("joerg2022_clinical.csv")
        if row["kind"] == "ageing"
    }
    doses: dict[str, list[Dose]] = {}
    for row in table("joerg2022_dosing.csv"):
        begin, end = ((float(row[key]) - round(starts[row["arm"]])) / DAYS_PER_YEAR for key in ("start_day", "end_day"))
        lasts = LASTS_YEARS.get(row["drug"], 0.0)
        doses.setdefault(row["arm"], []).append(Dose(row["drug"], begin, end + lasts))
    found: dict[tuple[object, ...], TrialChange] = {}
    for fit in validation.arms:
        given = doses.get(fit.arm, [])
        if fit.observable == "bmd_total_hip" and not any(dose.drug in OUTSIDE for dose in given):
            for one in _of_arm(fit, given):
                key = (fit.study, one.drugs, round(one.t_years, 2), round(one.observed, 5), round(one.predicted, 5))
                # The same women in a fitted arm and in one that was not: fitted.
                if key not in found or (one.fitted and not found[key].fitted):
                    found[key] = one
    return tuple(found.values())


def _of_arm(fit: ArmFit, given: Sequence[Dose]) -> list[TrialChange]:
    trial = sorted((point for point in fit.points if point.kind == "trial"), key=lambda point: point.t_years)
    first_dose = min((dose.begin for dose in given), default=float("inf"))
    untreated = [point for point in trial if point.t_years <= first_dose + SAME_DAY_YEARS]
    treated = trial[len(untreated) :]
    begin = untreated[-1]
    found = [_change(fit, given, untreated[0], point) for point in untreated[1:]]
    return found + [_change(fit, given, begin, point) for point in treated]


def _change(fit: ArmFit, given: Sequence[Dose], start: Point, point: Point) -> TrialChange:
    drugs = tuple(sorted({dose.drug for dose in given if dose.begin + SAME_DAY_YEARS < point.t_years}))
    ends = [dose.end for dose in given if dose.begin < point.t_years]
    return TrialChange(
        arm=fit.arm,
        fitted=fit.role == "calibrate",
        path=path_class(drugs),
        drugs=drugs,
        stopped=bool(ends) and max(ends) + END_SLACK_YEARS < point.t_years,
        t_years=point.t_years - start.t_years,
        observed=point.observed / start.observed - 1.0,
        predicted=point.predicted / start.predicted - 1.0,
    )
