"""The answers of the risk tools as every reader sees them: a row a tool, the span of all tools, what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from osteon.care.denosumab import denosumab_exit
from osteon.evidence import THERAPIES
from osteon.person import Person, bone_medicines_taken
from osteon.report.words import (
    NOT_KNOWN,
    first_small,
    input_name,
    plain_list,
    readable,
    risk_span,
    sentence,
    span_percent,
    years,
)
from osteon.risk.result import FractureRisk, Outcome, ScreeningScore


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One tool's answers for one horizon, ready to print; ``reason`` says why an answer is missing."""

    tool: str
    horizon: str
    major_osteoporotic: str
    hip: str
    reason: str


def risk_rows(risks: Sequence[FractureRisk]) -> tuple[RiskRow, ...]:
    """The fracture risks with one row a tool and horizon."""
    gathered: dict[tuple[str, int], dict[Outcome, FractureRisk]] = {}
    for one in risks:
        gathered.setdefault((one.tool, one.horizon_years), {})[one.outcome] = one
    rows = []
    for (tool, horizon), answers in gathered.items():
        shown = {outcome: span_percent(risk_span(one)) for outcome, one in answers.items()}
        gaps = [one.reason for one in answers.values() if risk_span(one) is None and one.reason]
        rows.append(
            RiskRow(
                tool=tool,
                horizon=years(horizon),
                major_osteoporotic=shown.get("major_osteoporotic", NOT_KNOWN),
                hip=shown.get("hip", NOT_KNOWN),
                reason=sentence(readable(gaps[0])) if gaps else "",
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What all tools together say about one outcome: the lowest and the highest percent, and the tools that answered.

    The tools measure different things and none is the truth, so a reader who is told one count of a hundred is told
    the span of all of them.
    """

    outcome: Outcome
    horizon_years: int
    span: tuple[float, float]
    tools: tuple[str, ...]


def outlooks(risks: Sequence[FractureRisk]) -> tuple[Outlook, ...]:
    """The outlook for each outcome that some tool could answer, over the horizon of the first that did."""
    found: list[Outlook] = []
    for outcome in get_args(Outcome):
        answers = [(one, span) for one in risks if one.outcome == outcome and (span := risk_span(one)) is not None]
        if not answers:
            continue
        horizon = answers[0][0].horizon_years
        same = [(one, span) for one, span in answers if one.horizon_years == horizon]
        found.append(
            Outlook(
                outcome=outcome,
                horizon_years=horizon,
                span=(min(span[0] for _, span in same), max(span[1] for _, span in same)),
                tools=tuple(one.tool for one, _ in same),
            )
        )
    return _with_hips_among_the_four(found)


def _with_hips_among_the_four(found: Sequence[Outlook]) -> tuple[Outlook, ...]:
    """The hip is one of the four breaks, so the count of the four is never told as lower than that of the hip."""
    hip = next((one for one in found if one.outcome == "hip"), None)
    if hip is None:
        return tuple(found)
    return tuple(
        replace(one, span=(max(one.span[0], hip.span[0]), max(one.span[1], hip.span[1])))
        if one.outcome == "major_osteoporotic" and one.horizon_years == hip.horizon_years
        else one
        for one in found
    )


_FAR_APART = 3.0
"""From this ratio on, the tools' answers for one person are called far apart: Osteon's own choice."""


FAR_APART = (
    "The tools are far apart for this person, so none of the figures is to be taken as known: they read different "
    "parts of the record and weigh them differently. The command osteon compare says what parts them."
)


def far_apart(risks: Sequence[FractureRisk]) -> tuple[Outlook, ...]:
    """The outcomes for which the highest answer is several times the lowest, and not both are next to nothing."""
    return tuple(
        one for one in outlooks(risks) if one.span[1] >= _FAR_APART * max(one.span[0], 1.0) and len(one.tools) > 1
    )


def unscored(scores: Sequence[ScreeningScore]) -> str:
    """The screening tools that could not be scored, with what they lack, as one sentence."""
    tools: dict[str, list[str]] = {}
    for one in scores:
        if one.score is None and one.inputs_missing:
            tools.setdefault(one.tool, []).extend(input_name(name) for name in one.inputs_missing)
    if not tools:
        return ""
    missing = list(dict.fromkeys(name for names in tools.values() for name in names))
    return f"Not scored ({plain_list(missing)} not recorded): {plain_list(tools)}."


BLIND_TOOL, SEEING_TOOL = "QFracture", "open fracture model"


def answering_tools(risks: Sequence[FractureRisk]) -> tuple[str, ...]:
    """The tools that gave a number, each once."""
    return tuple(dict.fromkeys(one.tool for one in risks if risk_span(one) is not None))


def risk_basis(risks: Sequence[FractureRisk]) -> str:
    """What the numbers rest on: which tool knows bone density, and what a gap in the record does to them."""
    tools = answering_tools(risks)
    if not tools:
        return ""
    blind = any(tool.startswith(BLIND_TOOL) for tool in tools)
    seeing = any(SEEING_TOOL in tool for tool in tools)
    known = ["QFracture does not know bone density"] if blind else []
    if seeing:
        known.append(
            f"the open fracture model {'does' if blind else 'knows bone density'} where the femoral neck was measured"
        )
    gaps = ["adds nothing in QFracture"] if blind else []
    if seeing:
        gaps.append("counts as average in the open model")
    gap = f"A diagnosis, medicine or fracture that is not recorded {' and '.join(gaps)}." if gaps else ""
    return " ".join(filter(None, (sentence("; ".join(known)), gap, _hip_above_all(risks))))


def _hip_above_all(risks: Sequence[FractureRisk]) -> str:
    """That a tool puts the hip above the four breaks of which it is one; empty where none does."""
    percents = {(one.tool, one.horizon_years, one.outcome): one.percent for one in risks if one.percent is not None}
    odd = [
        tool
        for (tool, horizon, outcome), hip in percents.items()
        if outcome == "hip" and hip > percents.get((tool, horizon, "major_osteoporotic"), 100.0)
    ]
    if not odd:
        return ""
    return (
        f"{plain_list(dict.fromkeys(odd))} puts the hip above all four breaks together, of which it is one: its two "
        "figures come from two equations, so take the higher one for both."
    )


def treated_note(person: Person, risks: Sequence[FractureRisk]) -> str:
    """What the figures leave out for somebody on a bone medicine, or lately off denosumab; empty for everybody else.

    A FRAX result that was typed in comes from elsewhere, and what it took into account is not known here.
    """
    names = [THERAPIES[name].label for name in bone_medicines_taken(person)]
    tools = [
        text
        for mark, text in (
            (BLIND_TOOL, "QFracture has no term for it"),
            (SEEING_TOOL, "the open model sees only what it has done to density"),
        )
        if any(mark in tool for tool in answering_tools(risks))
    ]
    if not names and tools and denosumab_exit(person):
        return f"Denosumab has ended, and the figures do not count what can follow: {', and '.join(tools)}."
    if not names or not tools:
        return ""
    medicine = plain_list([names[0], *map(first_small, names[1:])])
    left_out = f"{medicine} is taken, and the figures do not count what it spares or what ending it would bring"
    return f"{left_out}: {', and '.join(tools)}."
