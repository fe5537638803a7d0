"""Which regimens are projected for one person, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from osteon.care.builder_years import LIFETIME, builder_years, months_left
from osteon.care.projection.medicines import is_medicine
from osteon.care.result import Option
from osteon.evidence import THERAPIES
from osteon.person import Person, takes
from osteon.twin.osteon_model.regimens import covered
from osteon.twin.personalise.data import MUCH_ALCOHOL_UNITS
from osteon.twin.result import SetAside

ShownAs = Literal["option", "comparison", "hypothetical", "asked"]

FOLLOW_ON = ("alendronate", "zoledronate", "risedronate", "denosumab", "ibandronate")
"""What keeps the gain of a bone-forming medicine, in the order in which it is chosen here."""

HABITS = ("stop_smoking", "less_alcohol")

NO_MEDICINE = ("lifestyle", "supplement")

BESIDE_CELLS = "zoledronate"
"""The drug with the best evidence in osteopenia stands beside cell therapy, also where it is set aside."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The regimens as written, each with how it is shown, and the therapies that are set aside."""

    regimens: Mapping[str, ShownAs]
    set_aside: tuple[SetAside, ...]


def choose(options: Iterable[Option], person: Person, *, cells: bool = True) -> Choice:
    """Every therapy that this person may have, as it would be given.

    With ``cells``, zoledronate is there for comparison even where it is set aside.

    A change of habit is projected where the record has the habit and the model a term for it, and beside the bone
    medicine that is taken now: nobody ends a medicine to exercise. A bone-forming medicine is given for what is left of
    its licensed length, and followed by the first antiresorptive that suits, because its gain is lost without one.
    Denosumab goes on to the end. What eligibility rules out is set aside with its reason.
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
            if cells and one.therapy == BESIDE_CELLS:
                found[one.therapy] = "comparison"
            continue
        if one.therapy in HABITS and (reason := _without_habit(one, person)):
            aside.append(SetAside(therapy=one.therapy, label=one.label, reason=reason))
            continue
        if one.group in NO_MEDICINE:
            found[_beside_medicines(one.therapy, person, _follow_on(by_name))] = "option"
            continue
        if one.group != "anabolic":
            found[one.therapy] = "option"
            continue
        after = _follow_on(by_name)
        if after is None:
            reason = "Its gain is lost without a medicine that keeps it afterwards, and none suits this person."
            aside.append(SetAside(therapy=one.therapy, label=one.label, reason=reason))
        else:
            found[f"{one.therapy}:{_months_left(person, one.therapy):g},{after}"] = "option"
    return Choice(found, tuple(aside))


def _beside_medicines(habit: str, person: Person, after: str | None) -> str:
    """The regimen of a habit or supplement beside the bone medicines that are taken now.

    A bone builder is taken for what is left of it, and ``after`` follows, if anything suits; at once where nothing is
    left.
    """
    taken = [name for name in THERAPIES if is_medicine(name) and takes(person, name)]
    lasting = [name for name in taken if THERAPIES[name].group == "antiresorptive"]
    builders = [name for name in taken if name not in lasting]
    left = {name: _months_left(person, name) for name in builders if not _used_up(person, name)}
    phases, spent = [], 0.0
    for end in sorted(set(left.values())):
        building = [name for name in left if left[name] >= end]
        phases.append(f"{'+'.join([habit, *lasting, *building])}:{end - spent:g}")
        spent = end
    kept = lasting or ([after] if builders and after else [])
    return ",".join([*phases, "+".join([habit, *kept])])


def _used_up(person: Person, builder: str) -> bool:
    """Whether the time that a bone builder may be taken in a lifetime is over, although it is still taken."""
    return builder in LIFETIME and 12.0 * builder_years(person) >= (covered()[builder].longest_months or 0.0)


def _months_left(person: Person, builder: str) -> float:
    return months_left(person, builder, covered()[builder].longest_months or 0.0)


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
