r"""The hazard ratio of two arms by Cox's partial likelihood, with one covariate and its interval.

Equation. With :math:`\theta` the ratio and :math:`n_1, n_0` the women at risk in the treated and the control arm just
before an event, the chance that the event falls to a treated woman is :math:`n_1\theta / (n_0 + n_1\theta)`. The
logarithm of :math:`\theta` maximises the product over all events; its variance is the inverse of the information.

Times have no ties here: they are continuous. A tie would be taken in an arbitrary order (Breslow 1974 differs little).

Source: Cox DR (1972), J R Stat Soc B 34:187-220.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HazardRatio:
    """A hazard ratio with its interval, and the events in each arm."""

    ratio: float
    low: float
    high: float
    treated_events: int
    control_events: int


def hazard_ratio(years: Floats, event: Booleans, treated: Booleans, level: float = 0.05) -> HazardRatio:
    """Treated against control.

    Parameters
    ----------
    years
        Time to the event or to the end of follow-up, whichever is first, ``(n,)``.
    event, treated
        Whether it was the event, and whether the woman is in the treated arm, ``(n,)``.
    level
        The two-sided level to which the interval belongs; 0.05 gives the 95 % interval.

    Raises
    ------
    ModelError
        One of the arms has no event: the ratio is not known.
    """
    order = np.argsort(-years, kind="stable")
    arm, happened = treated[order], event[order]
    at_risk_1 = np.cumsum(arm, dtype=np.float64)[happened]
    at_risk_0 = np.cumsum(~arm, dtype=np.float64)[happened]
    to_treated = int(arm[happened].sum())
    events = int(happened.sum())
    if not 0 < to_treated < events:
        raise ModelError("the hazard ratio needs fractures in both arms", mend="Ask for more women or more years")
    log_ratio = 0.0
    for _ in range(50):
        share = at_risk_1 * np.exp(log_ratio)
        share /= share + at_risk_0
        information = float((share * (1.0 - share)).sum())
        step = (to_treated - float(share.sum())) / information
        log_ratio += step
        if abs(step) < 1e-12:
            break
    half = NormalDist().inv_cdf(1.0 - level / 2.0) / np.sqrt(information)
    ratio, low, high = (float(np.exp(log_ratio + by)) for by in (0.0, -half, half))
    return HazardRatio(ratio, low, high, to_treated, events - to_treated)
