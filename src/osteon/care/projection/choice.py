"""Which regimens are projected for one person, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from osteon.care.builder_years import months_left
from osteon.care.result import Option
from osteon.evidence import THERAPIES
from osteon.person import Person
from osteon.twin.osteon_model.regimens import covered
from osteon.twin.personalise.data import MUCH_ALCOHOL_UNITS
from osteon.twin.result import SetAside

ShownAs = Literal["option", "comparison", "hypothetical", "asked"]

FOLLOW_ON = ("alendronate", "zoledronate", "risedronate", "denosumab", "ibandronate")
"""What keeps the gain of a bone-forming medicine, in the order in which it is chosen here."""

HABITS = ("stop_smoking", "less_alcohol")

BESIDE_CELLS = "zoledronate"
"""The drug with the best evidence in osteopenia stands beside cell therapy, also where it is set aside."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The regimens as written, each with how it is shown, and the therapies that are set aside."""

    regimens: Mapping[str, ShownAs]
    set_aside: tuple[SetAside, ...]


def choose(options: Iterable[Option], person: Person) -> Choice:
    """Every therapy that this person may have, as it would be given.

    A change of habit is projected where the record has the habit and the model a term for it. A bone-forming medicine
    is given for what is left of its licensed length, and followed by the first antiresorptive that suits, because its
    gain is lost without one. Denosumab goes on to the
    end. What eligibility rules out is set aside with its reason.
    """
    found: dict[str, ShownAs] = {"none": "comparison"}
    aside: list[SetAside] = []
    listed = list(options)
    by_name = {one.therapy: one for one in listed}
    for one in listed:
        if one.therapy == "none":
            continue
        if THERAPIES[one.therapy].hypothetical:
            found[one.therapy] = "hypothetical"
            continue
        if one.eligible is False:
            aside.append(SetAside(therapy=one.therapy, label=one.label, reason=one.recommendation))
            if one.therapy == BESIDE_CELLS:
                found[one.therapy] = "comparison"
            continue
        if one.therapy in HABITS and (reason := _without_habit(one, person)):
            aside.append(SetAside(therapy=one.therapy, label=one.label, reason=reason))
            continue
        if one.group != "anabolic":
            found[one.therapy] = "option"
            continue
        after = _follow_on(by_name)
        if after is None:
            reason = "Its gain is lost without a medicine that keeps it afterwards, and none suits this person."
            aside.append(SetAside(therapy=one.therapy, label=one.label, reason=reason))
        else:
            longest = covered()[one.therapy].longest_months or 0.0
            found[f"{one.therapy}:{months_left(person, one.therapy, longest):g},{after}"] = "option"
    return Choice(found, tuple(aside))


def _without_habit(option: Option, person: Person) -> str:
    """Why giving up a habit has no curve for this person; empty when it has one."""
    if option.eligible == "uncertain":
        return f"The record does not say whether it applies. {option.recommendation}"
    units = person.history.alcohol_units_per_day or 0.0
    if option.therapy == "less_alcohol" and units <= MUCH_ALCOHOL_UNITS:
        return f"The bone model sees alcohol only above {MUCH_ALCOHOL_UNITS:g} units a day."
    return ""


def _follow_on(options: Mapping[str, Option]) -> str | None:
    """The first that is eligible, else the first of which that is not known."""
    for wanted in (True, "uncertain"):
        for name in FOLLOW_ON:
            if name in options and options[name].eligible == wanted:
                return name
    return None
