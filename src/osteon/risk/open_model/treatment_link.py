"""From a gain in bone density to a fall in fracture risk: what density explains, and what the trials saw.

The model by itself knows only what density explains: a gain moves the T-score, and the gradient of risk between people
does the rest. Trials of 19 agents saw larger reductions for the same gain, since a treatment also changes what a
density scan does not show. Two ways are therefore offered, and never mixed in silence:

* ``density``: the gradient alone (:func:`osteon.risk.open_model.path_risks`). The default.
* ``trials``: hip and clinical spine fracture fall as the meta-regression of trials expects for that gain over the
  untreated path; forearm and shoulder, for which no slope was read, follow the gradient. A loss follows the gradient.

Nothing is fitted. Beyond a gain of 6 %, the end of the printed range, the reduction at 6 % is kept.

Sources: ``bouxsein2019_link`` (reductions for 2 % and 6 % more total-hip density than placebo),
``eastell2022_surrogate`` (the least difference that predicts a benefit), ``kanis2000_malmo`` (share of the spine among
the other sites).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.evidence import value
from osteon.person import Sex
from osteon.risk.open_model.baseline import hip_hazard, other_hazard
from osteon.risk.open_model.country import DEFAULT, Country
from osteon.risk.open_model.density import log_gradients, t_score_spread
from osteon.risk.open_model.engine import Hazards, Path, at_times, hazards
from osteon.risk.open_model.factors import RiskFactors
from osteon.risk.open_model.parameters import Parameters, printed

Floats = NDArray[np.float64]

SOURCES = ("bouxsein2019_link", "eastell2022_surrogate")
LARGEST_PRINTED_GAIN = 6.0

Link = Literal["density", "trials"]

_REFERENCE = "nhanes3.femoral_neck.female_white_20_29"


def _bmd(t_score: ArrayLike) -> Floats:
    return value(f"{_REFERENCE}.mean") + np.asarray(t_score, dtype=np.float64) * value(f"{_REFERENCE}.sd")


def t_score_gain(t_score: float, gain_percent: float) -> float:
    """What a gain in percent adds to a femoral-neck T-score."""
    return float(_bmd(t_score)) * gain_percent / 100 / value(f"{_REFERENCE}.sd")


def modelled_reduction(
    outcome: Literal["hip", "other", "major"], gain_percent: float, *, sex: Sex, age_years: float, t_score: float
) -> float:
    """Percent by which the yearly hazard falls with a gain in density, by the gradient alone.

    Parameters
    ----------
    outcome
        Hip; the other major sites; or all major sites together, weighted as in the population of that age.
    gain_percent
        More femoral-neck density than without treatment, percent.
    sex, age_years, t_score
        The person, untreated.
    """
    gained = t_score_gain(t_score, gain_percent) / t_score_spread(sex)
    by_hip, by_other = (float(np.exp(-g[0, 0] * gained)) for g in log_gradients(sex, age_years, printed()))
    hip, other = float(hip_hazard(sex, age_years)), float(other_hazard(sex, age_years))
    ratio = {"hip": by_hip, "other": by_other, "major": (by_hip * hip + by_other * other) / (hip + other)}[outcome]
    return 100.0 * (1.0 - ratio)


def trial_ratio(outcome: Literal["hip", "vertebral"], gain_percent: ArrayLike) -> Floats:
    """Risk ratio that the meta-regression expects: straight on the log scale from none through its printed points.

    Gains below 0 count as 0, gains above 6 % as 6 %.
    """
    points = [value(f"fracture.meta_regression.{outcome}.gain_{gain}_percent") for gain in (2, 6)]
    logs = [0.0, *(np.log1p(-reduction / 100) for reduction in points)]
    gain = np.clip(np.asarray(gain_percent, dtype=np.float64), 0.0, LARGEST_PRINTED_GAIN)
    ratio: Floats = np.exp(np.interp(gain, [0.0, 2.0, LARGEST_PRINTED_GAIN], logs))
    return ratio


def spine_share(sex: Sex) -> float:
    """Share of clinical spine among spine, forearm and shoulder, from lifetime risks in Malmö."""
    sites = {site: value(f"fracture.lifetime_from_45.{sex}.{site}") for site in ("spine", "forearm", "shoulder")}
    return sites["spine"] / sum(sites.values())


@dataclass(frozen=True, slots=True)
class SiteHazards:
    """Events per person-year in each year: three groups of sites (draws, ..., years), and death (years,).

    ``limb`` is forearm and shoulder.
    """

    hip: Floats
    spine: Floats
    limb: Floats
    death: Floats

    def major(self) -> Hazards:
        """The same as hip and other major sites."""
        return Hazards(self.hip, self.spine + self.limb, self.death)


def site_hazards(
    sex: Sex,
    age_years: float,
    factors: RiskFactors,
    *,
    treated: Path,
    link: Link,
    untreated: Path | None = None,
    hip_gain_percent: Path | None = None,
    horizon_years: int = 10,
    parameters: Parameters | None = None,
    country: Country = DEFAULT,
) -> SiteHazards:
    """Hazards by site along paths of bone density, by one of the two links.

    Parameters
    ----------
    sex, age_years, factors, horizon_years, parameters, country
        As in :func:`osteon.risk.open_model.engine.hazards`.
    treated
        Paths of femoral-neck T-scores, shape (..., times).
    link
        ``density`` or ``trials``.
    untreated
        For ``trials``: femoral-neck T-scores without the treatment, one path for all (times,) or one for each.
    hip_gain_percent
        For ``trials``: how much more total-hip density each path holds than without the treatment, percent, in the
        shape of ``treated`` (a path of percentages in the place of T-scores). By default, the gain at the femoral
        neck stands for it.

    Raises
    ------
    ModelError
        The ages are outside those of the model, or a path ends before the horizon.
    ValueError
        ``trials`` without ``untreated``.
    """
    ratios = parameters or printed()

    def ask(bone: Path) -> Hazards:
        return hazards(
            sex,
            age_years,
            factors,
            bone=bone,
            horizon_years=horizon_years,
            parameters=ratios,
            country=country,
        )

    by_density = ask(treated)
    share = spine_share(sex)
    if link == "density":
        return SiteHazards(by_density.hip, share * by_density.other, (1 - share) * by_density.other, by_density.death)
    if untreated is None:
        raise ValueError("the trials link needs the untreated path")
    without = ask(untreated)
    ahead: Floats = np.arange(horizon_years, dtype=np.float64) + 0.5
    if hip_gain_percent is None:
        gain = 100.0 * (_bmd(at_times(treated, ahead)) / _bmd(at_times(untreated, ahead)) - 1.0)
    else:
        gain = at_times(hip_gain_percent, ahead)
    missing = (1,) * (by_density.hip.ndim - without.hip.ndim)
    own_hip, own_other, death = (
        h.reshape(ratios.draws, *missing, *h.shape[1:]) for h in (without.hip, without.other, without.death)
    )
    hip = np.where(gain > 0, trial_ratio("hip", gain) * own_hip, by_density.hip)
    spine = share * np.where(gain > 0, trial_ratio("vertebral", gain) * own_other, by_density.other)
    return SiteHazards(hip, spine, (1 - share) * by_density.other, death)
