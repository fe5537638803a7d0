"""How often bones break and people die: the population that the open fracture model starts from, by country.

Each country is a module of its own: ``united_states``, ``united_kingdom``. ``country_rates`` says what it offers.
The United States stand in where no country is stated, and every result names the country that it used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from numpy.typing import ArrayLike

from osteon.person import Sex
from osteon.risk.open_model import united_kingdom, united_states
from osteon.risk.open_model.country import DEFAULT, Country
from osteon.risk.open_model.country_rates import CountryRates, Floats

AGE_LOW, AGE_HIGH = 50.0, united_states.OLDEST
SOURCES = united_states.SOURCES

_RATES: Mapping[Country, CountryRates] = {"United States": united_states, "United Kingdom": united_kingdom}


def death_hazard(sex: Sex, age_years: ArrayLike, country: Country = DEFAULT) -> Floats:
    """Deaths per person-year at these ages."""
    return _RATES[country].death_hazard(sex, age_years)


def hip_hazard(sex: Sex, age_years: ArrayLike, country: Country = DEFAULT) -> Floats:
    """First hip fractures per person-year in the population at these ages."""
    return _RATES[country].hip_hazard(sex, age_years)


def other_hazard(sex: Sex, age_years: ArrayLike, country: Country = DEFAULT) -> Floats:
    """First fractures of clinical spine, forearm or shoulder per person-year in the population at these ages."""
    return _RATES[country].other_hazard(sex, age_years)


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
    return _RATES[country].YEARS


def sources(country: Country) -> tuple[str, ...]:
    """Keys of the sources behind the rates."""
    return _RATES[country].SOURCES


def statement(country: Country) -> str:
    """One sentence: whose rates these are."""
    return f"Population of the {country}, {years(country)}: {_RATES[country].WHERE_FROM}."
