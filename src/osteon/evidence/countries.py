"""Countries: the names that people write for them, and which of them guidance for Europe speaks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from osteon.evidence.loader import table


def _small(name: str) -> str:
    return " ".join(name.replace(".", "").split()).casefold().removeprefix("the ")


@cache
def _names() -> Mapping[str, str]:
    found = {}
    for row in table("countries.csv"):
        for name in (row["country"], *filter(None, row["other_names"].split(";"))):
            found[_small(name)] = row["country"]
    return found


@cache
def european() -> frozenset[str]:
    """The countries that guidance for Europe is taken to speak for, by the names used here."""
    return frozenset(row["country"] for row in table("countries.csv") if row["in_europe"] == "yes")


def country_called(name: str) -> str:
    """The name used here for a country, such as ``United Kingdom`` for ``UK``; an unknown one as it was written.

    Parameters
    ----------
    name
        As written; small and capital letters, full stops and a leading "the" do not matter.
    """
    return _names().get(_small(name), " ".join(name.split()))
