"""SCORE, the Simple Calculated Osteoporosis Risk Estimation (Lydick 1998).

Points for race (5 when the woman is not Black), rheumatoid arthritis (4), fractures after minor trauma since 45 (4
each, at most 12), age, and never having taken oestrogen (1), less one point for every 10 pounds of weight.

**This tool uses race.** It was built in 1998 mostly on White women; among African American women it missed 70 % of
those with osteoporosis (Cass 2006). It is given because it is in use, it is never a default, and without a recorded
ethnicity it is not scored.

Sources disagree on the rest, so two versions stand side by side:

* ``first digit of age``: 3 x the first digit of the age; fractures of wrist, hip or rib, each site once; weight / 10
  cut to a whole number; a scan is suggested from 6;
* ``3 x age / 10``: age and weight untruncated; fractures of spine, hip or wrist, each one counted; up to 6 low risk,
  from 16 high risk (MedCalc and Medscape).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from osteon.evidence import value
from osteon.person import FractureSite, Person
from osteon.risk.reading import KG_PER_POUND, completed_years, fracture_sites, had_fragility_fracture, weight_pounds
from osteon.risk.result import ScreeningScore
from osteon.risk.screening import Group, Verdict, Version, screen

BLACK: Final = ("black", "black_caribbean", "black_african")

_SHARED = (
    "score.not_black.points",
    "score.rheumatoid_arthritis.points",
    "score.fracture.points",
    "score.fracture.most_points",
    "score.never_oestrogen.points",
    "score.pounds_per_point",
    "lydick1998_score",
    "score.african_american.missed",
)
_NEEDS = (
    "weight_kg",
    "ethnicity",
    "history.rheumatoid_arthritis",
    "history.previous_fragility_fracture",
    "history.oestrogen",
)

FIRST_DIGIT = Version(
    "SCORE",
    "first digit of age",
    "6 or more: a scan is suggested",
    (*_SHARED, "score.age_digit.points", "score.cut_off"),
    _NEEDS,
)
TIMES_AGE = Version(
    "SCORE",
    "3 x age / 10",
    "above 6: intermediate or high risk, a scan is suggested; 16 or more: high risk",
    (*_SHARED, "score.untruncated.age_factor", "score.untruncated.low_up_to", "score.untruncated.high_from"),
    _NEEDS,
)


def _points(*, black: bool, rheumatoid_arthritis: bool, fractures: int, oestrogen_ever: bool) -> float:
    """The points that both versions give alike."""
    points = 0.0 if black else value("score.not_black.points")
    if rheumatoid_arthritis:
        points += value("score.rheumatoid_arthritis.points")
    points += min(fractures * value("score.fracture.points"), value("score.fracture.most_points"))
    return points if oestrogen_ever else points + value("score.never_oestrogen.points")


def first_digit(
    age_years: int, weight_lb: float, *, black: bool, rheumatoid_arthritis: bool, fractures: int, oestrogen_ever: bool
) -> Verdict:
    """The version ``first digit of age``; ``fractures`` counts the sites wrist, hip and rib.

    At 100 years the "first digit" is read as 10, so that the points do not fall with age.
    """
    score = _points(
        black=black, rheumatoid_arthritis=rheumatoid_arthritis, fractures=fractures, oestrogen_ever=oestrogen_ever
    )
    score += value("score.age_digit.points") * (age_years // 10)
    score -= math.trunc(weight_lb / value("score.pounds_per_point"))
    return Verdict(score, score >= value("score.cut_off"))


def times_age(
    age_years: int, weight_lb: float, *, black: bool, rheumatoid_arthritis: bool, fractures: int, oestrogen_ever: bool
) -> Verdict:
    """The version ``3 x age / 10``; ``fractures`` counts those of spine, hip and wrist."""
    score = _points(
        black=black, rheumatoid_arthritis=rheumatoid_arthritis, fractures=fractures, oestrogen_ever=oestrogen_ever
    )
    score += value("score.untruncated.age_factor") * age_years / 10
    score -= weight_lb / value("score.pounds_per_point")
    group: Group = "intermediate"
    if score <= value("score.untruncated.low_up_to"):
        group = "low"
    elif score >= value("score.untruncated.high_from"):
        group = "high"
    return Verdict(score, group != "low", group)


def _each_site_once(sites: Sequence[FractureSite]) -> int:
    return len({"wrist", "hip", "rib"} & set(sites))


def _each_fracture(sites: Sequence[FractureSite]) -> int:
    return sum(site in ("spine", "hip", "wrist") for site in sites)


def from_person(person: Person) -> tuple[ScreeningScore, ...]:
    """SCORE in its two versions."""
    sites = fracture_sites(person)
    # SCORE counts fractures by site, so a fracture without its place cannot be counted.
    unplaced = ("history.fragility_fracture_sites",) if sites is None and had_fragility_fracture(person) else ()
    age, weight = completed_years(person), person.weight_kg or 0.0  # the rules never run without a weight
    note = (
        "SCORE counts race, which is not biology: among African American women it missed "
        f"{value('score.african_american.missed'):g} % of those with osteoporosis."
    )
    black = person.ethnicity in BLACK
    arthritis = bool(person.history.rheumatoid_arthritis)
    ever = person.history.oestrogen != "never"
    return (
        screen(
            person,
            FIRST_DIGIT,
            lambda: first_digit(
                age,
                weight_pounds(weight),
                black=black,
                rheumatoid_arthritis=arthritis,
                fractures=_each_site_once(sites or ()),
                oestrogen_ever=ever,
            ),
            also_missing=unplaced,
            note=note,
        ),
        screen(
            person,
            TIMES_AGE,
            lambda: times_age(
                age,
                weight / KG_PER_POUND,
                black=black,
                rheumatoid_arthritis=arthritis,
                fractures=_each_fracture(sites or ()),
                oestrogen_ever=ever,
            ),
            also_missing=unplaced,
            note=note,
        ),
    )
