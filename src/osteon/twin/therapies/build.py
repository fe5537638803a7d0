"""From a written regimen to dose events, for the therapies that a model covers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from osteon.errors import ModelError, UsageError
from osteon.evidence.therapies import therapy_label
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.engine.regimen import Bolus, Course, Infusion, Regimen
from osteon.twin.therapies.drug import DrugTherapy, months
from osteon.twin.therapies.grammar import LONGEST_MONTHS, TherapyPlan, parse_therapy
from osteon.twin.therapies.other_dose import LEAST_SHARE, at_dose, is_usual


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
        The text is not a regimen, asks for a dose out of the plausible range, crowds the doses of a medicine, or gives
        one for less than a dose of it lasts.
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
            dose = phase.dose(name)
            drug = drugs[name] if dose is None else at_dose(drugs[name], dose, text)
            if dose is not None and not is_usual(drugs[name], dose):
                notes[f"{name}@{dose.text}"] = (
                    f"{therapy_label(name)} is given as {dose.words}; usual is {drugs[name].how}."
                )
            _refuse_too_short(drug, phase.months, text)
            longest = drug.longest_months
            stops = longest is not None and phase.months is None
            courses.append(drug.course(start, months(longest) if stops and longest is not None else length))
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
    _refuse_crowded(courses, {name: one.interval_days for name, one in drugs.items()}, text)
    sources = tuple(row for name in plan.therapies if name != "none" for row in drugs[name].sources)
    return BuiltRegimen(plan, Regimen(plan.text, _joined(courses)), tuple(notes.values()), sources)


def _refuse_too_short(drug: DrugTherapy, given_months: float | None, text: str) -> None:
    """Refuse a phase that is shorter than half of what one dose of its medicine is given for."""
    if given_months is None or drug.interval_days is None:
        return
    least = LEAST_SHARE * drug.interval_days
    if months(given_months) < least - 1e-6:
        longest = drug.longest_months or LONGEST_MONTHS
        # Rounded up, so that the number in the message is itself accepted.
        shortest = math.ceil(1000.0 * least / DAYS_PER_MONTH - 1e-6) / 1000.0
        raise UsageError(
            f"{drug.name} cannot be given for {_in_months(given_months)}: usual is {drug.how}",
            where=text,
            mend=f"Write {shortest:g} to {longest:g} months, for example {drug.name}:{min(longest, 24.0):g}",
        )


def _refuse_crowded(courses: list[Course], intervals_days: Mapping[str, float | None], text: str) -> None:
    """Refuse doses of one medicine that lie closer together than half of its usual interval.

    Within a phase the interval is the usual one; phases that name the same medicine again could crowd its doses.
    """
    for drug in {course.drug for course in courses if isinstance(course, Bolus)}:
        own = [course for course in courses if isinstance(course, Bolus) and course.drug == drug]
        for earlier, later in pairwise(sorted(own, key=lambda course: course.first_day)):
            last = [day for day in earlier.days(later.first_day) if day < later.first_day or earlier.doses is not None]
            gap = later.first_day - (last[-1] if last else -math.inf)
            usual = min(earlier.interval_days, intervals_days.get(drug) or math.inf)
            if math.isinf(usual):
                continue  # single doses of what has no usual interval
            if gap < LEAST_SHARE * usual - 1e-6:
                apart = f"{_in_months(gap / DAYS_PER_MONTH)} after" if gap > 0 else "at the same time as"
                least, most = LEAST_SHARE * usual / DAYS_PER_MONTH, usual / DAYS_PER_MONTH
                raise UsageError(
                    f"{drug} would be given {apart} the dose before it",
                    where=text,
                    mend=f"Leave {least:.2g} to {most:.2g} months between doses: end a phase when the next dose is due",
                )


def _in_months(number: float) -> str:
    written = f"{number:.3g}"
    return "1 month" if written == "1" else f"{written} months"


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
