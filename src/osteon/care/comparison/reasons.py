"""Why the tools differ for this person, in sentences whose numbers come from switching one input at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from osteon.care.comparison.inputs import INPUTS, REFERENCE_BMI
from osteon.care.comparison.numbers import (
    OUTCOMES,
    ask_open_model,
    ask_qfracture,
    log_ratio,
    middle,
    pair,
    text,
)
from osteon.care.comparison.result import InputEffect, Numbers, Reason, Span, ToolColumn
from osteon.care.wording import listed
from osteon.person import Person
from osteon.risk.open_model.baseline import years
from osteon.risk.open_model.country import country_named
from osteon.risk.open_model.density import mean_t_score
from osteon.risk.result import Outcome

_HORIZON_YEARS = 10
_SMALLEST_RATIO = 1.05  # a reason that moves the tools less far apart is not worth a sentence
_MOST_MISSING = 3
_NOT_A_YES_OR_NO = ("ethnicity", "bmi")

_MEAN_OF_ALL = (
    " A density below the average can still lower the number: without it, the model takes the mean risk of everybody "
    "of that age and sex, and the few with very low density raise that mean above the risk at average density."
)

_WORDS: dict[Outcome, str] = {"hip": "hip", "major_osteoporotic": "major fractures"}


def headline(columns: Sequence[ToolColumn]) -> tuple[str, ...]:
    """The numbers in words, one sentence an outcome, and the tools that give none."""
    lines = []
    for outcome in OUTCOMES:
        given = [(one.tool, one.numbers.of(outcome)) for one in columns]
        answers = [(tool, span) for tool, span in given if span is not None]
        if not answers:
            continue
        parts = "; ".join(f"{tool} {text(span)}" for tool, span in answers)
        middles = [number for _, span in answers if (number := middle(span))]
        apart = f" The highest is {max(middles) / min(middles):.1f} times the lowest." if len(middles) > 1 else ""
        lines.append(f"{_WORDS[outcome].capitalize()}, {_HORIZON_YEARS} years: {parts}.{apart}")
    lines += [f"{one.tool} gives no number. {one.reason}" for one in columns if one.reason]
    return tuple(lines)


def reasons(
    person: Person,
    neck_t: float | None,
    columns: Sequence[ToolColumn],
    effects: Sequence[InputEffect],
    common: Sequence[Numbers],
) -> tuple[Reason, ...]:
    """What moves the tools apart, the largest first; then what is left, what is missing, and the typed-in result."""
    qfracture, own = columns[0].numbers, columns[1].numbers
    found: list[Reason] = []
    summed_up: list[Reason] = []
    if own.hip is not None:
        found += [_density(person, neck_t, own), _death(person, neck_t, own)]
    if own.hip is not None and (qfracture.hip is not None or qfracture.major_osteoporotic is not None):
        found += [*_inputs(effects), *_population(person)]
        summed_up = [*_left_over(common), *_missing(effects, columns)]
    kept = [one for one in found if one.ratio >= _SMALLEST_RATIO or one.key == "bone_density"]
    return (*sorted(kept, key=lambda one: -one.ratio), *summed_up, *_typed_in(columns, neck_t))


def _apart(one: Numbers, other: Numbers) -> tuple[float, Outcome]:
    """The larger ratio of two pairs of numbers over both outcomes, at least 1, and the outcome that shows it."""
    sizes = [(abs(log_ratio(one.of(outcome), other.of(outcome)) or 0.0), outcome) for outcome in OUTCOMES]
    size, outcome = max(sizes, key=lambda pair: pair[0])
    return math.exp(size), outcome


def _density(person: Person, neck_t: float | None, own: Numbers) -> Reason:
    if neck_t is None:
        return Reason(
            key="bone_density",
            text="No tool here counts bone density: there is no femoral-neck T-score. The open model takes the average "
            "of that age and sex.",
            ratio=1.0,
        )
    unknown = ask_open_model(person, None, _HORIZON_YEARS)
    ratio, _ = _apart(own, unknown)
    average = float(mean_t_score(person.sex, person.age_years))
    hip, hip_unknown = pair(own.hip, unknown.hip)
    major, major_unknown = pair(own.major_osteoporotic, unknown.major_osteoporotic)
    lower = neck_t < average and (log_ratio(own.hip, unknown.hip) or 0.0) < 0.0
    return Reason(
        key="bone_density",
        text=f"Only the open model counts the bone density, T {neck_t:.1f} at the femoral neck (average at this age "
        f"{average:.1f}). Without it, it would say {hip_unknown} instead of {hip} for the hip and "
        f"{major_unknown} instead of {major} for major fractures.{_MEAN_OF_ALL if lower else ''}",
        ratio=ratio,
    )


def _death(person: Person, neck_t: float | None, own: Numbers) -> Reason:
    without = ask_open_model(person, neck_t, _HORIZON_YEARS, death=False)
    ratio, outcome = _apart(without, own)
    without_death, with_death = pair(without.of(outcome), own.of(outcome))
    return Reason(
        key="death",
        text="The open model counts that some people die before they break a bone; QFracture-2012 does not. Without "
        f"death the open model would say {without_death} instead of {with_death} "
        f"({_WORDS[outcome]}).",
        ratio=ratio,
    )


def _inputs(effects: Sequence[InputEffect]) -> list[Reason]:
    """One reason for each input that is present and that the two tools weigh differently."""
    return [reason for one in effects if one.state == "present" and (reason := _input(one)) is not None]


def _input(one: InputEffect) -> Reason | None:
    qfracture, own = one.effects
    if qfracture.counted is None or own.counted is None or not (qfracture.counted or own.counted):
        return None
    sizes = []
    for outcome in OUTCOMES:
        ratio_q = log_ratio(qfracture.present.of(outcome), qfracture.absent.of(outcome))
        ratio_own = log_ratio(own.present.of(outcome), own.absent.of(outcome))
        if ratio_q is not None and ratio_own is not None:
            sizes.append((abs(ratio_q - ratio_own), outcome))
    if not sizes:
        return None
    size, outcome = max(sizes, key=lambda pair: pair[0])
    in_qfracture = _switched(qfracture.present.of(outcome), qfracture.absent.of(outcome), one)
    in_own = _switched(own.present.of(outcome), own.absent.of(outcome), one)
    name = one.label[0].upper() + one.label[1:] + (f" ({one.recorded})" if one.recorded else "")
    if qfracture.counted and own.counted:
        body = f"both count it, with different weight. QFracture-2012: {in_qfracture}. The open model: {in_own}."
    elif qfracture.counted:
        body = f"here only QFracture-2012 counts it: {in_qfracture}."
    else:
        body = f"here only the open model counts it: {in_own}."
    return Reason(key=one.key, text=f"{name}: {body} ({_WORDS[outcome].capitalize()}.)", ratio=math.exp(size))


def _switched(present: Span | None, absent: Span | None, one: InputEffect) -> str:
    otherwise = f"at {REFERENCE_BMI:g}" if one.key == "bmi" else "for white people" if one.key == "ethnicity" else ""
    with_it, without_it = pair(present, absent)
    if with_it == without_it:
        return f"{with_it}, and the same {otherwise or 'without it'}"
    return f"{with_it}, and {without_it} {otherwise or 'without it'}"


def _population(person: Person) -> list[Reason]:
    """The same person without any risk factor, asked of both tools: what is left is whose fractures they describe."""
    free = person
    for one in INPUTS:
        free = one.without(free)
    average = float(mean_t_score(person.sex, person.age_years))
    qfracture, own = ask_qfracture(free, _HORIZON_YEARS), ask_open_model(free, average, _HORIZON_YEARS)
    if qfracture.hip is None or own.hip is None:
        return []
    ratio, outcome = _apart(qfracture, own)
    country = country_named(person.country)
    noun = "woman" if person.sex == "female" else "man"
    return [
        Reason(
            key="population",
            text=f"They describe different people. A white {noun} of {person.age_years:.0f} with a BMI of "
            f"{REFERENCE_BMI:g} and no risk factor has {text(own.of(outcome))} in the open model ({country}, "
            f"{years(country)}, with average bone density) and {text(qfracture.of(outcome))} in QFracture-2012 "
            f"(British general practices) ({_WORDS[outcome]}).",
            ratio=ratio,
        )
    ]


def _missing(effects: Sequence[InputEffect], columns: Sequence[ToolColumn]) -> list[Reason]:
    """What is not recorded: how the tools take it, and which of it could move them most."""
    open_ = [one for one in effects if one.state == "not recorded" and any(tool.counted for tool in one.effects)]
    if not open_:
        return []
    # A yes or no can be tried out; which other ethnicity or body mass it might be cannot.
    ranked = sorted((one for one in open_ if one.key not in _NOT_A_YES_OR_NO), key=lambda one: -_swing(one))
    ranked = ranked[:_MOST_MISSING]
    if not ranked:
        return []
    parts = []
    for one in ranked:
        outcome = _widest(one)
        each = [
            f"{'QFracture-2012' if tool.tool == columns[0].tool else 'the open model'} {text(tool.present.of(outcome))}"
            for tool in one.effects
            if tool.counted
        ]
        parts.append(f"{one.label} (if so: {' and '.join(each)}, {_WORDS[outcome]})")
    return [
        Reason(
            key="missing",
            text=f"{len(open_)} inputs are not recorded. QFracture-2012 takes them as absent, the open model as "
            f"average. What could change most: {'; '.join(parts)}.",
            ratio=math.exp(_swing(ranked[0])),
        )
    ]


def _widest(one: InputEffect) -> Outcome:
    return max(OUTCOMES, key=lambda outcome: _swing_in(one, outcome))


def _swing(one: InputEffect) -> float:
    return max(_swing_in(one, outcome) for outcome in OUTCOMES)


def _swing_in(one: InputEffect, outcome: Outcome) -> float:
    """How far an input could move a tool's number: the larger of the tools, as a logarithm."""
    sizes = [log_ratio(tool.present.of(outcome), tool.absent.of(outcome)) for tool in one.effects]
    return max((abs(size) for size in sizes if size is not None), default=0.0)


def _left_over(common: Sequence[Numbers]) -> list[Reason]:
    qfracture, own = common
    if qfracture.hip is None or own.hip is None:
        return []
    ratio, _ = _apart(qfracture, own)
    return [
        Reason(
            key="common_ground",
            text="With everything taken out that only one of them counts or that is not recorded, bone density and "
            f"death too, QFracture-2012 says {text(qfracture.hip)} and the open model {text(own.hip)} for the hip, "
            f"{text(qfracture.major_osteoporotic)} and {text(own.major_osteoporotic)} for major fractures. What is "
            "left comes from the people behind each tool and from the weight of what both count.",
            ratio=ratio,
        )
    ]


def _typed_in(columns: Sequence[ToolColumn], neck_t: float | None) -> list[Reason]:
    """What can be said about a result that cannot be switched."""
    found = []
    for column in columns[2:]:
        notes = [f"it is the {column.population}"]
        if column.counts_bone_density is False and neck_t is not None:
            notes.append("it was obtained without the bone density that is recorded here")
        elif column.counts_bone_density is None:
            notes.append("whether it counted bone density was not written down")
        found.append(
            Reason(
                key="typed_in",
                text=f"{column.tool}: it cannot be asked again here, so why it differs cannot be computed. "
                f"What is known: {listed(notes)}.",
                ratio=1.0,
            )
        )
    return found
