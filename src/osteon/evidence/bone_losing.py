"""Medicines that cost bone, found on a list by RxNorm code or by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from osteon.evidence.loader import table


def bone_losing_classes(name: str, rxnorm: str | None = None) -> tuple[Mapping[str, str], ...]:
    """The rows of ``drug_bone_losing.csv`` that a medicine belongs to; none for most medicines.

    Parameters
    ----------
    name
        As written on a list, such as ``Prednisone 5 mg tablet``: a known substance has to stand in it as a whole word.
    rxnorm
        The RxNorm code where there is one. Codes of the substances are known, not those of every product, so the
        name counts as well.
    """
    words = set(re.findall(r"[a-z]+", name.casefold()))
    if rxnorm is not None and rxnorm in _by_code():
        words.add(_by_code()[rxnorm])
    return tuple(row for row in table("drug_bone_losing.csv") if words & set(row["names"].split()))


@cache
def _by_code() -> Mapping[str, str]:
    return {row["code"]: row["substance"] for row in table("rxnorm_bone_losing.csv")}
