"""How often bones break and people die: the population that the open fracture model starts from, by country.

Each country is a module of its own with the same three functions: ``united_states``, ``united_kingdom``. The United
States stand in where no country is stated, and every result names the country that it used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.person import Sex
from osteon.risk.open_model import united_kingdom, united_states
from osteon.risk.open_model.country import DEFAULT, Country

Floats = NDArray[np.float64]

AGE_LOW, AGE_HIGH = 50.0, united_states.OLDEST
SOURCES = united_states.SOURCES

_MODULES: Mapping[Country, ModuleType] = {"United States": united_states, "United Kingdom": united_kingdom}

_WHERE_FROM: Mapping[Country, str] = {
    "United States": "first hip fractures and deaths of that year, other major fractures from the ten-year risk of US "
    "women aged 65-69 with the age pattern of Malmö",
    "United Kingdom": "fractures by sex and site in everybody of 50 and over, from general practices, shoulder "
    "fractures in proportion, with the age pattern of the United States (hip) and of Malmö (other sites), and deaths "
    "of 2005 to 2010",
}


def death_hazard(sex: Sex, age_years: ArrayLike, country: Country = DEFAULT) -> Floats:
    """Deaths per person-year at these ages."""
    found: Floats = _MODULES[country].death_hazard(sex, age_years)
    return found


def hip_hazard(sex: Sex, age_years: ArrayLike, country: Country = DEFAULT) -> Floats:
    """First hip fractures per person-year in the population at these ages."""
    found: Floats = _MODULES[country].hip_hazard(sex, age_years)
    return found


def other_hazard(sex: Sex, age_years: ArrayLike, country: Country = DEFAULT) -> Floats:
    """First fractures of clinical spine, forearm or shoulder per person-year in the population at these ages."""
    found: Floats = _MODULES[country].other_hazard(sex, age_years)
    return found


@cache
def hip_share(sex: Sex, age_years: float = 65.0) -> float:
    """Share of hip among all major osteoporotic fractures at an age: it tells the two apart in printed ratios.

    The ratios come from cohorts of many countries, so they are taken apart in one way, by the US rates, and stay the
    same in every country.
    """
    hip = float(hip_hazard(sex, age_years))
    return hip / (hip + float(other_hazard(sex, age_years)))


def years(country: Country) -> str:
    """The years that the fractures are of."""
    found: str = _MODULES[country].YEARS
    return found


def sources(country: Country) -> tuple[str, ...]:
    """Keys of the sources behind the rates."""
    found: tuple[str, ...] = _MODULES[country].SOURCES
    return found


def statement(country: Country) -> str:
    """One sentence: whose rates these are."""
    return f"Population of the {country}, {years(country)}: {_WHERE_FROM[country]}."
