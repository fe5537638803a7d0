"""What the point scores share: the answers that they read from a record, and the form of their result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from osteon.person import Person
from osteon.risk.reading import completed_years, had_fragility_fracture, is_postmenopausal
from osteon.risk.result import PointScore

FRACTURE_NOTE = (
    "The record holds fractures after a minor fall; one after a hard blow counts here too and would add its point."
)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a point score asks; only read when nothing is missing."""

    age_years: int
    weight_kg: float
    fracture: bool
    mother_hip_fracture: bool
    smokes_now: bool
    ever_smoked: bool
    arms_to_stand: bool


@dataclass(frozen=True, slots=True)
class PointTool:
    """The name of a tool and its form, the most points, the evidence, from which age, and what to keep in mind."""

    tool: str
    variant: str
    most: int
    sources: tuple[str, ...]
    youngest_age: float | None = None
    note: str = ""


def mother_broke_a_hip(person: Person) -> bool | None:
    """Whether the mother broke a hip; no where neither parent did, none where the record does not say."""
    history = person.history
    if history.mother_hip_fracture is None and history.parent_hip_fracture is False:
        return False
    return history.mother_hip_fracture


def answers(person: Person, needs: tuple[str, ...]) -> tuple[Answers, tuple[str, ...]]:
    """The answers of a record, and the fields that are missing among ``needs``, weight and the earlier fracture."""
    history = person.history
    mother, fracture = mother_broke_a_hip(person), had_fragility_fracture(person)
    known = {
        "mother_hip_fracture": mother,
        "smoking": history.smoking,
        "arms_to_stand": history.arms_to_stand,
    }
    missing = [] if person.weight_kg is not None else ["weight_kg"]
    missing += [] if fracture is not None else ["history.previous_fragility_fracture"]
    missing += [f"history.{name}" for name in needs if known[name] is None]
    found = Answers(
        age_years=completed_years(person),
        weight_kg=person.weight_kg or 0.0,
        fracture=bool(fracture),
        mother_hip_fracture=bool(mother),
        smokes_now=history.smoking == "current",
        ever_smoked=history.smoking in ("current", "former"),
        arms_to_stand=bool(history.arms_to_stand),
    )
    return found, tuple(missing)


def point_score(
    person: Person, tool: PointTool, found: Answers, missing: tuple[str, ...], points: Callable[[Answers], int]
) -> PointScore:
    """One tool's points, or what is missing, or why it is not for this person."""
    reason = ""
    if person.sex != "female":
        reason = "Made for women."
    elif tool.youngest_age is not None and person.age_years < tool.youngest_age:
        reason = f"Made for women of {tool.youngest_age:g} years or more."
    elif tool.youngest_age is None and is_postmenopausal(person) is not True:
        reason = "Made for women after the menopause."
    answered = not reason and not missing
    notes = (tool.note, "" if found.fracture else FRACTURE_NOTE)
    return PointScore(
        tool=tool.tool,
        variant=tool.variant,
        points=points(found) if answered else None,
        most=tool.most,
        inputs_missing=() if reason else missing,
        reason=reason or (" ".join(filter(None, notes)) if answered else ""),
        sources=tool.sources,
    )
