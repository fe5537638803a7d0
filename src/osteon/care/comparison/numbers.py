"""Asking the two open tools: the numbers for a record, in one form for both."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from osteon.care.comparison.result import Numbers, Span
from osteon.errors import ModelError
from osteon.person import Person
from osteon.risk import open_model, qfracture2012
from osteon.risk.open_model.country import country_named
from osteon.risk.open_model.engine import Hazards, from_hazards, hazards
from osteon.risk.result import FractureRisk, Outcome

OUTCOMES: tuple[Outcome, Outcome] = ("hip", "major_osteoporotic")
NOTHING = Numbers(major_osteoporotic=None, hip=None)

Ask = Callable[[Person], Numbers]


@dataclass(frozen=True, slots=True)
class Asked:
    """A tool that can be asked again with a changed record."""

    tool: str
    short: str
    ask: Ask


def span(risk: FractureRisk) -> Span | None:
    """What a tool gives, as lowest and highest."""
    return (risk.percent, risk.percent) if risk.percent is not None else risk.percent_range


def numbers(risks: tuple[FractureRisk, ...]) -> Numbers:
    """The answers of one tool."""
    found = {one.outcome: span(one) for one in risks}
    return Numbers(major_osteoporotic=found.get("major_osteoporotic"), hip=found.get("hip"))


def ask_qfracture(person: Person, horizon_years: int) -> Numbers:
    """QFracture-2012 for a record."""
    return numbers(qfracture2012.from_person(person, horizon_years))


def ask_open_model(person: Person, neck_t: float | None, horizon_years: int, *, death: bool = True) -> Numbers:
    """The open model at its printed ratios; without death as a competing risk when asked to leave it out."""
    try:
        each = hazards(
            person.sex,
            person.age_years,
            open_model.risk_factors(person),
            bone=neck_t,
            horizon_years=horizon_years,
            country=country_named(person.country),
        )
    except ModelError:
        return NOTHING
    if not death:
        each = Hazards(each.hip, each.other, np.zeros_like(each.death))
    found = from_hazards(each)
    major, hip = 100 * float(found.major[0, -1]), 100 * float(found.hip[0, -1])
    return Numbers(major_osteoporotic=(major, major), hip=(hip, hip))


def middle(one: Span | None) -> float | None:
    """The middle of a span."""
    return None if one is None else (one[0] + one[1]) / 2


def log_ratio(one: Span | None, other: Span | None) -> float | None:
    """Logarithm of one number against another; none when one of them is not there."""
    a, b = middle(one), middle(other)
    return None if not a or not b else math.log(a / b)


def text(one: Span | None, decimals: int = 1) -> str:
    """A number or a range in percent."""
    if one is None:
        return "no number"
    least = 10.0**-decimals
    low, high = (f"{part:.{decimals}f}" if part >= least / 2 else f"below {least:g}" for part in one)
    return f"{low} %" if low == high else f"{low} to {high} %"


def pair(one: Span | None, other: Span | None) -> tuple[str, str]:
    """Two numbers of one tool in percent, with a second decimal where one would make them look alike."""
    first, second = text(one), text(other)
    return (text(one, 2), text(other, 2)) if first == second else (first, second)
