"""Cell therapy for a terminal: the projection, and what would have to be true. The warning stands first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from osteon.person import SITE_LABELS
from osteon.report.words import number

if TYPE_CHECKING:
    from rich.console import Console

    from osteon.twin.cell_therapy.result import (
        CellTherapyProjection,
        DurabilityCourse,
        MechanismNeed,
        NeedMap,
        WhatWouldHaveToBeTrue,
    )

OUT_OF_REACH = "not reachable"
SHOWN_YEARS = (1.0, 2.0, 3.0, 5.0, 10.0)


def cell_projection_text(console: Console, result: CellTherapyProjection) -> None:
    """Print what a cell product adds to no treatment.

    Parameters
    ----------
    console
        Where to print.
    result
        From :func:`osteon.twin.cell_therapy.project_cell_therapy`.
    """
    _head(console, "Cell therapy, projected: hypothetical", result.statement)
    console.print(Text(result.product.label))
    console.print(Text(result.fate))
    console.print(Text(result.prior_meaning))
    console.print()
    whole = [place for place, t in enumerate(result.t_years) if t and t % 1 == 0] or [len(result.t_years) - 1]
    table = _table("Added to no treatment, % of today's density", *(f"{result.t_years[place]:g} y" for place in whole))
    for one in result.sites:
        cells = [
            f"{number(one.median[place], 1)} ({number(one.lower[place], 1)} to {number(one.upper[place], 1)})"
            for place in whole
        ]
        table.add_row(Text(SITE_LABELS[one.site]), *map(Text, cells))
    console.print(table)
    console.print()
    for note in (f"The interval: {result.interval_meaning[0].lower()}{result.interval_meaning[1:]}", *result.warnings):
        console.print(Text(note, style="dim"))


def what_if_text(console: Console, result: WhatWouldHaveToBeTrue) -> None:
    """Print what would have to be true.

    Parameters
    ----------
    console
        Where to print.
    result
        From :func:`osteon.twin.cell_therapy.what_would_have_to_be_true`.
    """
    _head(console, "What would have to be true? Hypothetical", result.statement)
    console.print(Text(f"Target: {result.target_meaning}."))
    console.print(Text(f"Product: {result.product.label}."))
    console.print(Text(result.fate))
    console.print()
    console.print(_needs(result.mechanisms))
    reached = [one for one in result.maps if any(size is not None for row in one.sizes for size in row)]
    for one in reached:
        console.print()
        label = next(need.label for need in result.mechanisms if need.mechanism == one.mechanism)
        console.print(Text(f"Size needed if {label}, % at full signal", style="bold"))
        console.print(_map(one))
    for one in result.maps:
        if one not in reached:
            label = next(need.label for need in result.mechanisms if need.mechanism == one.mechanism)
            console.print(Text(f"If {label}: not reachable anywhere on the map."))
    console.print()
    console.print(Text("How long the gain lasts after one course, percentage points above no treatment", style="bold"))
    console.print(_durability(result.durability))
    console.print()
    for note in (*result.assumptions, *result.warnings):
        console.print(Text(f"• {note}", style="dim"))


def _head(console: Console, title: str, statement: str) -> None:
    console.print(Text(title, style="bold"))
    console.print(Text(statement, style="bold"))
    console.print()


def _table(first: str, *columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _needs(needs: tuple[MechanismNeed, ...]) -> Table:
    table = _table(
        "If", "size needed", "largest plausible", "gain at largest", "or half-life, days", "or times", "or million"
    )
    for one in needs:
        size = OUT_OF_REACH if one.size_needed is None else f"{number(one.size_needed, 0)} %"
        half_life = OUT_OF_REACH if one.half_life_needed_days is None else number(one.half_life_needed_days, 0)
        infusions = OUT_OF_REACH if one.infusions_needed is None else str(one.infusions_needed)
        dose = OUT_OF_REACH if one.million_cells_needed is None else number(one.million_cells_needed, 0)
        most = f"{number(one.largest_plausible, 0)} %"
        table.add_row(Text(one.label), size, most, number(one.gain_at_largest, 2), half_life, infusions, dose)
    return table


def _map(one: NeedMap) -> Table:
    table = _table("infusions \\ half-life", *(f"{days:g} d" for days in one.half_life_days))
    for count, row in zip(one.infusions, one.sizes, strict=True):
        table.add_row(str(count), *("–" if size is None else number(size, 0) for size in row))
    return table


def _durability(courses: tuple[DurabilityCourse, ...]) -> Table:
    years = [t for t in courses[0].t_years if t in SHOWN_YEARS]
    table = _table("", *(f"{t:g} y" for t in years))
    for one in courses:
        gains = dict(zip(one.t_years, one.gain, strict=True))
        label = f"{one.label} (hypothetical)" if one.hypothetical else one.label
        table.add_row(Text(label), *(number(gains[t], 1) for t in years))
    return table
