"""The table of the tools side by side, the same in the terminal and on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osteon.report.words import input_name, number

if TYPE_CHECKING:
    from osteon.care.comparison.result import Span, ToolColumn

YES_NO = {True: "yes", False: "no", None: "not known"}
NO_NUMBER = "no number"


def tool_rows(tools: tuple[ToolColumn, ...]) -> dict[str, tuple[str, ...]]:
    """The table side by side: what is compared, and one cell for each tool."""
    rows = {
        "Major osteoporotic fracture": [
            span_text(one.numbers.major_osteoporotic, one.bands.major_osteoporotic) for one in tools
        ],
        "Hip fracture": [span_text(one.numbers.hip, one.bands.hip) for one in tools],
        "Counts bone density": [YES_NO[one.counts_bone_density] for one in tools],
        "Counts death": [YES_NO[one.counts_death] for one in tools],
        "Describes": [one.population for one in tools],
        "Not recorded": [", ".join(input_name(name) for name in one.missing) or "nothing" for one in tools],
        "Takes that as": [one.takes_missing_as for one in tools],
    }
    return {title: tuple(cells) for title, cells in rows.items()}


def span_text(found: Span | None, band: Span | None) -> str:
    """A number or a range, with the tool's own band in brackets."""
    if found is None:
        return NO_NUMBER
    low, high = found
    text = f"{number(low, 1)} %" if low == high else f"{number(low, 1)} to {number(high, 1)} %"
    return text if band is None else f"{text} ({number(band[0], 1)} to {number(band[1], 1)})"
