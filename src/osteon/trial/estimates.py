r"""Differences between two arms from sums over people: ANCOVA on baseline, or the difference of means.

**ANCOVA** with one slope for both arms: with within-arm sums of squares :math:`S`, slope :math:`b = S_{xy} / S_{xx}`,

.. math:: d = \bar y_1 - \bar y_0 - b (\bar x_1 - \bar x_0), \qquad
          \mathrm{var}\, d = \frac{S_{yy} - b S_{xy}}{n - 3}
          \left(\frac{1}{n_0} + \frac{1}{n_1} + \frac{(\bar x_1 - \bar x_0)^2}{S_{xx}}\right)

**Difference** of means by Welch's test, which does not take the spreads for equal.

Both work on arrays of sums, one entry a trial: many simulated trials are analysed at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError
from osteon.trial.student import quantile, two_sided_p

Floats = NDArray[np.float64]
Method = Literal["ancova", "difference"]

FEWEST = 3
"""People with a measurement that each arm needs."""


def moments(x: Floats, y: Floats) -> Floats:
    """Count and sums of ``x, y, xx, xy, yy`` over the last axis, ``(..., 6)``."""
    parts = (np.ones_like(x), x, y, x * x, x * y, y * y)
    return np.stack([part.sum(axis=-1) for part in parts], axis=-1)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Active arm minus control for each trial: difference, standard error, degrees of freedom, ``(...,)`` each."""

    difference: Floats
    error: Floats
    freedom: Floats

    def significant(self, level: float) -> NDArray[np.bool_]:
        """Whether each two-sided test at this level finds a difference."""
        critical = np.array([_critical(level, one) for one in np.ravel(self.freedom).tolist()])
        return np.asarray(np.abs(self.difference) > critical.reshape(self.freedom.shape) * self.error)


def contrast(control: Floats, active: Floats, method: Method) -> Contrast:
    """Compare two arms by their :func:`moments`.

    Raises
    ------
    ModelError
        An arm has fewer than three people.
    """
    if min(float(control[..., 0].min()), float(active[..., 0].min())) < FEWEST:
        raise ModelError("an arm has hardly anybody with a measurement", mend="Ask for more people or fewer losses")
    n0, n1 = control[..., 0], active[..., 0]
    y0, y1 = control[..., 2] / n0, active[..., 2] / n1
    s_yy = [one[..., 5] - one[..., 2] ** 2 / one[..., 0] for one in (control, active)]
    if method == "difference":
        v0, v1 = s_yy[0] / (n0 - 1.0) / n0, s_yy[1] / (n1 - 1.0) / n1
        freedom = (v0 + v1) ** 2 / (v0**2 / (n0 - 1.0) + v1**2 / (n1 - 1.0))
        return Contrast(y1 - y0, np.sqrt(v0 + v1), freedom)
    x0, x1 = control[..., 1] / n0, active[..., 1] / n1
    s_xx = sum(one[..., 3] - one[..., 1] ** 2 / one[..., 0] for one in (control, active))
    s_xy = sum(one[..., 4] - one[..., 1] * one[..., 2] / one[..., 0] for one in (control, active))
    slope = s_xy / s_xx
    freedom = n0 + n1 - 3.0
    variance = (sum(s_yy) - slope * s_xy) / freedom
    error = np.sqrt(variance * (1.0 / n0 + 1.0 / n1 + (x1 - x0) ** 2 / s_xx))
    return Contrast(y1 - y0 - slope * (x1 - x0), error, freedom)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One difference with its interval and two-sided p-value."""

    difference: float
    low: float
    high: float
    p: float


def estimate(found: Contrast, level: float) -> Estimate:
    """The estimate of one trial, with the interval that belongs to the level."""
    difference, error, freedom = (float(one) for one in (found.difference, found.error, found.freedom))
    half = quantile(1.0 - level / 2.0, freedom) * error
    return Estimate(difference, difference - half, difference + half, two_sided_p(difference / error, freedom))


def _critical(level: float, freedom: float) -> float:
    """The limit of a two-sided test; between whole degrees of freedom, which are kept, straight in their inverse."""
    below = max(math.floor(freedom), 1)
    low = _at_whole(level, below)
    share = (1.0 / below - 1.0 / max(freedom, 1.0)) * below * (below + 1.0)
    return low if share == 0.0 else low + share * (_at_whole(level, below + 1) - low)


@lru_cache(maxsize=4096)
def _at_whole(level: float, freedom: int) -> float:
    return quantile(1.0 - level / 2.0, freedom)
