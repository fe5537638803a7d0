"""The report for a terminal: the same content in short, 80 columns and wider, plain where colour is unwelcome."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from osteon.report.assemble import numbers_of
from osteon.report.charts.projection import end_value
from osteon.report.charts.tscore import scale_scores
from osteon.report.common import risk_rows, unscored
from osteon.report.figures import site_table
from osteon.report.words import (
    CERTAINTY_LABELS,
    DIAGNOSIS_LABELS,
    STANDING_LABELS,
    change,
    input_name,
    number,
    percent,
    plain_list,
    risk_span,
    score,
    sentence,
    site_name,
    years,
)

if TYPE_CHECKING:
    from osteon.care.result import Option
    from osteon.densitometry.result import Densitometry
    from osteon.report.clinician import ClinicianView
    from osteon.report.html import Audience
    from osteon.report.patient import PatientView
    from osteon.report.result import Report
    from osteon.risk.result import FractureRisk, ScreeningScore
    from osteon.twin.result import Projection

NARROWEST, WIDEST = 80, 110
SCALE_WIDTH = 48
NAME_WIDTH = 20
_SHADES = {"osteoporosis": ("\u2588", "red"), "osteopenia": ("\u2592", "yellow"), "normal": ("\u2591", "cyan")}


def render_text(
    report: Report, audience: Audience = "clinician", *, width: int | None = None, colour: bool | None = None
) -> str:
    """The report as text.

    Parameters
    ----------
    report
        The report.
    audience
        ``clinician`` or ``patient``.
    width
        Columns; by default the terminal's, between 80 and 110, and 80 when standard output is not a terminal.
    colour
        With ANSI colours; by default only when standard output is a terminal and ``NO_COLOR`` is not set.
    """
    terminal = sys.stdout.isatty()
    if colour is None:
        colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    if width is None:
        width = min(WIDEST, max(NARROWEST, Console().width)) if terminal else NARROWEST
    page = StringIO()
    console = Console(
        file=page,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    if audience == "clinician":
        from osteon.report.clinician import clinician_view

        _clinician(console, report, clinician_view(report))
    else:
        from osteon.report.patient import patient_view

        _patient(console, report, patient_view(report))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _clinician(console: Console, report: Report, view: ClinicianView) -> None:
    console.print(Text(view.title, style="bold"), Text(f"Osteon {view.version}", style="dim"))
    if view.label:
        console.print(Text(view.label, style="yellow"))
    console.print(Text("  ".join(f"{term}: {value}" for term, value in view.facts), style="dim"))
    _heading(console, "Diagnosis by bone density")
    densitometry_text(console, report.densitometry)
    _heading(console, "Fracture risk")
    risk_text(console, report.risk, report.screening)
    _heading(console, "Options side by side")
    options_text(console, report.options, {row.label: row.change for row in view.options})
    if view.projected_header:
        where, _, _ = view.projected_header.partition(",")
        _paragraph(console, f"Projected: {where}, change from today.", style="dim")
    _heading(console, "Projection of the bone")
    if report.projection.therapies:
        projection_text(console, report.projection)
    else:
        _paragraph(console, view.projection_absent)
    _list(console, "What to check", view.checks)
    _list(console, "What to tell the patient", view.tell)
    _heading(console, "Stem cells")
    _paragraph(console, f"{view.cell_therapy.statement} {view.cell_therapy.beside}")
    factors = (f"{label}, {changeable}. {words}" for label, changeable, words in view.risk_factors)
    _list(console, "Risk factors on record", factors)
    _list(console, "When to look again", (f"{what}, {when}. {why}" for what, when, why in view.monitoring))
    _list(console, "Cautions", view.warnings)
    _sources(console, report)


def _patient(console: Console, report: Report, view: PatientView) -> None:
    console.print(Text(view.title, style="bold"), Text(f"Osteon {view.version}", style="dim"))
    if view.label:
        console.print(Text(view.label, style="yellow"))
    console.print(Text(view.about, style="dim"))
    _list(console, "The short version", view.short)
    _heading(console, "What your number means")
    _paragraph(console, *view.number_text)
    _scale(console, report.densitometry, plain=True)
    _heading(console, "How likely is a break?")
    _paragraph(console, *view.break_text)
    _notices(console, view.notices)
    _heading(console, "What could help")
    if view.untreated_guess:
        _paragraph(console, f"First, with no treatment. {view.untreated_guess}")
    for choice in view.choices:
        words = f": {choice.standing.lower()}. {choice.what} {choice.burden} {choice.guess}"
        console.print(Text.assemble((choice.label, "bold"), words))
    _list(console, "We need to know more about you first", (f"{one.label}. {one.what}" for one in view.more_needed))
    _list(console, "Not for you now", (f"{one.label}: {one.standing.lower()}." for one in view.not_now))
    _heading(console, "Your bone in the years to come")
    _paragraph(console, *view.projection_text)
    if view.statement:
        _paragraph(console, f"For your doctor: {view.statement}", style="dim")
    _heading(console, "What about stem cells?")
    _paragraph(console, *view.stem_cells)
    _list(console, "If somebody offers you stem cells, ask", view.stem_questions)
    _list(console, "Questions to ask", view.questions)
    _list(console, "Your next step", view.next_steps)
    _list(console, "Words explained", (f"{term}: {meaning}" for term, meaning in view.glossary))
    _sources(console, report)


def densitometry_text(console: Console, densitometry: Densitometry) -> None:
    """The diagnosis, the scale, and the scores of each site."""
    console.print(Text(DIAGNOSIS_LABELS[densitometry.diagnosis], style="bold"))
    _paragraph(console, densitometry.reason)
    _scale(console, densitometry, plain=False)
    if densitometry.sites:
        table = site_table(densitometry)
        _paragraph(console, table.caption, style="dim")
        grid = _grid(*table.columns)
        for row in table.rows:
            grid.add_row(*row)
        console.print(grid)


def risk_text(console: Console, risks: Sequence[FractureRisk], scores: Sequence[ScreeningScore] = ()) -> None:
    """Each tool's probabilities with their notice, what was not recorded, and the screening scores."""
    if risks:
        grid = _grid("Tool", "Within", "Major osteoporotic", "Hip")
        rows = risk_rows(risks)
        for row in rows:
            grid.add_row(row.tool, row.horizon, row.major_osteoporotic, row.hip)
        console.print(grid)
        _paragraph(console, *(f"{row.tool}: {row.reason}" for row in rows if row.reason))
    missing = list(dict.fromkeys(input_name(name) for one in risks for name in one.inputs_missing))
    if missing:
        _paragraph(console, f"Not recorded: {plain_list(missing)}.")
    _notices(console, tuple(dict.fromkeys(one.notice for one in risks if one.notice and risk_span(one) is not None)))
    scored = [one for one in scores if one.score is not None]
    if scored:
        grid = _grid("Screening tool", "Score", "Positive when", "Positive")
        for tool in scored:
            grid.add_row(
                f"{tool.tool} ({tool.variant})" if tool.variant else tool.tool,
                score(None) if tool.score is None else number(tool.score, 1).removesuffix(".0"),
                tool.threshold,
                {True: "yes", False: "no", None: "not known"}[tool.positive],
            )
        console.print(grid)
    _paragraph(console, unscored(scores))


def options_text(console: Console, options: Sequence[Option], projected: dict[str, str] | None = None) -> None:
    """The options that could help as a table, the others in one line each with the reason."""
    aside = ("not now", "not suitable", "experimental")
    columns = ["Option", "Stands as", "Eligible", "Certainty"]
    show = projected is not None and any(text.strip() for text in projected.values())
    grid = _grid(*columns, *(["Projected"] if show else []))
    for one in options:
        if one.standing not in aside:
            row = [
                one.label,
                STANDING_LABELS[one.standing].lower(),
                {True: "yes", False: "no", "uncertain": "uncertain"}[one.eligible],
                CERTAINTY_LABELS[one.evidence.certainty].lower(),
            ]
            grid.add_row(*row, *([(projected or {}).get(one.label, "").strip()] if show else []))
    console.print(grid)
    for one in options:
        if one.standing in ("not now", "not suitable"):
            reason = one.reasons[0] if one.reasons else one.recommendation
            line = Text.assemble((f"{one.label}: ", "bold"), f"{STANDING_LABELS[one.standing].lower()}. {reason}")
            console.print(Padding(line, (0, 0, 0, 2)))


def projection_text(console: Console, projection: Projection) -> None:
    """The projected bone density today and at the end, with the interval and how well the model did."""
    _paragraph(console, projection.statement, sentence(projection.interval_meaning))
    if not projection.therapies:
        _paragraph(console, *projection.warnings)
        return
    interval = number(100 * projection.interval, 0)
    risky = any(one.fracture.major_osteoporotic_percent is not None for one in projection.therapies)
    for site in dict.fromkeys(one.site for one in projection.therapies):
        curves = [one for one in projection.therapies if one.site == site]
        unit = "g/cm²" if curves[0].unit == "g/cm2" else "percent of today"
        title = f"{site_name(site, None)} after {years(projection.years)}, {unit}, with {interval} % interval"
        _paragraph(console, title + ("; fracture risk along the path" if risky else ""), style="dim")
        grid = _grid("Therapy", "Median", "Change", "T-score", *(["Major", "Hip"] if risky else []))
        for one in curves:
            row = [
                one.label + (" (unproven)" if one.hypothetical else ""),
                end_value(one),
                change(one.median[0], one.median[-1]),
                score(one.t_score[-1]) if one.t_score else score(None),
            ]
            if risky:
                row += [percent(one.fracture.major_osteoporotic_percent), percent(one.fracture.hip_percent)]
            grid.add_row(*row)
        console.print(grid)


def _scale(console: Console, densitometry: Densitometry, *, plain: bool) -> None:
    """A small T-score scale: three shades with their words, one marker a site."""
    marked = scale_scores(densitometry)
    if not marked or densitometry.rule == "Z-score":
        return
    low = min(-4.0, *(value - 0.3 for _, value in marked))
    high = max(1.0, *(value + 0.3 for _, value in marked))

    def column(value: float) -> int:
        return round((value - low) / (high - low) * SCALE_WIDTH)

    edges = {"osteoporosis": (low, -2.5), "osteopenia": (-2.5, -1.0), "normal": (-1.0, high)}
    words, shades = Text(" " * NAME_WIDTH), Text(" " * NAME_WIDTH)
    for name, (start, end) in edges.items():
        room = column(end) - column(start)
        shade, style = _SHADES[name]
        words.append(name[:room].center(room))
        shades.append(shade * room, style=style)
    ticks = [" "] * (SCALE_WIDTH + 6)
    for value in (-2.5, -1.0, 0.0):
        text = score(value)
        start = column(value) - len(text) // 2
        ticks[start : start + len(text)] = text
    console.print(words)
    console.print(shades)
    for one, value in marked:
        decides = one.site == densitometry.deciding_site and one.side == densitometry.deciding_side
        marker = "\u25c6" if decides else "\u25cf"
        line = Text(site_name(one.site, one.side, plain=plain).ljust(NAME_WIDTH))
        line.append(" " * max(0, column(value) - 1))
        line.append(f"{marker} {score(value)}", style="bold" if decides else "")
        if decides and len(marked) > 1:
            line.append(" decides", style="dim")
        console.print(line)
    console.print(Text(" " * NAME_WIDTH + "".join(ticks), style="dim"))


def _heading(console: Console, title: str) -> None:
    console.print()
    console.print(Text(title, style="bold cyan"))


def _paragraph(console: Console, *texts: str, style: str = "") -> None:
    for text in texts:
        if text:
            console.print(Text(text, style=style))


def _notices(console: Console, notices: Iterable[str]) -> None:
    for notice in notices:
        console.print(Padding(Text(notice, style="dim"), (0, 0, 0, 2)))


def _list(console: Console, title: str, lines: Iterable[str]) -> None:
    items = list(lines)
    if not items:
        return
    _heading(console, title)
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column()
    for line in items:
        grid.add_row("\u2022", Text(line))
    console.print(grid)


def _sources(console: Console, report: Report) -> None:
    """The sources behind the diagnosis, the risk and the projection; the rest is counted."""
    names = [*report.densitometry.sources, *report.projection.sources]
    names += [name for one in report.risk if risk_span(one) is not None for name in one.sources]
    shown = set(numbers_of(report, names))
    _heading(console, "Sources")
    for one in report.sources:
        if one.number in shown:
            line = Text(f"{one.number:>3}  {one.authors.rstrip('.')} ({one.year}). {one.link}", style="dim")
            console.print(line, overflow="ellipsis", no_wrap=True)
    rest = len(report.sources) - len(shown)
    if rest:
        _paragraph(
            console, f"{rest} more, on options and stem cells, stand in the page, the PDF and the JSON.", style="dim"
        )


def _grid(*columns: str) -> Grid:
    grid = Grid(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        grid.add_column(column)
    return grid
