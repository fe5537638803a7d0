r"""Risk factors as multipliers of the two hazards, each against the population's mean.

Equation. A factor with ratio :math:`r` and prevalence :math:`p` has the population mean :math:`1 + p (r - 1)`. Present:
:math:`r / (1 + p (r - 1))`. Absent: :math:`1 / (1 + p (r - 1))`. Not recorded: 1, the average person. Factors
multiply as if they were independent of one another.

Ratios printed for all major osteoporotic fractures include hip fracture; the other sites get what is left once the
hip's share :math:`s` is taken out. For a factor that is there or not, hazards add: :math:`r_{all} = s r_{hip} +
(1 - s) r_{other}`, with the share among people without the factor. For a printed slope (body mass index, the BMD
gradient) logarithms add: a Poisson regression on a normally distributed measure finds :math:`s \beta_{hip} + (1 - s)
\beta_{other}`, with the share in the population. The share is that at 65, near the mean age of the cohorts; with the
share of each age, rheumatoid arthritis would protect the arm at 85 (a ratio of 0.6), since the printed ratios are not
by age. With a known BMD, ratios adjusted for BMD are used where they are printed.

Sources: see the rows ``fracture.rr.*``, ``fracture.dose.*`` and ``fracture.prevalence.*``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from osteon.evidence import value
from osteon.person import Sex
from osteon.risk.open_model.baseline import hip_share
from osteon.risk.open_model.parameters import Parameters

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

SOURCES = (
    "kanis2023_previous_fracture",
    "mccloskey2025_family",
    "kanis2005_smoking",
    "kanis2005_alcohol",
    "kanis2004_corticosteroids",
    "kanis2025_rheumatoid",
    "vandenput2024_falls",
    "vilaca2020_diabetes",
    "delaet2005_bmi",
    "nhanes2017_2020",
    "agaku2014_smoking",
)

BMI_REFERENCE = 25.0
# Some drawn sets put more into the hip than into all sites together, since the two ratios are drawn apart: one in eight
# for type 1 diabetes in men, fewer or none otherwise. The other sites are then left with nothing.
_LEAST_RATIO = 1e-9
BMI_LOW, BMI_HIGH = 18.0, 40.0  # beyond these the printed straight line is not trusted; the nearest end is used


@dataclass(frozen=True, slots=True)
class RiskFactors:
    """What is known about a person. ``None`` is: not recorded.

    ``years_since_fracture`` is the time since the latest major osteoporotic fracture; it refines
    ``previous_fracture``. ``glucocorticoid_mg_per_day`` (prednisone or equivalent) refines ``glucocorticoids``.
    """

    previous_fracture: bool | None = None
    years_since_fracture: float | None = None
    parent_hip_fracture: bool | None = None
    current_smoker: bool | None = None
    alcohol_over_2_units: bool | None = None
    glucocorticoids: bool | None = None
    glucocorticoid_mg_per_day: float | None = None
    rheumatoid_arthritis: bool | None = None
    falls_last_year: bool | None = None
    diabetes: Literal["none", "type1", "type2"] | None = None
    bmi: float | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a multiplier may depend on besides the factor: sex, ages of the intervals, BMD known, the ratios."""

    sex: Sex
    ages: Floats
    years_from_now: Floats
    bmd_known: bool
    parameters: Parameters

    def column(self, name: str) -> Floats:
        """Logarithm of a ratio, shape (draws, 1)."""
        return self.parameters.log(name)[:, None]

    def split(self, hip: Floats, major: Floats) -> Pair:
        """Log ratios of hip and of the other sites, from those of hip and of all major sites; hazards add."""
        share = hip_share(self.sex)
        other = np.log(np.maximum((np.exp(major) - share * np.exp(hip)) / (1.0 - share), _LEAST_RATIO))
        return np.broadcast_to(hip, other.shape), other

    def split_slope(self, hip: Floats, major: Floats) -> Pair:
        """The same for logarithms per unit of a measure; logarithms add."""
        share = hip_share(self.sex)
        return hip, (major - share * hip) / (1.0 - share)


def _mean(log_ratios: Pair, prevalence: Floats | float) -> Pair:
    """Population mean of a factor's multiplier, for hip and other sites."""
    hip, other = (1.0 + prevalence * np.expm1(log_ratio) for log_ratio in log_ratios)
    return hip, other


def _present(log_ratios: Pair, mean: Pair) -> Pair:
    return np.exp(log_ratios[0]) / mean[0], np.exp(log_ratios[1]) / mean[1]


def _yes_no(state: bool, log_ratios: Pair, prevalence: Floats | float) -> Pair:
    mean = _mean(log_ratios, prevalence)
    return _present(log_ratios, mean) if state else (1.0 / mean[0], 1.0 / mean[1])


def _previous_fracture(factors: RiskFactors, at: Setting) -> Pair:
    name = "fracture.rr.previous_fracture"
    kept_hip, kept_major = 1.0, 1.0
    if at.bmd_known:  # the part of the log ratio that BMD does not explain
        kept_hip -= value("fracture.share_by_bmd.previous_fracture.hip")
        kept_major -= value("fracture.share_by_bmd.previous_fracture.major")
    log_ratios = at.split(kept_hip * at.column(f"{name}.hip"), kept_major * at.column(f"{name}.major"))
    bands = [value(f"fracture.prevalence.previous_fracture.{at.sex}.{band}") for band in ("50_64", "65_74", "75_plus")]
    prevalence = np.array(bands)[np.searchsorted([65.0, 75.0], at.ages, side="right")]
    if not factors.previous_fracture or factors.years_since_fracture is None:
        return _yes_no(bool(factors.previous_fracture), log_ratios, prevalence)
    # Printed against the population of that age, so it already is what the others become by dividing by the mean.
    first, tenth = at.column("fracture.rr.recent_fracture.year_1"), at.column("fracture.rr.recent_fracture.year_10")
    since = np.clip(factors.years_since_fracture + at.years_from_now, 1.0, 10.0)
    recent = first + (tenth - first) * (since - 1.0) / 9.0
    return np.exp(kept_hip * recent), np.exp(kept_major * recent)


def _parent_hip_fracture(factors: RiskFactors, at: Setting) -> Pair:
    name = "fracture.rr.parent_hip_fracture"
    log_ratios = at.split(at.column(f"{name}.hip"), at.column(f"{name}.major"))
    prevalence = value(f"fracture.prevalence.parent_hip_fracture.{at.sex}")
    return _yes_no(bool(factors.parent_hip_fracture), log_ratios, prevalence)


def _current_smoker(factors: RiskFactors, at: Setting) -> Pair:
    name, tail = "fracture.rr.current_smoker", ".bmd_adjusted" if at.bmd_known else ""
    log_ratios = at.split(at.column(f"{name}.hip{tail}"), at.column(f"{name}.major{tail}"))
    younger = value("fracture.prevalence.current_smoker.45_64")
    prevalence = np.where(at.ages < 65.0, younger, value("fracture.prevalence.current_smoker.65_plus"))
    return _yes_no(bool(factors.current_smoker), log_ratios, prevalence)


def _alcohol(factors: RiskFactors, at: Setting) -> Pair:
    # No prevalence of intakes above two units a day was read, so the average person is taken to drink less.
    name = "fracture.rr.alcohol_over_2_units"
    log_ratios = at.split(at.column(f"{name}.hip"), at.column(f"{name}.major"))
    return _yes_no(bool(factors.alcohol_over_2_units), log_ratios, 0.0)


def _glucocorticoids(factors: RiskFactors, at: Setting) -> Pair:
    def at_age(outcome: str) -> Floats:
        name = f"fracture.rr.glucocorticoids.{outcome}"
        young, old = at.column(f"{name}.age_50"), at.column(f"{name}.age_85")
        return young + (old - young) * np.clip((at.ages - 50.0) / 35.0, 0.0, 1.0)

    log_ratios = at.split(at_age("hip"), at_age("major"))
    mean = _mean(log_ratios, value(f"fracture.prevalence.glucocorticoids.{at.sex}"))
    if not factors.glucocorticoids:
        return 1.0 / mean[0], 1.0 / mean[1]
    hip, other = _present(log_ratios, mean)
    dose = factors.glucocorticoid_mg_per_day
    band = "" if dose is None or 2.5 <= dose < 7.5 else "under_2_5_mg" if dose < 2.5 else "from_7_5_mg"
    if not band:
        return hip, other
    name = "fracture.dose.glucocorticoids"
    by_dose = at.split(at.column(f"{name}.hip.{band}"), at.column(f"{name}.major.{band}"))
    return hip * np.exp(by_dose[0]), other * np.exp(by_dose[1])


def _rheumatoid_arthritis(factors: RiskFactors, at: Setting) -> Pair:
    name = "fracture.rr.rheumatoid_arthritis"
    log_ratios = at.split(at.column(f"{name}.hip"), at.column(f"{name}.major"))
    return _yes_no(bool(factors.rheumatoid_arthritis), log_ratios, value("fracture.prevalence.rheumatoid_arthritis"))


def _falls(factors: RiskFactors, at: Setting) -> Pair:
    log_ratio = at.column(f"fracture.rr.falls_last_year.{at.sex}")
    return _yes_no(bool(factors.falls_last_year), (log_ratio, log_ratio), value("fracture.prevalence.falls_last_year"))


def _diabetes(factors: RiskFactors, at: Setting) -> Pair:
    def log_ratios(kind: str) -> Pair:
        return at.split(at.column(f"fracture.rr.diabetes_{kind}.hip"), at.column(f"fracture.rr.diabetes_{kind}.major"))

    mean = _mean(log_ratios("type2"), value(f"fracture.prevalence.diabetes.{at.sex}"))
    if factors.diabetes == "none" or factors.diabetes is None:
        return 1.0 / mean[0], 1.0 / mean[1]
    return _present(log_ratios(factors.diabetes), mean)


def _bmi(factors: RiskFactors, at: Setting) -> Pair:
    if factors.bmi is None:
        raise ValueError("a BMI is needed")
    name, tail = "fracture.rr.bmi_per_unit", ".bmd_adjusted" if at.bmd_known else ""
    per_unit = at.split_slope(at.column(f"{name}.hip{tail}"), at.column(f"{name}.major{tail}"))
    average = value(f"fracture.population.{at.sex}.bmi_mean") - BMI_REFERENCE
    spread = value(f"fracture.population.{at.sex}.bmi_sd")
    own = float(np.clip(factors.bmi, BMI_LOW, BMI_HIGH)) - BMI_REFERENCE
    hip, other = (np.exp(b * own - b * average - 0.5 * (b * spread) ** 2) for b in per_unit)
    return hip, other


FACTORS: dict[str, Callable[[RiskFactors, Setting], Pair]] = {
    "previous_fracture": _previous_fracture,
    "parent_hip_fracture": _parent_hip_fracture,
    "current_smoker": _current_smoker,
    "alcohol_over_2_units": _alcohol,
    "glucocorticoids": _glucocorticoids,
    "rheumatoid_arthritis": _rheumatoid_arthritis,
    "falls_last_year": _falls,
    "diabetes": _diabetes,
    "bmi": _bmi,
}


def recorded(factors: RiskFactors) -> tuple[str, ...]:
    """Names of the factors that are recorded, present or absent."""
    return tuple(name for name in FACTORS if getattr(factors, name) is not None)


def multipliers(factors: RiskFactors, at: Setting) -> dict[str, Pair]:
    """Multiplier of the hip hazard and of the other sites' hazard, for every recorded factor.

    Returns
    -------
    dict
        By factor, two arrays that broadcast to (draws, ages), against the mean person of that age and sex.
    """
    return {name: FACTORS[name](factors, at) for name in recorded(factors)}
