r"""How fracture risk follows bone density: the gradient per SD, and the population's spread of density by age.

Equation. A person whose femoral-neck density lies :math:`z` SD below the mean of their age and sex has
:math:`e^{\beta z}` times the hazard of somebody at that mean, and :math:`e^{\beta z - \beta^2 / 2}` times the mean
hazard of the population (density is taken as normal; the second term is the population mean of the first). Dividing
by that mean is what ties a T-score to a population rate. The SD is the population's own at one age and sex, as in the
cohorts that the gradient was printed for; a T-score counts in SD of young women, so the two differ a little.

Gradients. Hip: the printed logarithm at 65 by sex, and a straight line in age through the printed value at 50 (both
sexes); it is carried on above 65, since the source says that the gradient keeps falling. Other major sites: the
printed gradient of any osteoporotic fracture at 65 includes hip fracture, whose share in the population is known; what
is left belongs to the other sites and is used at every age. The total then rises with age, as the source says. The
logarithms are what adds up: a Poisson regression on a normally distributed density finds the mean of the two gradients
weighted by the population's share of fractures, whatever their size.

Sources: ``johnell2005``, ``kanis2007_gradient``; density by age ``nhanes2017_2020``; T-score unit ``looker1998``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.evidence import value
from osteon.person import Sex
from osteon.risk.open_model.baseline import hip_share
from osteon.risk.open_model.parameters import Parameters

Floats = NDArray[np.float64]

SOURCES = ("johnell2005", "kanis2007_gradient", "nhanes2017_2020", "looker1998")

_REFERENCE = "nhanes3.femoral_neck.female_white_20_29"


def t_score(bmd_g_cm2: ArrayLike) -> Floats:
    """Femoral-neck T-score from a Hologic BMD in g/cm², against White women aged 20-29."""
    return (np.asarray(bmd_g_cm2, dtype=np.float64) - value(f"{_REFERENCE}.mean")) / value(f"{_REFERENCE}.sd")


def mean_t_score(sex: Sex, age_years: ArrayLike) -> Floats:
    """Mean femoral-neck T-score of the population at these ages: a straight line fitted to ages 50 to 79.

    The survey files everybody of 80 and over under 80, so they are left out and the line is carried on.
    """
    age = np.asarray(age_years, dtype=np.float64)
    mean = value(f"fracture.population.{sex}.neck_bmd_at_65")
    return t_score(mean + value(f"fracture.population.{sex}.neck_bmd_per_year") * (age - 65.0))


def t_score_spread(sex: Sex) -> float:
    """SD of the femoral-neck T-score between people of one age and sex."""
    return value(f"fracture.population.{sex}.neck_bmd_sd") / value(f"{_REFERENCE}.sd")


def log_gradients(sex: Sex, age_years: ArrayLike, parameters: Parameters) -> tuple[Floats, Floats]:
    """Logarithm of the hazard ratio per population SD lower density, for hip and for the other major sites.

    Returns
    -------
    tuple
        Two arrays of shape (draws, ages).
    """
    age = np.atleast_1d(np.asarray(age_years, dtype=np.float64))
    at_65 = parameters.log(f"fracture.gradient.hip.{sex}.age_65")[:, None]
    at_50 = parameters.log("fracture.gradient.hip.both.age_50")[:, None]
    # The interval is printed at 65 only. The slope is that of the printed values, whatever the draw.
    slope = (np.log(value(f"fracture.gradient.hip.{sex}.age_65")) - at_50) / 15.0
    hip = at_65 + slope * (age - 65.0)
    share = hip_share(sex)
    total = parameters.log(f"fracture.gradient.osteoporotic.{sex}.age_65")[:, None]
    other = np.broadcast_to((total - share * at_65) / (1.0 - share), hip.shape)
    return hip, other


def relative_hazard(log_gradient: Floats, below_mean: Floats, spread: float) -> Floats:
    """Hazard against the mean hazard of the population of that age and sex.

    Parameters
    ----------
    log_gradient
        Logarithm of the hazard ratio per SD of the population.
    below_mean
        How far the T-score lies below the population mean, in T-score units.
    spread
        SD of the T-score in the population.
    """
    return np.exp(log_gradient * below_mean / spread - 0.5 * log_gradient**2)
