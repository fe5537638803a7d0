"""The countries that the open fracture model has rates for, and the names that people write for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from osteon.errors import ModelError

Country = Literal["United States", "United Kingdom"]

COUNTRIES: tuple[Country, ...] = get_args(Country)
DEFAULT: Country = "United States"
"""Stands in for a country that is not stated; every result names the one that it used."""

_OTHER_NAMES: Mapping[str, Country] = {
    "us": "United States",
    "usa": "United States",
    "united states of america": "United States",
    "uk": "United Kingdom",
    "gb": "United Kingdom",
    "gbr": "United Kingdom",
    "britain": "United Kingdom",
    "great britain": "United Kingdom",
    "united kingdom of great britain and northern ireland": "United Kingdom",
    "england": "United Kingdom",
    "scotland": "United Kingdom",
    "wales": "United Kingdom",
    "northern ireland": "United Kingdom",
}


def country_named(name: str | None) -> Country:
    """The country as the model writes it; the United States when none is stated.

    Raises
    ------
    ModelError
        The model has no rates for that country.
    """
    if name is None:
        return DEFAULT
    wanted = " ".join(name.replace(".", "").split()).casefold().removeprefix("the ")
    found: dict[str, Country] = {one.casefold(): one for one in COUNTRIES}
    found.update(_OTHER_NAMES)
    if wanted not in found:
        raise ModelError(
            f"the open fracture model has no fracture rates of {name.strip()!r}; it has those of "
            f"{' and '.join(f'the {one}' for one in COUNTRIES)}",
            where="country",
            mend="Leave the country out, and read the answer as that of a person in the United States",
        )
    return found[wanted]
