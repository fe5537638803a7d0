"""The interval of a share of simulated trials."""

from __future__ import annotations

import math
from statistics import NormalDist


def wilson(hits: float, trials: int, share: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a share: so many of so many trials.

    Source: Wilson EB (1927), J Am Stat Assoc 22:209-212.
    """
    z = NormalDist().inv_cdf(0.5 + share / 2.0)
    p = hits / trials
    middle = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    return max(middle - half, 0.0), min(middle + half, 1.0)
