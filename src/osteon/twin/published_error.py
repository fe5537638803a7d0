"""The reference model's own error on published trials, as a band around a projection.

For every arm that the publication did not fit, the model's predicted change of total-hip BMD since the start of the
trial is compared with the observed change. The 5th and 95th percentile of these residuals, as a function of the years
since the start, make the band: zero at the start, never narrowing, and widening in proportion beyond the last trial.

It is the error of the model on the **averages** of published trials. It is not the spread between people, and not the
precision of a scan.

Running all trials takes a second, so the band is kept in ``evidence/data/joerg2022_error_band.csv``; a test computes it
anew and compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import table
from osteon.twin.validate import Validation

Floats = NDArray[np.float64]

BIN_EDGES_YEARS = (0.0, 0.3, 0.6, 1.1, 1.6, 2.1, 3.1, 4.1, 12.0)
"""Residuals are pooled in these intervals, each of which holds at least ten."""

INTERVAL = 0.9

BAND_MEANING = (
    "5th to 95th percentile of the model's own error on the average change of total-hip density in published trials "
    "that it was not fitted to; not the spread between people"
)


@dataclass(frozen=True, slots=True)
class ErrorBand:
    """How far the observed mean change lay below and above the predicted one.

    Attributes
    ----------
    t_years
        Knots, from 0.
    below, above
        Distances from the prediction at the knots, as a fraction of the BMD at the start, from 0 up.
    points, arms
        How many observations in how many arms it rests on.
    """

    t_years: Floats
    below: Floats
    above: Floats
    points: int
    arms: int

    def at(self, t_years: Floats) -> tuple[Floats, Floats]:
        """Distances below and above the prediction at the given times; proportional to time beyond the last knot."""
        stretch = np.maximum(t_years / self.t_years[-1], 1.0)
        below, above = (np.interp(t_years, self.t_years, knots) * stretch for knots in (self.below, self.above))
        return below, above


@cache
def published_error() -> ErrorBand:
    """The band of the reference model, as kept in the evidence files."""
    rows = table("joerg2022_error_band.csv")
    t_years, below, above = (np.array([float(row[key]) for row in rows]) for key in ("t_years", "below", "above"))
    return ErrorBand(t_years, below, above, int(rows[0]["points"]), int(rows[0]["arms"]))


def residuals(validation: Validation) -> tuple[Floats, Floats, int]:
    """Predicted minus observed change since the start of the trial, in the arms that were not fitted.

    Returns
    -------
    Years since the start, residuals as a fraction of the BMD at the start, and the number of arms.
    """
    times, errors, arms = [], [], 0
    for fit in validation.arms:
        if fit.observable != "bmd_total_hip" or fit.role == "calibrate":
            continue
        trial = [point for point in fit.points if point.kind == "trial"]
        start = next(point for point in trial if point.t_years == 0.0)
        arms += 1
        for point in trial:
            if point.t_years > 0.0:
                times.append(point.t_years)
                errors.append(point.predicted / start.predicted - point.observed / start.observed)
    return np.array(times), np.array(errors), arms


def error_band(validation: Validation) -> ErrorBand:
    """The band that a validation's residuals make (of ``validate_reference(exact_dosing=True)``)."""
    times, errors, arms = residuals(validation)
    knots, below, above = [0.0], [0.0], [0.0]
    tail = (1.0 - INTERVAL) / 2.0
    for low, high in pairwise(BIN_EDGES_YEARS):
        inside = (times > low) & (times <= high)
        knots.append(float(np.median(times[inside])))
        # A residual above zero means that the observed change was below the prediction, and the other way round.
        below.append(max(below[-1], float(np.quantile(errors[inside], 1.0 - tail))))
        above.append(max(above[-1], float(-np.quantile(errors[inside], tail))))
    return ErrorBand(np.array(knots), np.array(below), np.array(above), len(times), arms)
