"""The reference model's own error on published trials, as a band around a projection.

For each class of path (untreated, antiresorptive, anabolic: see :mod:`osteon.twin.trial_changes`) the model's change of
total-hip BMD since the start of treatment is compared with the observed one. The 5th and 95th percentile of these
residuals, as a function of the years since the start, make the band: zero at the start, never narrowing. Beyond the
last trial of its class each band widens by as much a year as the untreated one does on average.

The untreated band rests on arms that were not fitted alone. The two others take the fitted arms in as well, because
alendronate and teriparatide alone were hardly seen in any other, and the error of the fit to alendronate is large.

It is the error of the model on the **averages** of published trials. It is not the spread between people, and not the
precision of a scan.

Running all trials takes a second, so the bands are kept in ``evidence/data/joerg2022_error_band.csv``; a test computes
them anew and compares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import table, value
from osteon.twin.trial_changes import PATH_CLASSES, PathClass, TrialChange

Floats = NDArray[np.float64]

BIN_EDGES_YEARS: Mapping[PathClass, tuple[float, ...]] = {
    "untreated": (0.0, 0.6, 1.1, 2.1, 4.1),
    "antiresorptive": (0.0, 0.3, 0.6, 1.1, 2.1, 4.1, 12.0),
    "anabolic": (0.0, 0.6, 1.1, 2.1, 3.1, 4.1),
}
"""Residuals are pooled in these intervals, each of which holds at least five."""

INTERVAL = 0.9

PATH_WORDS: Mapping[PathClass, str] = {
    "untreated": "without treatment",
    "antiresorptive": "with antiresorptives only",
    "anabolic": "with an anabolic medicine in it",
}


@dataclass(frozen=True, slots=True)
class ErrorBand:
    """How far the observed mean change lay below and above the predicted one.

    Attributes
    ----------
    t_years
        Knots, from 0.
    below, above
        Distances from the prediction at the knots, as a fraction of the BMD at the start, from 0 up.
    widening
        By how much ``below`` and ``above`` grow in a year beyond the last knot.
    points, arms, fitted_arms
        How many observations in how many arms it rests on, and how many of these the model was fitted to.
    """

    t_years: Floats
    below: Floats
    above: Floats
    widening: tuple[float, float]
    points: int
    arms: int
    fitted_arms: int

    def at(self, t_years: Floats) -> tuple[Floats, Floats]:
        """Distances below and above the prediction at the given times."""
        beyond = np.maximum(t_years - self.t_years[-1], 0.0)
        below, above = (
            np.interp(t_years, self.t_years, knots) + rate * beyond
            for knots, rate in zip((self.below, self.above), self.widening, strict=True)
        )
        return below, above


@cache
def published_errors() -> Mapping[PathClass, ErrorBand]:
    """The bands of the reference model, as kept in the evidence files."""
    knots: dict[PathClass, tuple[Floats, Floats, Floats]] = {}
    counts: dict[PathClass, tuple[int, int, int]] = {}
    for path in PATH_CLASSES:
        rows = [row for row in table("joerg2022_error_band.csv") if row["path"] == path]
        t_years, below, above = (np.array([float(row[key]) for row in rows]) for key in ("t_years", "below", "above"))
        points, arms, fitted_arms = (int(rows[0][key]) for key in ("points", "arms", "fitted_arms"))
        knots[path], counts[path] = (t_years, below, above), (points, arms, fitted_arms)
    t_years, below, above = knots["untreated"]
    widening = (float(below[-1] / t_years[-1]), float(above[-1] / t_years[-1]))
    return {path: ErrorBand(*knots[path], widening, *counts[path]) for path in PATH_CLASSES}


def points_behind(changes: Sequence[TrialChange], path: PathClass) -> list[TrialChange]:
    """The observations on which the band of a class rests."""
    return [one for one in changes if one.path == path and not (path == "untreated" and one.fitted)]


def band_knots(changes: Sequence[TrialChange], path: PathClass) -> tuple[Floats, Floats, Floats]:
    """Times, and distances below and above, that the residuals of a class make.

    Parameters
    ----------
    changes
        Of :func:`osteon.twin.trial_changes.trial_changes`.
    path
        The class.
    """
    behind = points_behind(changes, path)
    times = np.array([one.t_years for one in behind])
    errors = np.array([one.predicted - one.observed for one in behind])
    knots, below, above = [0.0], [0.0], [0.0]
    tail = (1.0 - INTERVAL) / 2.0
    for low, high in pairwise(BIN_EDGES_YEARS[path]):
        inside = (times > low) & (times <= high)
        knots.append(float(np.median(times[inside])))
        # A residual above zero means that the observed change was below the prediction, and the other way round.
        below.append(max(below[-1], float(np.quantile(errors[inside], 1.0 - tail))))
        above.append(max(above[-1], float(-np.quantile(errors[inside], tail))))
    return np.array(knots), np.array(below), np.array(above)


@cache
def band_meaning() -> str:
    """What the line and the band are, and how much each band rests on, in plain words."""
    parts = []
    for path, band in published_errors().items():
        fitted = f"{band.fitted_arms} of them used to fit it" if band.fitted_arms else "none used to fit the model"
        parts.append(f"{PATH_WORDS[path]} ({band.points} points in {band.arms} arms, {fitted})")
    return (
        "The line is the model's curve for a woman of this age, not a median of people. The band is the 5th to 95th "
        "percentile of the model's own error on the average change of total-hip density in published trials, apart for "
        f"paths {', '.join(parts[:-1])} and {parts[-1]}. It is not the spread between people, which is wider"
    )


def error_statement() -> str:
    """The model's mean error on the change since the start of treatment, class by class, beside the change itself."""
    parts = []
    for path in PATH_CLASSES:
        error, change = (
            value(f"joerg2022.change.{path}.{key}") for key in ("mean_error_points", "mean_observed_percent")
        )
        parts.append(f"{error:.1f} {PATH_WORDS[path]} (mean change {signed(change)} %)")
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"


def signed(percent: float) -> str:
    """A percentage with its sign and one decimal: ``+2.1``, ``−0.7``, ``0.0``."""
    text = f"{abs(percent):.1f}"
    if text == "0.0":
        return text
    return f"+{text}" if percent > 0 else f"−{text}"
