"""The drawn band of a projection and what it is made of."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from osteon.twin.osteon_model.sites import SiteName
from osteon.twin.osteon_model.unseen import HALF_WIDTHS, path_kind, unseen_band
from osteon.twin.personalise.likelihood import precision
from osteon.twin.result import Band, BandParts
from osteon.twin.variability.draws import normals

Floats = NDArray[np.float64]

INTERVAL = 0.9
STUDY = "a report's projection"

INTERVAL_MEANING = (
    "The band holds 90 of 100 possible courses. It joins how much people with the same record differ with how far the "
    "model was from trial results that it had not seen. The precision of a scan is not in it."
)


@dataclass(frozen=True, slots=True)
class Ends:
    """Lower and upper end at each time, relative to BMD today, ``(J,)``."""

    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class SiteBand:
    """BMD of one site relative to today: the middle, the drawn band, and its parts; ``(J,)`` each."""

    median: Floats
    drawn: Ends
    people: Ends
    model_error: Ends
    measured: Ends
    cells: Ends | None = None

    def parts(self, scale: float) -> BandParts:
        """The parts in the unit of the projection, ``scale`` being today's value."""
        return BandParts(
            people=_band(self.people, scale),
            model_error=_band(self.model_error, scale),
            measured=_band(self.measured, scale),
            cells=None if self.cells is None else _band(self.cells, scale),
        )


def site_band(
    relative: Floats, therapies: Iterable[str], site: SiteName, t_years: Floats, *, cells: Floats | None = None
) -> SiteBand:
    """The bands of one regimen at one site.

    Parameters
    ----------
    relative
        BMD relative to today in each sample of the personal fit, ``(samples, J)``.
    therapies
        What is given: it decides which error of the model applies.
    site, t_years
        The site, and the times, ``(J,)``.
    cells
        What cells add in each draw, centred on nothing, ``(draws, J)``.
    """
    median = np.median(relative, axis=0)
    spread = unseen_band(path_kind(therapies), site).spread(t_years)
    error, scans = _normal_scores(site, len(relative))
    both = relative + error[:, None] * spread
    read = both + scans[:, None] * (math.sqrt(2.0) * precision(site))
    return SiteBand(
        median=median,
        drawn=_ends(both, median),
        people=_ends(relative, median),
        model_error=Ends(np.maximum(median - HALF_WIDTHS * spread, 0.0), median + HALF_WIDTHS * spread),
        measured=_ends(read, median),
        cells=None if cells is None else _ends(median + cells, median),
    )


@cache
def _normal_scores(site: SiteName, samples: int) -> tuple[Floats, Floats]:
    """Two series of exactly normal numbers, in orders that have nothing to do with the samples."""
    even = (np.arange(samples) + 0.5) / samples
    scores = np.array([NormalDist().inv_cdf(float(p)) for p in even])
    orders = normals(STUDY, f"errors at the {site}", np.arange(samples), 2)
    return scores[np.argsort(orders[0])], scores[np.argsort(orders[1])]


def _ends(samples: Floats, median: Floats) -> Ends:
    """The interval at each time; never without the middle, from which chance could part it by a hair today."""
    lower, upper = np.quantile(samples, [0.5 - INTERVAL / 2.0, 0.5 + INTERVAL / 2.0], axis=0)
    return Ends(np.clip(lower, 0.0, median), np.maximum(upper, median))


def _band(ends: Ends, scale: float) -> Band:
    lower, upper = (tuple(map(float, np.round(scale * one, 6))) for one in (ends.lower, ends.upper))
    return Band(lower=lower, upper=upper)
