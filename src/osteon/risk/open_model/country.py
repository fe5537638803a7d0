"""The countries that the open fracture model has rates for, and the one that stands in where none is stated."""

from __future__ import annotations

from typing import Literal, get_args

from osteon.errors import ModelError
from osteon.evidence.countries import country_called

Country = Literal["United States", "United Kingdom"]

COUNTRIES: tuple[Country, ...] = get_args(Country)
DEFAULT: Country = "United States"
"""Stands in for a country that is not stated; every result names the one that it used."""


def country_named(name: str | None) -> Country:
    """The country as the model writes it; the United States when none is stated.

    Raises
    ------
    ModelError
        The model has no rates for that country.
    """
    if name is None:
        return DEFAULT
    called = country_called(name)
    found = next((one for one in COUNTRIES if one == called), None)
    if found is None:
        raise ModelError(
            f"the open fracture model has no fracture rates of {name.strip()!r}; it has those of "
            f"{' and '.join(f'the {one}' for one in COUNTRIES)}",
            where="country",
            mend="Leave the country out, and read the answer as that of a person in the United States",
        )
    return found
