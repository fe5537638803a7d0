"""How often bones break and people die in the United States.

What it is: the year 2006. Hip fracture by five-year age group and sex; the other three major sites (clinical
spine, forearm, shoulder) from the ten-year risk of "any of four"; death from the life table of the same year.

Hip fracture above 85. The last printed rate is one mean over everybody of 85 and over. From the middle of the group
before, the rate goes on rising by a constant percentage a year, the one that gives this mean in a stationary population
with the life table; it does not stop rising in the middle of the group.

How the other sites are found. For women, the printed ten-year risk of any of four is turned into the constant
hazard that gives it, death competing, and placed at the middle of the ten years; hip fracture is taken off. The age
pattern is that of Malmö (a register, death counted as competing, ages 50 to 90); the level is that of the US cohort
(SOF) in its youngest group, 65-69, where it matters least how deaths were counted, which the cohort's table does not
say. For men no age-specific table was open to us: forearm fracture is flat with age (men's forearm is the one site
printed as not rising with age), spine and shoulder follow the women's pattern, and both levels reproduce the printed
men-to-women ratios of lifetime risk from age 45.

Sources: ``ettinger2010`` (Tables 1 and 5), ``kanis2000_malmo``, ``kanis2001_thresholds``, ``us_life_table_2006``.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.evidence import table, value
from osteon.person import Sex
from osteon.risk.survival import cumulative_incidence

Floats = NDArray[np.float64]

YEARS = "2006"
WHERE_FROM = (
    "first hip fractures and deaths of that year, other major fractures from the ten-year risk of US "
    "women aged 65-69 with the age pattern of Malmö"
)
OLDEST = 100.0
SOURCES = ("ettinger2010", "kanis2000_malmo", "kanis2001_thresholds", "us_life_table_2006")

_TEN_YEARS = 10
_LIFETIME_FROM = 45.0
_WOMENS_OTHER_SITES = ("forearm", "shoulder", "spine")


@cache
def _death_table(sex: Sex) -> tuple[int, Floats]:
    rows = table("us_mortality_2006.csv")
    chance = np.array([float(row[sex]) for row in rows])
    return int(rows[0]["age"]), -np.log1p(-chance)


def death_hazard(sex: Sex, age_years: ArrayLike) -> Floats:
    """Deaths per person-year at these ages, constant within each year of age (99 stands for all above)."""
    first, hazards = _death_table(sex)
    age = np.floor(np.asarray(age_years, dtype=np.float64)).astype(np.int64)
    return hazards[np.clip(age - first, 0, hazards.size - 1)]


def log_linear(age_years: ArrayLike, knots: Floats, rates: Floats) -> Floats:
    """Interpolate rates on the log scale; below the first knot with the first slope, above the last constant."""
    age = np.asarray(age_years, dtype=np.float64)
    logs = np.log(rates)
    slope = (logs[1] - logs[0]) / (knots[1] - knots[0])
    inside = np.interp(age, knots, logs)
    return np.exp(np.where(age < knots[0], logs[0] + slope * (age - knots[0]), inside))


def _hip_above_85(sex: Sex, middle: float, rate: float, mean: float) -> float:
    """The rate at the oldest age, with a constant rise from ``rate`` at ``middle`` that gives the mean above 85."""
    ages = np.arange(85.0, OLDEST)
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(death_hazard(sex, ages))[:-1]]))
    low, high = 0.0, 0.5  # per year, on the log scale
    for _ in range(60):
        rise = (low + high) / 2
        if np.average(rate * np.exp(rise * (ages + 0.5 - middle)), weights=alive) < mean:
            low = rise
        else:
            high = rise
    return float(rate * np.exp((low + high) / 2 * (OLDEST - middle)))


@cache
def _hip_knots(sex: Sex) -> tuple[Floats, Floats]:
    rows = [row for row in table("fracture_incidence_us2006.csv") if row["sex"] == sex]
    closed = [row for row in rows if row["age_high"]]
    middle = [(float(row["age_low"]) + float(row["age_high"])) / 2 for row in closed]
    rates = [float(row["hip_per_1000"]) / 1000 for row in closed]
    (oldest,) = (float(row["hip_per_1000"]) / 1000 for row in rows if not row["age_high"])
    at_the_end = _hip_above_85(sex, middle[-1], rates[-1], oldest)
    return np.array([*middle, OLDEST]), np.array([*rates, at_the_end])


def hip_hazard(sex: Sex, age_years: ArrayLike) -> Floats:
    """First hip fractures per person-year in the population at these ages."""
    return log_linear(age_years, *_hip_knots(sex))


def _any_of_four() -> list[tuple[float, float]]:
    """Start age and ten-year risk of any of four, women: Malmö's age pattern at the level of the US cohort."""
    rows = table("fracture_incidence_any_of_four.csv")
    percent = "any_of_four_percent"
    malmo = {float(row["age_low"]): float(row[percent]) for row in rows if row["population"] == "malmo"}
    youngest = next(row for row in rows if row["population"] == "sof")
    middle = (float(youngest["age_low"]) + float(youngest["age_high"])) / 2
    level = float(youngest[percent]) / float(np.interp(middle, list(malmo), list(malmo.values())))
    return [(age, risk * level / 100) for age, risk in malmo.items()]


def _hazard_with_ten_year_risk(start: float, risk: float) -> float:
    """The constant fracture hazard that gives this ten-year risk in women, death competing (bisection)."""
    death = death_hazard("female", start + np.arange(_TEN_YEARS) + 0.5)
    low, high = 1e-6, 1.0
    for _ in range(60):
        middle = float(np.sqrt(low * high))
        hazards = np.stack([np.full(_TEN_YEARS, middle), death], axis=-1)
        if cumulative_incidence(hazards).causes[-1, 0] < risk:
            low = middle
        else:
            high = middle
    return float(np.sqrt(low * high))


@cache
def _womens_other_knots() -> tuple[Floats, Floats]:
    found = _any_of_four()
    middle = np.array([start + _TEN_YEARS / 2 for start, _ in found])
    major = np.array([_hazard_with_ten_year_risk(start, risk) for start, risk in found])
    # At 95 the two sources, a register's few oldest and a nation's hospitals, would let the other sites fall.
    return middle, np.maximum.accumulate(major - hip_hazard("female", middle))


def womens_other_hazard(age_years: ArrayLike) -> Floats:
    """First fractures of clinical spine, forearm or shoulder per woman-year at these ages."""
    return log_linear(age_years, *_womens_other_knots())


@cache
def _mens_other_levels() -> tuple[float, float]:
    """Men's flat forearm hazard, and their spine and shoulder hazard as a multiple of the women's other sites."""
    age = np.arange(_LIFETIME_FROM, 110.0) + 0.5

    def years_lived(sex: Sex) -> Floats:
        death = death_hazard(sex, age)
        return np.exp(-np.cumsum(death) + death / 2)

    womens = sum(value(f"fracture.lifetime_from_45.female.{site}") for site in _WOMENS_OTHER_SITES)
    to_our_level = float((womens_other_hazard(age) * years_lived("female")).sum()) / womens
    forearm = value("fracture.lifetime_from_45.male.forearm") * to_our_level
    rest = sum(value(f"fracture.lifetime_from_45.male.{site}") for site in ("shoulder", "spine")) * to_our_level
    lived = years_lived("male")
    return forearm / float(lived.sum()), rest / float((womens_other_hazard(age) * lived).sum())


def other_hazard(sex: Sex, age_years: ArrayLike) -> Floats:
    """First fractures of clinical spine, forearm or shoulder per person-year in the population at these ages."""
    if sex == "female":
        return womens_other_hazard(age_years)
    forearm, multiple = _mens_other_levels()
    return forearm + multiple * womens_other_hazard(age_years)
