"""From hazards to probabilities, for many paths of bone density and many sets of ratios at once.

Order: the population's hazards at the middle of each interval, times the relative hazard of the T-score on the path,
times the risk factors, and likewise for death; then the closed-form cumulative incidence with death competing. Yearly
intervals.

When only today's T-score is known, the person keeps their distance to the mean of their age, as in the cohorts that
the gradient was measured in (a BMD once, fractures over the years that followed).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.errors import ModelError
from osteon.person import Sex
from osteon.risk.open_model import mortality
from osteon.risk.open_model.baseline import AGE_HIGH, AGE_LOW, death_hazard, hip_hazard, other_hazard
from osteon.risk.open_model.country import DEFAULT, Country
from osteon.risk.open_model.density import log_gradients, mean_t_score, relative_hazard, t_score_spread
from osteon.risk.open_model.factors import RiskFactors, Setting, multipliers
from osteon.risk.open_model.parameters import Parameters, printed
from osteon.risk.survival import Floats, cumulative_incidence


@dataclass(frozen=True, slots=True)
class Path:
    """Femoral-neck T-scores over time.

    Attributes
    ----------
    t_years
        Times from now, increasing, the first 0, shape (times,).
    t_scores
        Shape (..., times): one path, or one for each therapy, draw or person.
    """

    t_years: NDArray[np.float64]
    t_scores: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Probabilities:
    """What happens until the end of each year, shape (draws, ..., years).

    For each outcome, fracture, death before it, and neither sum to one.
    """

    hip: Floats
    death_before_hip: Floats
    neither_hip_nor_death: Floats
    major: Floats
    death_before_major: Floats
    neither_major_nor_death: Floats


@dataclass(frozen=True, slots=True)
class Hazards:
    """Events per person-year in each year: hip and other major sites (draws, ..., years); death broadcasts to them."""

    hip: Floats
    other: Floats
    death: Floats


def path(t_years: ArrayLike, t_scores: ArrayLike) -> Path:
    """A checked path.

    Raises
    ------
    ValueError
        Times do not start at 0 or do not increase, lengths differ, or a number is not finite.
    """
    times = np.atleast_1d(np.asarray(t_years, dtype=np.float64))
    scores = np.atleast_1d(np.asarray(t_scores, dtype=np.float64))
    if times.ndim != 1 or times[0] != 0.0 or (np.diff(times) <= 0).any():
        raise ValueError("t_years must start at 0 and increase")
    if scores.shape[-1] != times.size:
        raise ValueError("t_scores must have one value for each time")
    if not (np.isfinite(times).all() and np.isfinite(scores).all()):
        raise ValueError("times and T-scores must be finite")
    return Path(times, scores)


def at_times(given: Path, wanted: Floats) -> Floats:
    """T-scores at the wanted times, straight lines between the given ones, shape (..., wanted)."""
    right = np.clip(np.searchsorted(given.t_years, wanted, side="right"), 1, given.t_years.size - 1)
    left = right - 1
    weight = (wanted - given.t_years[left]) / (given.t_years[right] - given.t_years[left])
    return given.t_scores[..., left] * (1 - weight) + given.t_scores[..., right] * weight


def _check(sex: Sex, age_years: float, horizon_years: int) -> None:
    if sex not in ("female", "male"):
        raise ModelError(f"the open fracture model knows no sex {sex!r}", where="sex")
    if horizon_years < 1:
        raise ModelError("the horizon must be at least one year", where="horizon_years")
    if not age_years >= AGE_LOW or age_years + horizon_years > AGE_HIGH:
        raise ModelError(
            f"the open fracture model covers ages {AGE_LOW:g} to {AGE_HIGH:g}, the horizon included",
            where="age_years",
            mend=f"Ask for at most {max(0, int(AGE_HIGH - age_years))} years, or use another tool",
        )


def hazards(
    sex: Sex,
    age_years: float,
    factors: RiskFactors,
    *,
    bone: Path | float | None = None,
    horizon_years: int = 10,
    parameters: Parameters | None = None,
    country: Country = DEFAULT,
) -> Hazards:
    """Hazards of hip fracture, of the other major fractures and of death in each year ahead.

    Parameters
    ----------
    sex, age_years
        The person now; 50 or older.
    factors
        Risk factors; what is not recorded counts as average.
    bone
        A path of femoral-neck T-scores that covers the horizon, today's T-score, or none when it is not known.
    horizon_years
        Whole years ahead.
    parameters
        Sets of ratios; the printed ones by default.
    country
        Whose fracture and death rates the person starts from.

    Raises
    ------
    ModelError
        The ages are outside those of the model, or the path ends before the horizon.
    """
    _check(sex, age_years, horizon_years)
    ratios = parameters or printed()
    ahead: Floats = np.arange(horizon_years, dtype=np.float64) + 0.5
    ages: Floats = age_years + ahead
    at = Setting(sex, ages, ahead, bone is not None, ratios)
    death = death_hazard(sex, ages, country) * mortality.by_factors(factors, at)
    hip = np.broadcast_to(hip_hazard(sex, ages, country), (ratios.draws, horizon_years))
    other = np.broadcast_to(other_hazard(sex, ages, country), (ratios.draws, horizon_years))
    for by_hip, by_other in multipliers(factors, at).values():
        hip, other = hip * by_hip, other * by_other
    if bone is not None:
        if isinstance(bone, Path):
            if bone.t_years[-1] < horizon_years:
                raise ModelError("the path of T-scores ends before the horizon", where="t_years")
            below = mean_t_score(sex, ages) - at_times(bone, ahead)
        else:
            below = np.full(horizon_years, float(mean_t_score(sex, age_years)) - float(bone))
        # (draws, years) against (..., years): put the paths between draws and years.
        extra = (1,) * (below.ndim - 1)
        shape = (ratios.draws, *extra, horizon_years)
        gradient_hip, gradient_other = (g.reshape(shape) for g in log_gradients(sex, ages, ratios))
        spread = t_score_spread(sex)
        hip = hip.reshape(shape) * relative_hazard(gradient_hip, below, spread)
        other = other.reshape(shape) * relative_hazard(gradient_other, below, spread)
        death = death.reshape(shape)
    return Hazards(hip, other, death)


def from_hazards(each: Hazards) -> Probabilities:
    """Cumulative incidence of hip and of any major osteoporotic fracture, death competing."""
    death = np.broadcast_to(each.death, each.hip.shape)
    hip = cumulative_incidence(np.stack([each.hip, death], axis=-1))
    major = cumulative_incidence(np.stack([each.hip + each.other, death], axis=-1))
    return Probabilities(
        hip=hip.causes[..., 0],
        death_before_hip=hip.causes[..., 1],
        neither_hip_nor_death=hip.neither,
        major=major.causes[..., 0],
        death_before_major=major.causes[..., 1],
        neither_major_nor_death=major.neither,
    )


def probabilities(
    sex: Sex,
    age_years: float,
    factors: RiskFactors,
    *,
    bone: Path | float | None = None,
    horizon_years: int = 10,
    parameters: Parameters | None = None,
    country: Country = DEFAULT,
) -> Probabilities:
    """Probability of hip and of any major osteoporotic fracture until the end of each year, death competing.

    Parameters and errors as in :func:`hazards`.
    """
    each = hazards(
        sex,
        age_years,
        factors,
        bone=bone,
        horizon_years=horizon_years,
        parameters=parameters,
        country=country,
    )
    return from_hazards(each)
