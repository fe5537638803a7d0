"""Symptoms and signs of silent disease: what the record says, what somebody has to look for, and what to do."""

from __future__ import annotations

from typing import Literal

from osteon.care.screening.facts import ScreeningFacts
from osteon.care.screening.result import Sign
from osteon.care.wording import fill, keys, read_rows

_UNNOTICED = (
    "No sign does not mean no fracture: {signs.spine_fracture.unnoticed} % of spine fractures do not come to anybody's "
    "attention, and of people with one on imaging only {signs.spine_fracture.self_reported} % had reported it. At 70 "
    "to 79 years {signs.spine_fracture.age_70_79} % of Americans have one."
)
UNNOTICED_SOURCES = ("bonefit_signs", "cosman2017_spine")


def unnoticed() -> str:
    """How often a fracture of the spine goes unnoticed, with the published numbers."""
    return fill(_UNNOTICED)


def signs(facts: ScreeningFacts) -> tuple[Sign, ...]:
    """Every sign of the table, with what the record says about it."""
    return tuple(
        Sign(
            key=record["key"],
            label=record["label"],
            state=_state(facts, record["criteria"]),
            action=fill(record["action"]),
            sources=keys(record["source"]),
        )
        for record in read_rows("screening_signs.csv")
    )


def _state(facts: ScreeningFacts, criteria: str) -> Literal["present", "absent", "unknown", "look"]:
    if not criteria:
        return "look"
    truth = facts.holds(criteria)
    return "unknown" if truth.yes is None else "present" if truth.yes else "absent"
