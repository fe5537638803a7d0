"""ORAI, the Osteoporosis Risk Assessment Instrument: age, weight and present oestrogen (Cadarette 2000).

Points for age (45-54: 0, 55-64: 5, 65-74: 9, 75 and over: 15), for weight (under 60 kg: 9, 60 to under 70 kg: 3) and
for taking no oestrogen now (2). From 9 points a scan is suggested.

The edges of weight are printed in kilograms, and in pounds as 132 and 154. They are not the same: a woman of 132 lb
weighs 59.87 kg, so she has 9 points by kilograms and 3 by pounds. Both versions are given.
"""

from __future__ import annotations

from osteon.evidence import value
from osteon.person import Person
from osteon.risk.reading import completed_years, weight_pounds
from osteon.risk.result import ScreeningScore
from osteon.risk.screening import Verdict, Version, screen

_AGE_EDGES = (75, 65, 55, 45)  # years at which the points change, oldest first; named in the evidence rows
_SOURCES = (
    *(f"orai.age_from_{edge}.points" for edge in _AGE_EDGES),
    "orai.weight_below_60kg.points",
    "orai.weight_60_to_70kg.points",
    "orai.no_current_oestrogen.points",
    "orai.cut_off",
    "cadarette2000_orai",
)
_NEEDS = ("weight_kg", "history.oestrogen")
_THRESHOLD = "9 or more: a scan is suggested"

KILOGRAMS = Version(
    "ORAI",
    "kilograms",
    _THRESHOLD,
    (*_SOURCES, "orai.weight_light_below", "orai.weight_middle_below"),
    _NEEDS,
    after_menopause=False,
)
POUNDS = Version(
    "ORAI",
    "pounds",
    _THRESHOLD,
    (*_SOURCES, "orai.pounds.weight_light_below", "orai.pounds.weight_middle_below"),
    _NEEDS,
    after_menopause=False,
)


def _points(age_years: int, weight: float, light_below: float, middle_below: float, takes_oestrogen: bool) -> Verdict:
    edge = next(edge for edge in _AGE_EDGES if age_years >= edge)
    points = value(f"orai.age_from_{edge}.points")
    if weight < light_below:
        points += value("orai.weight_below_60kg.points")
    elif weight < middle_below:
        points += value("orai.weight_60_to_70kg.points")
    if not takes_oestrogen:
        points += value("orai.no_current_oestrogen.points")
    return Verdict(points, points >= value("orai.cut_off"))


def kilograms(age_years: int, weight_kg: float, takes_oestrogen: bool) -> Verdict:
    """The version ``kilograms``, for a woman of 45 completed years or more."""
    light, middle = value("orai.weight_light_below"), value("orai.weight_middle_below")
    return _points(age_years, weight_kg, light, middle, takes_oestrogen)


def pounds(age_years: int, weight_lb: int, takes_oestrogen: bool) -> Verdict:
    """The version ``pounds``, for a woman of 45 completed years or more; weight in whole pounds."""
    light, middle = value("orai.pounds.weight_light_below"), value("orai.pounds.weight_middle_below")
    return _points(age_years, weight_lb, light, middle, takes_oestrogen)


def from_person(person: Person) -> tuple[ScreeningScore, ...]:
    """ORAI in its two versions."""
    age, weight = completed_years(person), person.weight_kg or 0.0  # the rules never run without a weight
    takes = person.history.oestrogen == "current"
    return (
        screen(person, KILOGRAMS, lambda: kilograms(age, weight, takes)),
        screen(person, POUNDS, lambda: pounds(age, weight_pounds(weight), takes)),
    )
