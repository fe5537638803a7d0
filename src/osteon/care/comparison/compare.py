"""The comparison of the tools for one person."""

from __future__ import annotations

from collections.abc import Sequence

from osteon.care.comparison.inputs import INPUTS, Input
from osteon.care.comparison.numbers import NOTHING, OUTCOMES, Asked, ask_open_model, ask_qfracture, numbers
from osteon.care.comparison.reasons import headline, reasons
from osteon.care.comparison.result import Comparison, InputEffect, Numbers, ToolColumn, ToolEffect
from osteon.care.fracture import femoral_neck_t_score
from osteon.densitometry.result import Densitometry
from osteon.errors import ModelError
from osteon.person import Person
from osteon.risk import frax_typed_in, open_model, qfracture2012
from osteon.risk.open_model import baseline
from osteon.risk.open_model.country import country_named
from osteon.risk.open_model.result import TOOL as OPEN_MODEL

_HORIZON_YEARS = 10
_QFRACTURE_POPULATION = "British general practices, around 2010"
_ABSENT, _AVERAGE = "absent", "average for age and sex"


def compare(person: Person, densitometry: Densitometry) -> Comparison:
    """QFracture-2012, the open fracture model and a typed-in FRAX result side by side, over ten years.

    Parameters
    ----------
    person
        The record.
    densitometry
        What the scan says; only the femoral neck's T-score counts here.
    """
    neck_t = femoral_neck_t_score(densitometry)
    asked = (
        Asked(qfracture2012.TOOL, "QFracture-2012", lambda one: ask_qfracture(one, _HORIZON_YEARS)),
        Asked(OPEN_MODEL, "the open model", lambda one: ask_open_model(one, neck_t, _HORIZON_YEARS)),
    )
    columns = (_qfracture(person), _open(person, neck_t), *_frax(person))
    effects = tuple(_effect(one, person, asked) for one in INPUTS if one.key != "oestrogen_only" or _is_woman(person))
    common = _common_ground(person, effects)
    found = reasons(person, neck_t, columns, effects, common)
    return Comparison(
        horizon_years=_HORIZON_YEARS,
        headline=headline(columns),
        tools=columns,
        inputs=effects,
        reasons=found,
        common_tools=tuple(one.tool for one in asked),
        common_ground=common,
        notices=tuple(dict.fromkeys(one.notice for one in columns if one.notice and one.numbers != NOTHING)),
        sources=tuple(dict.fromkeys(key for one in columns for key in one.sources)),
    )


def _is_woman(person: Person) -> bool:
    return person.sex == "female"


def _qfracture(person: Person) -> ToolColumn:
    major, hip = qfracture2012.from_person(person, _HORIZON_YEARS)
    found = numbers((major, hip))
    return ToolColumn(
        tool=qfracture2012.TOOL,
        numbers=found,
        bands=NOTHING,
        band_kind="",
        counts_bone_density=False,
        counts_death=False,
        population=_QFRACTURE_POPULATION,
        missing=tuple(dict.fromkeys((*major.inputs_missing, *hip.inputs_missing))),
        takes_missing_as=_ABSENT,
        reason=major.reason if found == NOTHING else "",
        notice=major.notice,
        sources=major.sources,
    )


def _open(person: Person, neck_t: float | None) -> ToolColumn:
    try:
        major, hip = open_model.assess(person, femoral_neck_t_score=neck_t, horizon_years=_HORIZON_YEARS)
    except ModelError as error:
        return _open_column(person, neck_t, reason=f"{error.problem[0].upper()}{error.problem[1:]}.")
    return _open_column(
        person,
        neck_t,
        found=numbers((major.as_fracture_risk(), hip.as_fracture_risk())),
        bands=Numbers(major_osteoporotic=(major.lower, major.upper), hip=(hip.lower, hip.upper)),
        band_kind=f"{100 * major.interval:.0f} % band of the printed ratios",
        missing=major.inputs_missing,
        notice=major.notice,
        sources=major.sources,
    )


def _population(person: Person) -> str:
    try:
        country = country_named(person.country)
    except ModelError:
        return "no rates of the country in the record"
    return f"{country}, {baseline.years(country)}"


def _open_column(
    person: Person,
    neck_t: float | None,
    *,
    found: Numbers = NOTHING,
    bands: Numbers = NOTHING,
    band_kind: str = "",
    missing: tuple[str, ...] = (),
    reason: str = "",
    notice: str = "",
    sources: tuple[str, ...] = baseline.SOURCES,
) -> ToolColumn:
    return ToolColumn(
        tool=OPEN_MODEL,
        numbers=found,
        bands=bands,
        band_kind=band_kind,
        counts_bone_density=neck_t is not None,
        counts_death=True,
        population=_population(person),
        missing=missing,
        takes_missing_as=_AVERAGE,
        reason=reason,
        notice=notice,
        sources=sources,
    )


def _frax(person: Person) -> tuple[ToolColumn, ...]:
    """A FRAX result as it was typed in; nothing about it is computed here."""
    entered = person.frax
    if entered is None:
        return ()
    risks = frax_typed_in.from_person(person)
    column = ToolColumn(
        tool=frax_typed_in.TOOL,
        numbers=numbers(risks),
        bands=NOTHING,
        band_kind="",
        counts_bone_density=entered.with_bmd,
        counts_death=None,
        population=f"FRAX model for {entered.country}, asked on {entered.date.isoformat()}",
        missing=(),
        takes_missing_as="not known here",
        reason="",
        notice=risks[0].notice,
        sources=(),
    )
    return (column,)


def _effect(one: Input, person: Person, asked: Sequence[Asked]) -> InputEffect:
    without, with_it = one.without(person), one.with_it(person)
    return InputEffect(
        key=one.key,
        label=one.label,
        state=one.state(person),
        recorded=one.recorded(person),
        effects=tuple(_tool_effect(tool, without, with_it) for tool in asked),
    )


def _tool_effect(tool: Asked, without: Person, with_it: Person) -> ToolEffect:
    absent, present = tool.ask(without), tool.ask(with_it)
    pairs = [(absent.of(outcome), present.of(outcome)) for outcome in OUTCOMES]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    counted = any(a != b for a, b in known) if known else None
    return ToolEffect(tool=tool.tool, counted=counted, absent=absent, present=present)


def _common_ground(person: Person, effects: Sequence[InputEffect]) -> tuple[Numbers, ...]:
    """Both tools with everything taken out that only one of them counts, or that is not recorded."""
    stripped = person
    by_key = {one.key: one for one in INPUTS}
    for effect in effects:
        shared = all(tool.counted for tool in effect.effects)
        if effect.state == "not recorded" or not shared:
            # Body mass is counted by both; where it is not recorded, QFracture-2012 has no number to compare.
            stripped = by_key[effect.key].without(stripped) if effect.key != "bmi" else stripped
    return ask_qfracture(stripped, _HORIZON_YEARS), ask_open_model(stripped, None, _HORIZON_YEARS, death=False)
