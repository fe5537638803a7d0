"""The parts of the terminal's text that single commands print too; light, so that each starts only what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from osteon.report.sites import scale_scores, site_table
from osteon.report.words import (
    CERTAINTY_LABELS,
    DIAGNOSIS_LABELS,
    STANDING_LABELS,
    aside,
    beside_curves,
    change,
    end_value,
    input_name,
    number,
    path_risk,
    plain_list,
    readable,
    risk_span,
    score,
    sentence,
    site_name,
    track_records,
    years,
)

if TYPE_CHECKING:
    from rich.console import Console

    from osteon.care.result import Option
    from osteon.densitometry.result import Densitometry
    from osteon.report.figure import Table
    from osteon.risk.result import FractureRisk, PointScore, ScreeningScore
    from osteon.twin.result import Projection

ELSEWHERE = ("not now", "not suitable", "experimental")
"""Standings of options that are not tabled: a line below the table says why."""

POINTS_NOTE = "More points, more fractures. No probability goes with them: none could be read at its source."
SCALE_WIDTH = 48
NAME_WIDTH = 20
_SHADES = {"osteoporosis": ("\u2588", "red"), "osteopenia": ("\u2592", "yellow"), "normal": ("\u2591", "cyan")}


def densitometry_text(
    console: Console, densitometry: Densitometry, *, standing: Sequence[str] = (), warnings: bool = True
) -> None:
    """The diagnosis, what stands beside it, the scale, the scores and changes of each site, and what casts doubt."""
    console.print(Text(DIAGNOSIS_LABELS[densitometry.diagnosis], style="bold"))
    paragraph(console, densitometry.reason)
    for line in standing:
        console.print(Text.assemble(("Beyond density: ", "bold"), line))
    scale(console, densitometry, plain=False)
    if densitometry.sites:
        table = site_table(densitometry)
        paragraph(console, table.caption, style="dim")
        grid = grid_of(*table.columns)
        for row in table.rows:
            grid.add_row(*row)
        console.print(grid)
    paragraph(console, *(one.sentence for one in densitometry.changes))
    if warnings:
        bullets(console, "Cautions", map(readable, densitometry.warnings))


def risk_text(console: Console, risks: Sequence[FractureRisk], scores: Sequence[ScreeningScore] = ()) -> None:
    """Each tool's probabilities with their notice, what was not recorded, and the screening scores."""
    from osteon.report.risks import FAR_APART, far_apart, risk_basis, risk_rows, unscored

    if risks:
        grid = grid_of("Tool", "Within", "Major osteoporotic", "Hip")
        rows = risk_rows(risks)
        for row in rows:
            grid.add_row(row.tool, row.horizon, row.major_osteoporotic, row.hip)
        console.print(grid)
        reasons = ((row.tool, row.reason) for row in rows if row.reason)
        paragraph(console, *(text if text.startswith(tool) else f"{tool}: {text}" for tool, text in reasons))
        paragraph(console, risk_basis(risks), *([FAR_APART] if far_apart(risks) else []))
    missing = list(dict.fromkeys(input_name(name) for one in risks for name in one.inputs_missing))
    if missing:
        paragraph(console, f"Not recorded: {plain_list(missing)}.")
    notices_block(
        console, tuple(dict.fromkeys(one.notice for one in risks if one.notice and risk_span(one) is not None))
    )
    scored = [one for one in scores if one.score is not None]
    if scored:
        grid = grid_of("Screening tool", "Score", "Positive when", "Positive")
        for tool in scored:
            grid.add_row(
                f"{tool.tool} ({tool.variant})" if tool.variant else tool.tool,
                score(None) if tool.score is None else number(tool.score, 1).removesuffix(".0"),
                tool.threshold,
                {True: "yes", False: "no", None: "not known"}[tool.positive],
            )
        console.print(grid)
    paragraph(console, unscored(scores))


def points_text(console: Console, scores: Sequence[PointScore]) -> None:
    """The point scores for the risk of fracture: the points, or what is missing, or why there are none."""
    grid = grid_of("Point score", "Points", "What to know")
    for one in scores:
        lacks = plain_list(input_name(name) for name in one.inputs_missing)
        words = f"Not recorded: {lacks}." if lacks else one.reason
        name = f"{one.tool} ({one.variant})" if one.variant else one.tool
        grid.add_row(name, "\u2013" if one.points is None else f"{one.points} of {one.most}", words)
    console.print(grid)
    if any(one.points is not None for one in scores):
        paragraph(console, POINTS_NOTE, style="dim")


def options_text(
    console: Console, options: Sequence[Option], projected: dict[str, tuple[str, str]] | None = None
) -> None:
    """The options that could help as a table, the others in one line each with the reason.

    ``projected`` has the model's change and the regimen behind it for each option by its label.
    """
    columns = ["Option", "Stands as", "Eligible", "Certainty"]
    curves = projected or {}
    show = any(text for text, _ in curves.values())
    grid = grid_of(*columns, *(["Model's hip curve"] if show else []))
    for one in options:
        if one.standing not in ELSEWHERE:
            row = [
                one.label,
                STANDING_LABELS[one.standing].lower(),
                {True: "yes", False: "no", "uncertain": "uncertain"}[one.eligible],
                CERTAINTY_LABELS[one.evidence.certainty].lower(),
            ]
            text, regimen = curves.get(one.label, ("", ""))
            grid.add_row(*row, *([f"{text} ({regimen})" if regimen else text] if show else []))
    console.print(grid)
    for labels, standing, reason in aside(options):
        line = Text.assemble((f"{labels}: ", "bold"), f"{standing}. {reason}")
        console.print(Padding(line, (0, 0, 0, 2)))


def option_reasons_text(console: Console, options: Sequence[Option]) -> None:
    """Each tabled option's whole card: what is recommended and why, the evidence, harms, burden, stopping, checks."""
    for one in options:
        if one.standing in ELSEWHERE:
            continue
        console.print()
        console.print(Text.assemble((f"{one.label}. ", "bold"), one.recommendation))
        for reason in one.reasons:
            console.print(Padding(Text(f"\u2022 {reason}"), (0, 0, 0, 2)))
        parts = [
            ("Evidence: ", one.evidence.summary),
            (f"Certainty {CERTAINTY_LABELS[one.evidence.certainty].lower()}: ", one.evidence.certainty_reason),
            ("What can go wrong: ", " ".join(sentence(harm) for harm in one.harms)),
            ("What it takes: ", one.burden),
            ("On stopping: ", one.on_stopping),
            ("Check first: ", f"{plain_list(one.checks)}." if one.checks else ""),
        ]
        for title, words in parts:
            if words:
                console.print(Padding(Text.assemble((title, "bold"), words), (0, 0, 0, 2)))


def projection_text(console: Console, projection: Projection, *, warnings: bool = True) -> None:
    """The change from today at each site, the density and fracture risk at the end, and how well the model did."""
    from osteon.report.projections import TABLE_SITES, gain, parts_rows, picture_year, shaped_by, short_label

    paragraph(console, projection.statement or "", sentence(projection.interval_meaning))
    if not projection.therapies:
        paragraph(console, *projection.warnings)
        return
    beside = beside_curves(projection)
    if warnings:
        paragraph(console, *(one for one in projection.warnings if one not in beside))
    interval = number(100 * projection.interval, 0)
    sites = [site for site in TABLE_SITES if any(one.site == site for one in projection.therapies)]
    curves = {(one.therapy, one.site): one for one in projection.therapies}
    therapies = list(dict.fromkeys(one.therapy for one in projection.therapies))
    year = picture_year(projection)
    paragraph(console, f"Change from today after {years(year)} in %, with {interval} % interval", style="dim")
    grid = grid_of("Therapy", *(site_name(site, None) for site in sites))
    for therapy in therapies:
        first = curves[therapy, sites[0]]
        grid.add_row(short_label(first), *(gain(curves[therapy, site], year) for site in sites))
    console.print(grid)
    if any("*" in gain(one, year) for one in projection.therapies):
        paragraph(console, "* beyond the longest trial result of this therapy at hand", style="dim")
    main = "total_hip" if "total_hip" in sites else sites[0]
    shown = [curves[therapy, main] for therapy in therapies]
    risky = any(any(path_risk(one)) for one in shown)
    unit = "g/cm²" if shown[0].unit == "g/cm2" else "percent of today"
    title = f"{site_name(main, None)} after {years(projection.years)}, {unit}, with {interval} % interval"
    paragraph(console, title + ("; fracture risk along the path by the open model" if risky else ""), style="dim")
    scored = any(one.t_score for one in shown)
    columns = ["Therapy", "Model", "Change", *(["T-score"] if scored else []), *(["Major", "Hip"] if risky else [])]
    grid = grid_of(*columns)
    for one in shown:
        row = [
            short_label(one),
            end_value(one),
            change(one.median[0], one.median[-1]),
            *([score(one.t_score[-1] if one.t_score else None)] if scored else []),
        ]
        if risky:
            row += path_risk(one)
        grid.add_row(*row)
    console.print(grid)
    if warnings:
        title = f"What that interval is made of, {site_name(main, None).lower()}, half of each width in % of today"
        paragraph(console, title, style="dim")
        parts = grid_of("Therapy", "People with this record", "Model's error", "A later scan may read")
        for line in parts_rows(shown, -1):
            parts.add_row(*line)
        console.print(parts)
    paragraph(console, shaped_by(projection), *beside)
    bullets(console, "How well the model did on trials", track_records(projection))


def table_block(console: Console, table: Table) -> None:
    """A table with its caption."""
    paragraph(console, table.caption, style="dim")
    grid = grid_of(*table.columns)
    for row in table.rows:
        grid.add_row(*row)
    console.print(grid)


def scale(console: Console, densitometry: Densitometry, *, plain: bool) -> None:
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


def heading(console: Console, title: str) -> None:
    """A section's title after an empty line."""
    console.print()
    console.print(Text(title, style="bold cyan"))


def paragraph(console: Console, *texts: str, style: str = "") -> None:
    """Each text that is not empty, on lines of its own."""
    for text in texts:
        if text:
            console.print(Text(text, style=style))


def notices_block(console: Console, notices: Iterable[str]) -> None:
    """The texts that must stand word for word, indented and dim."""
    for notice in notices:
        console.print(Padding(Text(notice, style="dim"), (0, 0, 0, 2)))


def bullets(console: Console, title: str, lines: Iterable[str]) -> None:
    """A titled list; nothing when it is empty."""
    items = list(lines)
    if not items:
        return
    heading(console, title)
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column()
    for line in items:
        grid.add_row("\u2022", Text(line))
    console.print(grid)


def grid_of(*columns: str) -> Grid:
    """An empty table without lines."""
    grid = Grid(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        grid.add_column(column)
    return grid
