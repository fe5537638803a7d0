"""Names by which people call a bone medicine, brands among them, and what to say of a name that is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from osteon.evidence.loader import table
from osteon.evidence.therapies import THERAPIES

_ALIKE = 0.75
"""How alike two names must be before one is proposed for the other: a wrong medicine is worse than no proposal."""


@cache
def drug_names() -> Mapping[str, str]:
    """The therapy behind each name, ``fosamax`` or ``prolia`` among them; the names are in small letters."""
    return {row["name"]: row["therapy"] for row in table("drug_names.csv")}


def therapy_named(text: str) -> str:
    """The one therapy that a text names, as whole words; empty when it names none, or several.

    Parameters
    ----------
    text
        Such as ``Fosamax 70 mg tablet``.
    """
    words = f" {' '.join(re.findall(r'[a-z0-9]+', text.casefold()))} "
    named = {therapy for name, therapy in drug_names().items() if f" {name} " in words}
    return named.pop() if len(named) == 1 else ""


def what_was_meant(name: str) -> str:
    """The sentence that helps somebody who wrote a therapy that Osteon does not know by that name; empty without one.

    Parameters
    ----------
    name
        What was written, such as ``Fosamax``.
    """
    small = name.strip().casefold()
    known = drug_names()
    near = small if small in known else next(iter(get_close_matches(small, known, n=1, cutoff=_ALIKE)), "")
    if near and known[near] != near:
        return f"{near.capitalize()} is a name of {known[near]}: write {known[near]}"
    plain = small.replace("-", "_").replace(" ", "_")
    close = get_close_matches(plain, THERAPIES, n=1, cutoff=_ALIKE)
    return f"Did you mean {close[0]}?" if close else ""
