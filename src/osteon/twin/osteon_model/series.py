"""Readings of one digitised curve share part of their error: an arm's whole curve lies a little too high or too low.

Small arms differ by chance, and every reading of an arm is compared with the same first one. Twenty readings of one arm
therefore say less about the level of its curve than twenty arms would, and as much about its shape. With correlation
``c`` between any two of ``n`` errors of equal size, the residuals of a series become independent again by::

    r' = (r - (1 - k) mean(r)) / sqrt(1 - c)         k = sqrt((1 - c) / (1 + (n - 1) c))
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHARED_ERROR: Mapping[str, float] = MappingProxyType(
    {
        "bmd_lumbar_spine": 0.5,
        "bmd_total_hip": 0.5,
        "bmd_femoral_neck": 0.5,
        "ctx": 0.3,
        "p1np": 0.0,
        "bsap": 0.2,
    }
)
"""Correlation ``c`` by observable, as :func:`shared_error` finds it in the residuals of the fit (a test compares)."""

FEWEST_READINGS = 4
"""Shorter series say too little about their own scatter."""


@dataclass(frozen=True, slots=True)
class Series:
    """The places of one series among the residuals, and what it observes."""

    observable: str
    places: NDArray[np.intp]


def collect(keys: Sequence[tuple[int, str] | None]) -> tuple[Series, ...]:
    """The series among residuals, from the (arm, observable) of each; None belongs to no series."""
    together: dict[tuple[int, str], list[int]] = {}
    for place, key in enumerate(keys):
        if key is not None:
            together.setdefault(key, []).append(place)
    return tuple(Series(observable, np.array(places)) for (_, observable), places in together.items())


def whiten(residuals: Floats, series: Sequence[Series]) -> Floats:
    """The residuals ``(n, ...)`` with those of each series made independent of each other."""
    found = residuals.copy()
    for one in series:
        shared = SHARED_ERROR[one.observable]
        kept = math.sqrt((1.0 - shared) / (1.0 + (len(one.places) - 1.0) * shared))
        here = residuals[one.places]
        found[one.places] = (here - (1.0 - kept) * here.mean(axis=0)) / math.sqrt(1.0 - shared)
    return found


def shared_error(residuals: Floats, series: Sequence[Series]) -> float:
    """The correlation of errors within series, from residuals ``(n,)`` that are not whitened.

    Analysis of variance, one-way with random groups: the mean square of the series' means beyond what the scatter
    within them makes, as a share of both. The model's own error is in it.
    """
    parts = [residuals[one.places] for one in series if len(one.places) >= FEWEST_READINGS]
    readings = np.array([len(part) for part in parts])
    means = np.array([part.mean() for part in parts])
    within = float(np.average([part.var(ddof=1) for part in parts], weights=readings - 1))
    between = float(np.mean(means**2) - within * np.mean(1.0 / readings))
    return max(between, 0.0) / (max(between, 0.0) + within)
