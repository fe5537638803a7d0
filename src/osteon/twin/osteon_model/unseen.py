"""How far the model was from trial results that it had not seen: by therapy, and as a band around a curve.

Every figure comes from the validation. It is kept in two data files, so that a report need not run the trials again;
``python -m osteon.twin.osteon_model.unseen`` writes them anew and has to be run after each calibration.

The band of a kind of path is a normal distribution around the curve whose spread grows with the square root of time,
in percentage points of BMD today. Its size is the root mean square of ``error / sqrt(years)`` over all results that
were never fitted, or more where that would leave out more than one in ten of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.csv_text import csv_text
from osteon.evidence.loader import EvidenceError, table
from osteon.evidence.therapies import MEDICINE_GROUPS, THERAPIES
from osteon.twin.osteon_model.published import ArmSetup, arm_setups
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.osteon_model.validate import FigureFit, OsteonValidation, validate_osteon

Floats = NDArray[np.float64]
PathKind = Literal["no medicine", "medicine"]

RESULTS_FILE, BAND_FILE = "osteon_model_unseen_results.csv", "osteon_model_unseen_band.csv"
UNSEEN = ("validate", "unlisted", "later")
"""Roles of the results that were never fitted. Negative controls hold by construction and do not count."""

CALCIUM = "calcium_vitamin_d"
HALF_WIDTHS = 1.644854
"""Standard deviations of a normal distribution to each end of its 90 % interval."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """One printed BMD result of one therapy beside the prediction, in percentage points.

    ``unseen`` is false for a result that was fitted; ``men`` whether the arm was of men.
    """

    therapy: str
    study: str
    arm: str
    site: SiteName
    months: float
    observed: float
    predicted: float
    unseen: bool
    men: bool

    @property
    def error(self) -> float:
        """Predicted minus observed."""
        return self.predicted - self.observed


@dataclass(frozen=True, slots=True)
class UnseenBand:
    """The spread of the model's error at one site, in percentage points after one year."""

    kind: PathKind
    site: SiteName
    results: int
    points_after_a_year: float
    share_inside: float

    def spread(self, t_years: Floats) -> Floats:
        """Standard deviation at each time, as a fraction of BMD today."""
        return np.asarray(self.points_after_a_year / 100.0 * np.sqrt(np.maximum(t_years, 0.0)))

    def half_width(self, t_years: Floats) -> Floats:
        """From the curve to each end of its 90 % band at each time, as a fraction of BMD today."""
        return HALF_WIDTHS * self.spread(t_years)


@cache
def trial_results() -> tuple[TrialResult, ...]:
    """The results by therapy, as kept."""
    return tuple(
        TrialResult(
            therapy=row["therapy"],
            study=row["study"],
            arm=row["arm"],
            site=_site(row["site"]),
            months=float(row["months"]),
            observed=float(row["observed"]),
            predicted=float(row["predicted"]),
            unseen=row["unseen"] == "yes",
            men=row["men"] == "yes",
        )
        for row in table(RESULTS_FILE)
    )


@cache
def unseen_band(kind: PathKind, site: SiteName) -> UnseenBand:
    """The band of one kind of path at one site, as kept."""
    for row in table(BAND_FILE):
        if (row["kind"], row["site"]) == (kind, site):
            numbers = float(row["points_after_a_year"]), float(row["share_inside"])
            return UnseenBand(kind, site, int(row["results"]), *numbers)
    raise EvidenceError(f"there is no band for {kind} at the {site}", where=BAND_FILE)


def _site(text: str) -> SiteName:
    return next(site for site in SITES if site == text)


def results_by_therapy(found: OsteonValidation) -> tuple[TrialResult, ...]:
    """Assign each printed BMD result to the therapy that it tests.

    An arm tests a therapy when nothing but calcium and vitamin D is given beside it. An arm that starts with a
    bone-forming medicine and goes on with an antiresorptive tests the former, which is how it is used.
    """
    setups = arm_setups()
    kept = []
    for one in found.figures:
        site = next((site for site in SITES if one.observable == f"bmd_{site}"), None)
        setup = setups[one.study, one.arm]
        therapy = therapy_of_arm(setup)
        if site is None or therapy is None or one.kind not in ("change_percent", "difference_points"):
            continue
        if one.role in (*UNSEEN, "calibrate"):
            kept.append(
                TrialResult(
                    therapy=therapy,
                    study=one.study,
                    arm=one.arm,
                    site=site,
                    months=one.months,
                    observed=one.observed,
                    predicted=one.predicted,
                    unseen=one.role in UNSEEN,
                    men=setup.traits["male"] == 1.0,
                )
            )
    order = list(THERAPIES)
    return tuple(sorted(kept, key=lambda one: (order.index(one.therapy), not one.unseen, one.study)))


def therapy_of_arm(setup: ArmSetup) -> str | None:
    """The therapy that an arm tests, none when it is a mixture or none of ours."""
    courses = [course for course in setup.regimen.courses if course.drug != CALCIUM]
    starts: dict[str, float] = {}
    for course in courses:
        day = course.start_day if hasattr(course, "start_day") else course.first_day
        starts[course.drug] = min(day, starts.get(course.drug, math.inf))
    if not starts:
        return CALCIUM if setup.regimen.courses else "none"
    first = min(starts, key=lambda drug: starts[drug])
    if first not in THERAPIES:
        return None
    later = [drug for drug in starts if drug != first]
    if not later:
        return first
    follows = all(THERAPIES[drug].group == "antiresorptive" and starts[drug] > starts[first] for drug in later)
    return first if THERAPIES[first].group == "anabolic" and follows else None


def unseen_bands(found: OsteonValidation) -> tuple[UnseenBand, ...]:
    """The band of each kind of path and site, over every result that was never fitted, whatever was given."""
    setups = arm_setups()
    bands = []
    kinds: tuple[PathKind, ...] = ("no medicine", "medicine")
    for kind in kinds:
        for site in SITES:
            counted = [
                one
                for one in found.figures
                if one.role in UNSEEN
                and one.observable == f"bmd_{site}"
                and path_kind(setups[one.study, one.arm].regimen.drugs) == kind
            ]
            bands.append(_band(kind, site, counted))
    return tuple(bands)


def path_kind(therapies: Iterable[str]) -> PathKind:
    """The kind of path on which these are given."""
    known = (one for one in therapies if one in THERAPIES)
    return "medicine" if any(THERAPIES[one].group in MEDICINE_GROUPS for one in known) else "no medicine"


def _band(kind: PathKind, site: SiteName, counted: Sequence[FigureFit]) -> UnseenBand:
    years = np.array([one.months / 12.0 for one in counted])
    errors = np.array([one.predicted - one.observed for one in counted])
    scaled = errors / np.sqrt(years)
    nine_in_ten = float(np.quantile(np.abs(scaled), 0.9, method="higher")) / HALF_WIDTHS
    size = max(float(np.sqrt(np.mean(scaled**2))), nine_in_ten * (1.0 + 1e-3))  # rounding must not cut one off
    return UnseenBand(kind, site, len(counted), size, float(np.mean(np.abs(scaled) <= HALF_WIDTHS * size)))


RESULTS_HEADING = (
    "Printed BMD results of each therapy beside the prediction, in percentage points; unseen ones were never fitted.",
    "Written by python -m osteon.twin.osteon_model.unseen from the validation; not edited by hand.",
)
BAND_HEADING = (
    "Spread of the model's error on results that it had not seen: standard deviation in percentage points of BMD after",
    "one year, growing with the square root of time. Written by python -m osteon.twin.osteon_model.unseen.",
)


def results_csv(results: Iterable[TrialResult]) -> str:
    """The file of results by therapy."""
    rows = (
        (
            one.therapy,
            one.study,
            one.arm,
            one.site,
            f"{one.months:g}",
            f"{one.observed:g}",
            f"{one.predicted:.2f}",
            "yes" if one.unseen else "no",
            "yes" if one.men else "no",
        )
        for one in results
    )
    names = ("therapy", "study", "arm", "site", "months", "observed", "predicted", "unseen", "men")
    return csv_text(names, rows, heading=RESULTS_HEADING)


def band_csv(bands: Iterable[UnseenBand]) -> str:
    """The file of bands."""
    rows = (
        (one.kind, one.site, str(one.results), f"{one.points_after_a_year:.2f}", f"{one.share_inside:.2f}")
        for one in bands
    )
    columns = ("kind", "site", "results", "points_after_a_year", "share_inside")
    return csv_text(columns, rows, heading=BAND_HEADING)


def main() -> None:
    """Write both files from the present parameters."""
    found = validate_osteon()
    folder = Path(str(files("osteon.evidence").joinpath("data")))
    (folder / RESULTS_FILE).write_text(results_csv(results_by_therapy(found)), encoding="utf-8")
    (folder / BAND_FILE).write_text(band_csv(unseen_bands(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
