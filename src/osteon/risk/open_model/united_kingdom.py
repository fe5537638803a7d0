"""How often bones break and people die in the United Kingdom.

What it is: the years 2008 to 2012 for fractures, 2005 to 2010 for deaths.

Printed in an open abstract are the rates of general practices (Clinical Practice Research Datalink) for everybody of
50 and over, by sex and site; the tables by five-year age group were not open to us. So the level is British and the
pattern by age is that of the United States and of Malmö (:mod:`osteon.risk.open_model.united_states`): each printed
rate is divided by the mean of that pattern over the British people of 50 and over.

* Hip: the pattern of the US hospitals.
* Other sites, women: spine and forearm as printed, and shoulder, of which no rate was read, in the ratio that it has to
  those two over a lifetime in Malmö; together in the women's pattern.
* Other sites, men: forearm as printed and flat with age; spine, and shoulder by the same ratio, in the women's pattern.

The rates count fractures at each site, so somebody who breaks two bones counts twice at the other sites. Clinical spine
fractures are known to be recorded less fully in general practice than in hospital films.

Deaths: the yearly rate of each five-year group, at its middle, straight on the log scale in between.

Sources: ``vandervelde2016_uk`` (abstract), ``un_population_2019``, ``kanis2000_malmo``, and those of the pattern.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.evidence import table, value
from osteon.person import Sex
from osteon.risk.open_model import united_states as pattern

Floats = NDArray[np.float64]

YEARS = "2008 to 2012"
WHERE_FROM = (
    "fractures by sex and site in everybody of 50 and over, from general practices, shoulder "
    "fractures in proportion, with the age pattern of the United States (hip) and of Malmö (other sites), and deaths "
    "of 2005 to 2010"
)
SOURCES = (
    "vandervelde2016_uk",
    "un_population_2019",
    "ettinger2010",
    "kanis2000_malmo",
    "kanis2001_thresholds",
    "us_life_table_2006",  # turns the ten-year risks behind the women's pattern into hazards
)

_GROUP = 5.0


@cache
def _groups(column: str) -> tuple[Floats, Floats]:
    """The middle of each five-year age group from 50, and a column of the table of people and deaths."""
    rows = table("uk_people_and_deaths.csv")
    ages = np.array([float(row["age_low"]) for row in rows]) + _GROUP / 2
    return ages, np.array([float(row[column]) for row in rows])


def death_hazard(sex: Sex, age_years: ArrayLike) -> Floats:
    """Deaths per person-year at these ages."""
    return pattern.log_linear(age_years, *_groups(f"{sex}_deaths_per_person_year"))


def _mean_over_people(sex: Sex, hazard: Floats) -> float:
    return float(np.average(hazard, weights=_groups(f"{sex}_thousands_2010")[1]))


def _printed(sex: Sex, site: str) -> float:
    """Fractures per person-year in everybody of 50 and over."""
    return value(f"fracture.rate_50_plus.uk.{sex}.{site}") / 10_000


def _shoulder(sex: Sex) -> float:
    lifetime = {site: value(f"fracture.lifetime_from_45.{sex}.{site}") for site in ("shoulder", "spine", "forearm")}
    known = _printed(sex, "spine") + _printed(sex, "forearm")
    return known * lifetime["shoulder"] / (lifetime["spine"] + lifetime["forearm"])


@cache
def _hip_level(sex: Sex) -> float:
    ages, _ = _groups(f"{sex}_thousands_2010")
    return _printed(sex, "hip") / _mean_over_people(sex, pattern.hip_hazard(sex, ages))


def hip_hazard(sex: Sex, age_years: ArrayLike) -> Floats:
    """Hip fractures per person-year in the population at these ages."""
    return _hip_level(sex) * pattern.hip_hazard(sex, age_years)


@cache
def _other_levels(sex: Sex) -> tuple[float, float]:
    """The flat part of the other sites' hazard, and the rest as a multiple of the women's pattern."""
    ages, _ = _groups(f"{sex}_thousands_2010")
    flat, rest = _printed(sex, "forearm"), _printed(sex, "spine") + _shoulder(sex)
    if sex == "female":
        flat, rest = 0.0, flat + rest
    return flat, rest / _mean_over_people(sex, pattern.womens_other_hazard(ages))


def other_hazard(sex: Sex, age_years: ArrayLike) -> Floats:
    """Fractures of clinical spine, forearm or shoulder per person-year in the population at these ages."""
    flat, multiple = _other_levels(sex)
    return flat + multiple * pattern.womens_other_hazard(age_years)
