"""Printed figures from simulated levels: one place for fit and validation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from osteon.evidence.loader import value
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.osteon_model.parameters import TRAITS
from osteon.twin.osteon_model.published import ArmSetup, HistoryResult, Result

MENOPAUSE_SD_YEARS = 3.0
"""Spread of the age at menopause in a cross-section of women, as in ``variability_traits.csv``."""

FINAL_PERIOD_YEARS = 49.5
"""Rows about single women count their ages from a last period at this age."""

NODES = ((-1.8565, 0.09111), (-0.864, 0.24924), (0.0, 0.3193), (0.864, 0.24924), (1.8565, 0.09111))
"""Standard normal nodes and weights over the age at menopause, with unit variance."""

EVERYBODY = "women, menopause spread"


def everybody() -> tuple[tuple[dict[str, float], float], ...]:
    """Women whose age at menopause spreads, as traits and weights."""
    mean = TRAITS["menopause_age"]
    return tuple(({"menopause_age": mean + MENOPAUSE_SD_YEARS * z}, weight) for z, weight in NODES)


def history_people(one: HistoryResult) -> tuple[tuple[dict[str, float], float], ...]:
    """The people whom a row of untreated loss describes, as traits and weights."""
    if one.who == EVERYBODY:
        return everybody()
    return (({"male": 1.0} if one.who == "man" else {"menopause_age": FINAL_PERIOD_YEARS}, 1.0),)


def history_figure(one: HistoryResult, first: Any, last: Any) -> Any:
    """The figure in the printed unit from the relative BMD at the two ages."""
    years = one.to_age - one.from_age
    if one.kind == "ratio":
        return last / first
    if one.kind == "percent":
        return 100.0 * (last / first - 1.0)
    if one.kind == "percent_per_year":
        return 100.0 * (last / first - 1.0) / years
    grams = peak_density(one.observable, one.sex) * (last - first)
    if one.kind == "g_cm2":
        return grams
    return grams / years if one.kind == "g_cm2_per_year" else 1000.0 * grams / years


def peak_density(observable: str, sex: str) -> float:
    """Mean BMD of young adults, in g/cm², from the evidence rows."""
    site = observable.removeprefix("bmd_")
    if site == "lumbar_spine":
        return value(f"osteon_reference.lumbar_spine.{sex}_21_30.mean")
    return value(f"nhanes3.{site}.{sex}_white_20_29.mean")


def predicted_figure(
    result: Result, setup: ArmSetup, own: Callable[[float], Any], other: Callable[[float], Any]
) -> Any:
    """What the model says for a printed result, in its unit (markers: in per cent too).

    Parameters
    ----------
    result, setup
        The printed result and how its arm is simulated.
    own, other
        The observable on a day, in the arm and in the comparator.
    """
    day, start = result.months * DAYS_PER_MONTH, setup.baseline_month * DAYS_PER_MONTH
    if result.kind == "level_percent":
        return 100.0 * (own(day) / other(day) - 1.0)
    if result.kind == "marker_difference_percent":
        return 100.0 * (own(day) / other(day) - 1.0)
    change = 100.0 * (own(day) / own(start) - 1.0)
    if result.kind == "change_percent":
        return change
    return change - 100.0 * (other(day) / other(start) - 1.0)
