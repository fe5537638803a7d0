"""The comparison of the fracture-risk tools for a terminal: side by side, and why they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from osteon.report.words import input_name, number

if TYPE_CHECKING:
    from rich.console import Console

    from osteon.care.comparison import Comparison
    from osteon.care.comparison.result import Span, ToolColumn

_YES_NO = {True: "yes", False: "no", None: "not known"}


def comparison_text(console: Console, result: Comparison) -> None:
    """Print the comparison of one person's tools.

    Parameters
    ----------
    console
        Where to print.
    result
        From :func:`osteon.care.comparison.compare`.
    """
    console.print(Text(f"Fracture-risk tools side by side, {result.horizon_years} years", style="bold"))
    for line in result.headline:
        console.print(Text(line))
    console.print()
    console.print(_table(result.tools))
    console.print()
    console.print(Text("Why they differ", style="bold"))
    for reason in result.reasons:
        console.print(Text(f"• {reason.text}"))
    for tool in result.tools:
        if tool.reason:
            console.print(Text(f"• {tool.tool}: {tool.reason}"))
    console.print()
    for notice in result.notices:
        console.print(Text(notice, style="dim"))


def _table(tools: tuple[ToolColumn, ...]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("")
    for tool in tools:
        table.add_column(tool.tool)
    rows = {
        "Major osteoporotic fracture": [
            _span(one.numbers.major_osteoporotic, one.bands.major_osteoporotic) for one in tools
        ],
        "Hip fracture": [_span(one.numbers.hip, one.bands.hip) for one in tools],
        "Counts bone density": [_YES_NO[one.counts_bone_density] for one in tools],
        "Counts death": [_YES_NO[one.counts_death] for one in tools],
        "Describes": [one.population for one in tools],
        "Not recorded": [", ".join(input_name(name) for name in one.missing) or "nothing" for one in tools],
        "Takes that as": [one.takes_missing_as for one in tools],
    }
    for title, cells in rows.items():
        table.add_row(Text(title), *(Text(cell) for cell in cells))
    return table


def _span(found: Span | None, band: Span | None) -> str:
    if found is None:
        return "no number"
    low, high = found
    text = f"{number(low, 1)} %" if low == high else f"{number(low, 1)} to {number(high, 1)} %"
    return text if band is None else f"{text} ({number(band[0], 1)} to {number(band[1], 1)})"
