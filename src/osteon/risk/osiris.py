"""OSIRIS, the Osteoporosis Index of Risk: age, weight, present oestrogen, earlier fracture (Sedrine 2002).

    score = weight in kg / 5 - age in years / 5, + 2 with oestrogen now, - 2 after a low-impact fracture

Below 1 a scan is suggested. The bands are: above 1 low risk, -3 to 1 intermediate, below -3 high. Two versions:

* ``truncated``: weight / 5 and age / 5 are each cut to a whole number first;
* ``untruncated``: as printed by LOINC.

At exactly 1 the sources differ: the bands call it intermediate, the cut-off calls it negative. In the validation of
2004, exactly -3 counts as high.
"""

from __future__ import annotations

import math

from osteon.evidence import value
from osteon.person import Person
from osteon.risk.reading import completed_years, had_fragility_fracture
from osteon.risk.result import ScreeningScore
from osteon.risk.screening import Verdict, Version, band, screen

_SOURCES = (
    "osiris.divisor",
    "osiris.current_oestrogen.points",
    "osiris.fracture.points",
    "osiris.cut_off",
    "osiris.bands.low_above",
    "osiris.bands.high_below",
)
_NEEDS = ("weight_kg", "history.oestrogen", "history.previous_fragility_fracture")
_THRESHOLD = "below 1: a scan is suggested; below -3: high risk"

TRUNCATED = Version("OSIRIS", "truncated", _THRESHOLD, (*_SOURCES, "cambio_gdl2"), _NEEDS)
UNTRUNCATED = Version("OSIRIS", "untruncated", _THRESHOLD, _SOURCES, _NEEDS)


def osiris(age_years: int, weight_kg: float, *, takes_oestrogen: bool, had_fracture: bool, truncated: bool) -> Verdict:
    """OSIRIS of a woman after her menopause, truncated or not."""
    divisor = value("osiris.divisor")
    weight, age = weight_kg / divisor, age_years / divisor
    score = math.trunc(weight) - math.trunc(age) if truncated else weight - age
    if takes_oestrogen:
        score += value("osiris.current_oestrogen.points")
    if had_fracture:
        score += value("osiris.fracture.points")
    group = band(score, low_above=value("osiris.bands.low_above"), high_below=value("osiris.bands.high_below"))
    return Verdict(float(score), score < value("osiris.cut_off"), group)


def from_person(person: Person) -> tuple[ScreeningScore, ...]:
    """OSIRIS in its two versions."""

    def verdict(*, truncated: bool) -> Verdict:
        return osiris(
            completed_years(person),
            person.weight_kg or 0.0,  # never called without a weight
            takes_oestrogen=person.history.oestrogen == "current",
            had_fracture=bool(had_fragility_fracture(person)),
            truncated=truncated,
        )

    return (
        screen(person, TRUNCATED, lambda: verdict(truncated=True)),
        screen(person, UNTRUNCATED, lambda: verdict(truncated=False)),
    )
