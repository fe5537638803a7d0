"""OST, the Osteoporosis Self-assessment Tool: weight and age alone.

    score = (weight in kg - age in completed years) / 5

Sources disagree, so four versions stand side by side:

* ``truncated``: the score cut to a whole number, towards zero; a scan is suggested below 2;
* ``untruncated``: the score as it is; a scan is suggested below 2;
* ``untruncated, three bands``: below -3 high risk, -3 to 1 intermediate, above 1 low. A score of 1.4 is low here and
  below the cut-off of 2 in the version above;
* ``OSTA, Asian women``: truncated; below -4 high risk, -4 to -1 intermediate, above -1 low (Koh 2001).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from osteon.evidence import value
from osteon.person import Person
from osteon.risk.reading import completed_years
from osteon.risk.result import ScreeningScore
from osteon.risk.screening import Verdict, Version, band, screen

ASIAN: Final = ("indian", "pakistani", "bangladeshi", "chinese", "asian", "other_asian")

TRUNCATED = Version(
    "OST",
    "truncated",
    "below 2: a scan is suggested",
    ("ost.divisor", "ost.cut_off", "bmcmsd2008_rules_table"),
    ("weight_kg",),
)
UNTRUNCATED = Version(
    "OST",
    "untruncated",
    "below 2: a scan is suggested",
    ("ost.divisor", "ost.untruncated.cut_off"),
    ("weight_kg",),
)
BANDS = Version(
    "OST",
    "untruncated, three bands",
    "1 or below: intermediate or high risk, a scan is suggested; below -3: high risk",
    ("ost.divisor", "ost.bands.low_above", "ost.bands.high_below", "cambio_gdl2"),
    ("weight_kg",),
)
OSTA = Version(
    "OST",
    "OSTA, Asian women",
    "-1 or below: intermediate or high risk, a scan is suggested; below -4: high risk",
    ("ost.divisor", "osta.low_above", "osta.high_below", "koh2001_osta"),
    ("weight_kg", "ethnicity"),
)


def ost_score(age_years: int, weight_kg: float, *, truncated: bool) -> float:
    """The OST score of a woman, from age in completed years and weight in kg.

    Truncation is towards zero, as "truncate to integer" is printed: -4.8 becomes -4.
    """
    score = (weight_kg - age_years) / value("ost.divisor")
    return float(math.trunc(score)) if truncated else score


def truncated(age_years: int, weight_kg: float) -> Verdict:
    """The version ``truncated``."""
    score = ost_score(age_years, weight_kg, truncated=True)
    return Verdict(score, score < value("ost.cut_off"))


def untruncated(age_years: int, weight_kg: float) -> Verdict:
    """The version ``untruncated``."""
    score = ost_score(age_years, weight_kg, truncated=False)
    return Verdict(score, score < value("ost.untruncated.cut_off"))


def three_bands(age_years: int, weight_kg: float) -> Verdict:
    """The version ``untruncated, three bands``."""
    score = ost_score(age_years, weight_kg, truncated=False)
    group = band(score, low_above=value("ost.bands.low_above"), high_below=value("ost.bands.high_below"))
    return Verdict(score, group != "low", group)


def osta(age_years: int, weight_kg: float) -> Verdict:
    """The version ``OSTA, Asian women``."""
    score = ost_score(age_years, weight_kg, truncated=True)
    group = band(score, low_above=value("osta.low_above"), high_below=value("osta.high_below"))
    return Verdict(score, group != "low", group)


def from_person(person: Person) -> tuple[ScreeningScore, ...]:
    """OST in its four versions."""

    def rule(version: Callable[[int, float], Verdict]) -> Callable[[], Verdict]:
        return lambda: version(completed_years(person), person.weight_kg or 0.0)  # never called without a weight

    not_asian = person.ethnicity is not None and person.ethnicity not in ASIAN
    return (
        screen(person, TRUNCATED, rule(truncated)),
        screen(person, UNTRUNCATED, rule(untruncated)),
        screen(person, BANDS, rule(three_bands)),
        screen(person, OSTA, rule(osta), refusal="OSTA was made for Asian women." if not_asian else ""),
    )
