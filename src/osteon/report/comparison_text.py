"""The comparison of the fracture-risk tools for a terminal: side by side, and why they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from osteon.report.comparison_rows import tool_rows

if TYPE_CHECKING:
    from rich.console import Console

    from osteon.care.comparison import Comparison
    from osteon.care.comparison.result import ToolColumn


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
    if result.reasons:
        console.print(Text("Why they differ", style="bold"))
        for reason in result.reasons:
            console.print(Text(f"• {reason.text}"))
        console.print()
    for notice in result.notices:
        console.print(Text(notice, style="dim"))


def _table(tools: tuple[ToolColumn, ...]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("")
    for tool in tools:
        table.add_column(tool.tool)
    for title, cells in tool_rows(tools).items():
        table.add_row(Text(title), *(Text(cell) for cell in cells))
    return table
