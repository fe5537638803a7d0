"""Screening for a terminal: who asks for what, the tools, the signs, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.table import Table as Grid
from rich.text import Text

from osteon.report.words import (
    first_small,
    input_name,
    number,
    person_line,
    plain_list,
    readable,
    risk_span,
    sentence,
    span_percent,
)

if TYPE_CHECKING:
    from rich.console import Console

    from osteon.care.screening import BodyOpinion, NamedTool, Screening
    from osteon.person import Person

_ANSWERS = {
    "advised": "yes",
    "advised against": "no",
    "not called for": "not asked for",
    "depends": "depends",
    "no recommendation": "says neither",
    "outside its scope": "not meant for this person",
}
_STATES = {"present": "yes", "absent": "no", "unknown": "not recorded", "look": "look"}
_STEPS = {"scan": "scan", "risk tool": "tool first"}
_SPINE = {True: "yes", False: "no", "uncertain": "depends"}


def screening_text(console: Console, result: Screening, person: Person | None = None) -> None:
    """Print the screening of one person.

    Parameters
    ----------
    console
        Where to print.
    result
        From :func:`osteon.care.screening.screen`.
    person
        The record, for the first line; left out when none is given.
    """
    where = result.country or "every country in the table"
    title = "Screening for osteoporosis" + (f": {first_small(person_line(person))}" if person else "")
    console.print(Text(f"{title}.", style="bold"), Text(f"Bodies of {where}.", style="dim"))
    console.print(Text(result.headline))
    _heading(console, "What each body says")
    _bodies(console, result.bodies)
    if result.missing:
        console.print(Text(f"Worth asking first: {plain_list(result.missing[:6])}.", style="dim"))
    _heading(console, "The tools that they name")
    for tool in result.tools:
        console.print(Text.assemble((tool.name, "bold"), f" ({', '.join(tool.named_by)}): {_tool_line(tool)}"))
    _notices(console, result.tools)
    _heading(console, "Signs of silent disease")
    grid = _grid("Sign", "Record", "If so")
    for sign in result.signs:
        grid.add_row(sign.label, _STATES[sign.state], sign.action)
    console.print(grid)
    console.print(Text(result.unnoticed, style="dim"))
    _heading(console, "A picture of the spine")
    grid = _grid("Body", "Asked for", "Why")
    for image in result.spine_imaging:
        grid.add_row(f"{image.body} {image.year}", _SPINE[image.advised], image.reason)
    console.print(grid)
    _heading(console, "When to look again")
    _next_look(console, result)


def _bodies(console: Console, bodies: Iterable[BodyOpinion]) -> None:
    for one in bodies:
        answer = _ANSWERS[one.standing]
        if one.standing == "advised":
            answer = f"{answer}, {_STEPS.get(one.step, one.step)}"
        why = one.reason + (f" {sentence(one.advice)}" if one.advice and one.standing != "depends" else "")
        if one.asks_from_age is not None:
            why += f" It asks from the age of {one.asks_from_age}."
        strength = f"; {one.strength}" if one.strength else ""
        console.print(
            Text.assemble(
                (f"{one.body} {one.year}", "bold"), f" ({one.country}{strength}): ", (answer, "bold"), f". {why}"
            )
        )


def _tool_line(tool: NamedTool) -> str:
    scored = [one for one in tool.scores if one.score is not None]
    parts = [
        f"{one.variant} {number(one.score or 0.0, 1).removesuffix('.0')} "
        f"({'raised' if one.positive else 'not raised'}; {one.threshold})"
        for one in scored
    ]
    parts += [
        f"{one.outcome.replace('_', ' ')} {span_percent(risk_span(one))} in {one.horizon_years} years"
        for one in tool.risks
        if risk_span(one) is not None
    ]
    if not parts and tool.computed_here:
        reasons = [one.reason for one in tool.scores] + [one.reason for one in tool.risks]
        return sentence(readable(next((text for text in reasons if text), "no score")))
    lines = "; ".join(parts) + "." if parts else ""
    gaps = [input_name(name) for name in tool.missing]
    asked = f" Not recorded: {plain_list(dict.fromkeys(gaps))}." if gaps and tool.computed_here else ""
    return " ".join(part for part in (lines, tool.note, asked.strip()) if part)


def _notices(console: Console, tools: Iterable[NamedTool]) -> None:
    """The texts that must stand beside a number, each once."""
    notices = (one.notice for tool in tools for one in tool.risks if one.notice and risk_span(one) is not None)
    for notice in dict.fromkeys(notices):
        console.print(Text(notice, style="dim"))


def _next_look(console: Console, result: Screening) -> None:
    if result.next_look is None:
        console.print(Text("There is no usable scan yet; the time to the next one follows from the first."))
        return
    console.print(Text(f"{result.next_look.what}: {result.next_look.when}. {result.next_look.why}"))
    for one in result.intervals:
        console.print(Text(f"{one.body} {one.year} ({one.country}): {one.advice} {one.who}.", style="dim"))


def _heading(console: Console, title: str) -> None:
    console.print()
    console.print(Text(title, style="bold cyan"))


def _grid(*columns: str) -> Grid:
    grid = Grid(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        grid.add_column(column)
    return grid
