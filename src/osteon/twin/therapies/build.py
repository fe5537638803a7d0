"""From a written regimen to dose events, for the therapies that a model covers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from osteon.errors import ModelError
from osteon.evidence.therapies import therapy_label
from osteon.twin.engine.regimen import Course, Infusion, Regimen
from osteon.twin.therapies.drug import DrugTherapy, months
from osteon.twin.therapies.grammar import TherapyPlan, parse_therapy


@dataclass(frozen=True, slots=True)
class BuiltRegimen:
    """A regimen ready to simulate.

    Attributes
    ----------
    plan
        What was asked.
    regimen
        The dose events.
    notes
        What a reader should know: where the request goes beyond a licence, or stops because of one.
    sources
        Names of the evidence rows behind the doses.
    """

    plan: TherapyPlan
    regimen: Regimen
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def build_regimen(text: str, drugs: Mapping[str, DrugTherapy], *, model: str) -> BuiltRegimen:
    """Read a regimen and lay out its doses.

    Parameters
    ----------
    text
        See :mod:`osteon.twin.therapies.grammar`.
    drugs
        The therapies that the model covers, by name (``none`` is always covered).
    model
        What to call the model in an error.

    Raises
    ------
    UsageError
        The text is not a regimen.
    ModelError
        It names a therapy that the model does not cover.
    """
    licensed = {name: drug.longest_months for name, drug in drugs.items() if drug.longest_months is not None}
    plan = parse_therapy(text, licensed_months=licensed)
    if missing := [name for name in plan.therapies if name != "none" and name not in drugs]:
        raise ModelError(
            f"the {model} does not cover {', '.join(missing)}",
            where=text,
            mend=f"It covers none, {', '.join(drugs)}",
        )
    courses: list[Course] = []
    notes: dict[str, str] = {}
    total = dict.fromkeys(plan.therapies, 0.0)
    start = 0.0
    for phase in plan.phases:
        length = math.inf if phase.months is None else months(phase.months)
        for name in phase.therapies:
            if name == "none":
                continue
            longest = drugs[name].longest_months
            stops = longest is not None and phase.months is None
            courses.append(drugs[name].course(start, months(longest) if stops and longest is not None else length))
            total[name] += longest if stops and longest is not None else (phase.months or 0.0)
            if stops:
                notes[name] = (
                    f"{therapy_label(name)} stops after {longest:g} months, its licensed length; "
                    "the projection goes on without it."
                )
            if longest is not None and total[name] > longest:
                notes[name] = (
                    f"{therapy_label(name)} is licensed for {longest:g} months; {total[name]:g} months were asked for."
                )
        start += length
    sources = tuple(row for name in plan.therapies if name != "none" for row in drugs[name].sources)
    return BuiltRegimen(plan, Regimen(plan.text, _joined(courses)), tuple(notes.values()), sources)


def _joined(courses: list[Course]) -> tuple[Course, ...]:
    """Continuous courses of one drug that follow without a gap and at the same rate become one."""
    joined: list[Course] = []
    for course in courses:
        for number, earlier in enumerate(joined):
            if (
                isinstance(course, Infusion)
                and isinstance(earlier, Infusion)
                and (earlier.drug, earlier.amount_per_day) == (course.drug, course.amount_per_day)
                and earlier.end_day == course.start_day
            ):
                joined[number] = Infusion(course.drug, course.amount_per_day, earlier.start_day, course.end_day)
                break
        else:
            joined.append(course)
    return tuple(joined)
