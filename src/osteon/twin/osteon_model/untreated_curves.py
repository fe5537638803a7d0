"""Untreated loss between two ages, as a course: what the printed figures of natural history look like in the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.twin.osteon_model.figures import history_figure, history_people
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.parameters import TRAITS
from osteon.twin.osteon_model.published import HistoryResult, history_results, later_history_results

Floats = NDArray[np.float64]

EVERY_YEARS = 0.25
WITHIN = 0.2
"""A figure counts as met within a fifth of the printed number, or inside the printed interval."""


@dataclass(frozen=True, slots=True)
class UntreatedFigure:
    """One printed figure as a change since ``from_age``, and the model's at the same age.

    ``ok`` is the verdict of the validation: inside the printed interval or within a fifth.
    """

    to_age: float
    observed: float
    predicted: float
    low: float | None
    high: float | None
    ok: bool


@dataclass(frozen=True, slots=True)
class UntreatedCurve:
    """Figures that begin at the same age in the same people, and the model's course since then.

    ``unit`` is ``%``, ``mg/cm2`` or ``ratio``; ``ages`` and ``change`` are ``(K,)``.
    """

    study: str
    stratum: str
    sex: str
    observable: str
    unit: str
    from_age: float
    figures: tuple[UntreatedFigure, ...]
    ages: Floats
    change: Floats


def untreated_curves() -> tuple[UntreatedCurve, ...]:
    """Every printed figure of untreated loss, grouped by people and first age."""
    grouped: dict[tuple[str, ...], list[HistoryResult]] = {}
    for one in (*history_results(), *later_history_results()):
        unit = _unit(one.kind)
        key = (one.study, one.who, one.sex, one.observable, unit, repr(one.from_age))
        grouped.setdefault(key, []).append(one)
    groups = list(grouped.values())
    wanted = [(_people(group[0]), _ages(group)) for group in groups]
    levels = _levels(wanted, [group[0].observable for group in groups])
    return tuple(_curve(group, ages, level) for group, (_, ages), level in zip(groups, wanted, levels, strict=True))


def _unit(kind: str) -> str:
    if kind == "ratio":
        return "ratio"
    return "%" if kind.startswith("percent") else "mg/cm2"


def _total(one: HistoryResult, number: float) -> float:
    """A printed figure as a change over its whole span, densities in mg/cm²."""
    years = one.to_age - one.from_age if one.kind.endswith("_per_year") else 1.0
    return number * years * (1000.0 if one.kind.startswith("g_cm2") else 1.0)


def _ages(group: Sequence[HistoryResult]) -> Floats:
    first, last = group[0].from_age, max(one.to_age for one in group)
    return np.unique(np.append(np.arange(first, last, EVERY_YEARS), [last, *(one.to_age for one in group)]))


def _curve(group: Sequence[HistoryResult], ages: Floats, level: Floats) -> UntreatedCurve:
    first = group[0]
    at = dict(zip(ages.tolist(), level.tolist(), strict=True))
    figures, change = [], np.zeros(ages.size)
    for one in group:
        predicted = float(history_figure(one, at[one.from_age], at[one.to_age]))
        inside = one.low is not None and one.high is not None and one.low <= predicted <= one.high
        figures.append(
            UntreatedFigure(
                one.to_age,
                _total(one, one.value),
                _total(one, predicted),
                None if one.low is None else _total(one, one.low),
                None if one.high is None else _total(one, one.high),
                bool(inside or abs(predicted - one.value) <= WITHIN * abs(one.value)),
            )
        )
    # The same rule at every age: a figure that begins at from_age and ends there.
    longest = max(group, key=lambda one: one.to_age)
    scale = figures[group.index(longest)].predicted
    moved = at[longest.to_age] - at[longest.from_age]
    if _unit(first.kind) == "ratio":
        change = level / at[first.from_age]
    elif moved != 0.0:
        change = scale * (level - at[first.from_age]) / moved
    return UntreatedCurve(
        first.study,
        " / ".join(dict.fromkeys(one.stratum for one in group)),
        first.sex,
        first.observable,
        _unit(first.kind),
        first.from_age,
        tuple(figures),
        ages,
        change,
    )


Weighted = tuple[tuple[float, float, float], ...]
"""Male or not, age at menopause, and weight in the mean."""


def _people(one: HistoryResult) -> Weighted:
    usual = TRAITS["menopause_age"]
    return tuple(
        (traits.get("male", 0.0), traits.get("menopause_age", usual), weight) for traits, weight in history_people(one)
    )


def _levels(wanted: Sequence[tuple[Weighted, Floats]], names: Sequence[str]) -> list[Floats]:
    """The untreated observable of each group at each of its ages, all of them in one run from 20 on."""
    columns = sorted({(male, age, at) for people, ages in wanted for male, age, _ in people for at in ages.tolist()})
    table = np.array(columns).T
    model = OsteonModel()
    p = {**model.parameters, "male": table[0], "menopause_age": table[1]}
    state = model.initial_state(table[2], p)
    forcing = model.forcing(np, table[2], dict.fromkeys(model.channels(p), 0.0), p)
    used = tuple(dict.fromkeys(names))
    values = dict(zip(used, model.observe(np, used, tuple(state), forcing, p), strict=True))
    place = {column: number for number, column in enumerate(columns)}
    return [
        np.array([sum(w * values[name][place[m, a, at]] for m, a, w in people) for at in ages.tolist()])
        for (people, ages), name in zip(wanted, names, strict=True)
    ]
