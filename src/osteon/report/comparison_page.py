"""The comparison of the fracture-risk tools for one person as a self-contained page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from osteon import __version__
from osteon.care.comparison.inputs import REFERENCE_BMI, THIN_BMI
from osteon.care.comparison.result import Comparison, InputEffect, ToolEffect
from osteon.evidence import cite
from osteon.person import Person
from osteon.report.charts.tools import Dot, tools_chart
from osteon.report.comparison_rows import NO_NUMBER, span_text, tool_rows
from osteon.report.figure import Figure, Table
from osteon.report.html import render_page
from osteon.report.words import OUTCOME_LABELS, number, person_line, plain_list, sentence, visible
from osteon.risk.result import Outcome

NAMES: tuple[tuple[str, Outcome], ...] = (("Major", "major_osteoporotic"), ("Hip", "hip"))


@dataclass(frozen=True, slots=True)
class InputRow:
    """One input: what the record says, and each tool's numbers without it and with it."""

    label: str
    recorded: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """Everything that the page shows, as text and figures."""

    title: str
    version: str
    label: str
    alert: str
    about: str
    headline: tuple[str, ...]
    figures: tuple[Figure, ...]
    tools: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    reasons: tuple[str, ...]
    input_tools: tuple[str, ...]
    inputs: tuple[InputRow, ...]
    notices: tuple[str, ...]
    remarks: tuple[str, ...]
    sources: tuple[tuple[int, str, str], ...]


def comparison_page(person: Person, result: Comparison, remarks: tuple[str, ...] = ()) -> str:
    """The page.

    Parameters
    ----------
    person, result
        The record, and :func:`osteon.care.comparison.compare` of it.
    remarks
        What the reader of the person's file says about reading it.
    """
    return render_page("comparison.html.j2", comparison_view(person, result, remarks))


def comparison_view(person: Person, result: Comparison, remarks: tuple[str, ...] = ()) -> ComparisonView:
    """What the page shows, before it is laid out."""
    scan = person.latest_scan
    about = person_line(person) + (f", bone scan of {scan.date.isoformat()}" if scan else ", no bone scan on record")
    return ComparisonView(
        title=f"Fracture-risk tools side by side, {result.horizon_years} years",
        version=__version__,
        label=visible(person.label or ""),
        alert="",
        about=f"{about}.",
        headline=result.headline,
        figures=tuple(filter(None, (_figure(result, outcome) for outcome in get_args(Outcome)))),
        tools=tuple(one.tool for one in result.tools),
        rows=tuple(tool_rows(result.tools).items()),
        reasons=tuple(one.text for one in result.reasons),
        input_tools=result.common_tools,
        inputs=_inputs(result),
        notices=result.notices,
        remarks=tuple(map(visible, remarks)),
        sources=tuple(
            (
                place,
                " ".join(
                    f"{part.rstrip('.')}."
                    for part in (f"{one.authors.rstrip('.')} ({one.year})", one.title, one.published_in)
                ),
                one.link,
            )
            for place, one in enumerate(cite(result.sources), start=1)
        ),
    )


def _figure(result: Comparison, outcome: Outcome) -> Figure | None:
    dots = []
    for tool in result.tools:
        found, band = tool.numbers.of(outcome), tool.bands.of(outcome)
        if found is not None:
            low, high = band or found
            dots.append(Dot(tool.tool, (found[0] + found[1]) / 2, low, high))
    if len(dots) < 2:
        return None
    label = OUTCOME_LABELS[outcome]
    title = f"{label} in {result.horizon_years} years"
    alt = f"{title}: {plain_list(f'{one.tool} {number(one.percent, 1)} %' for one in dots)}."
    rows = tuple((one.tool, f"{number(one.percent, 1)} %", _line(one)) for one in dots)
    return Figure(
        key=f"tools-{outcome.replace('_', '-')}",
        title=title,
        caption="The line is the tool's own band, or the range of its answers; a dot without a line states none.",
        alt=alt,
        table=Table(title, ("Tool", "Percent", "Band or range"), rows),
        spec=tools_chart("percent", dots, _top(dots), alt),
    )


def _line(dot: Dot) -> str:
    return "none stated" if dot.lower == dot.upper else f"{number(dot.lower, 1)} to {number(dot.upper, 1)} %"


def _top(dots: list[Dot]) -> float:
    """The axis ends at a round number above the highest answer."""
    highest = max(one.upper for one in dots) * 1.1
    step = next(size for size in (1, 2, 5, 10, 20, 50) if size * 5 >= highest or size == 50)
    return float(min(100, step * (int(highest / step) + 1)))


def _inputs(result: Comparison) -> tuple[InputRow, ...]:
    """The inputs that some tool counts and that are present or not recorded, those that move a tool most first."""
    shown = [one for one in result.inputs if one.state != "absent" and any(tool.counted for tool in one.effects)]
    return tuple(
        InputRow(
            label=_label(one),
            recorded=(one.recorded or "yes") if one.state == "present" else "not recorded",
            cells=tuple(_effect(effect) for effect in one.effects),
        )
        for one in sorted(shown, key=lambda one: (one.state != "present", -_largest(one)))
    )


def _label(one: InputEffect) -> str:
    """The input's name; a body mass index has no absence, so what it is compared with is named."""
    name = sentence(one.label).removesuffix(".")
    if one.key != "bmi":
        return name
    compared = "" if one.state == "present" else f" {THIN_BMI:g}"
    return f"{name}{compared}, against {REFERENCE_BMI:g}"


def _largest(one: InputEffect) -> float:
    moves = [0.0]
    for effect in one.effects:
        for outcome in get_args(Outcome):
            absent, present = effect.absent.of(outcome), effect.present.of(outcome)
            if absent and present and absent[0] > 0:
                moves.append(abs(present[1] / absent[0] - 1))
    return max(moves)


def _effect(effect: ToolEffect) -> str:
    if effect.counted is None:
        return NO_NUMBER
    if not effect.counted:
        return "not counted"
    pairs = [(name, effect.absent.of(outcome), effect.present.of(outcome)) for name, outcome in NAMES]
    return " ".join(
        f"{name} {span_text(absent, None)} without, {span_text(present, None)} with."
        for name, absent, present in pairs
        if absent is not None and present is not None
    )
