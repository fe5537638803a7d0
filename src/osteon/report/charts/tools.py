"""The fracture-risk tools side by side: one dot a tool, with the tool's own band or range as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from osteon.report.charts.style import ACCENT, INK, MUTED, TEXT, WIDTH, Spec, chart, minus

ROW = 34


@dataclass(frozen=True, slots=True)
class Dot:
    """One tool's answer in percent: the dot, and the ends of its band or range."""

    tool: str
    percent: float
    lower: float
    upper: float


def tools_chart(title: str, dots: Sequence[Dot], top: float, description: str) -> Spec:
    """One outcome: tools down, percent across.

    Parameters
    ----------
    title
        Of the axis.
    dots
        In the order in which they stand.
    top
        Where the axis ends, so that it starts at nought for every tool.
    description
        The text alternative with its numbers.
    """
    x = {"type": "quantitative", "scale": {"domain": [0, top]}, "title": title}
    y = {
        "field": "tool",
        "type": "nominal",
        "sort": [one.tool for one in dots],
        "axis": {"title": None, "domain": False, "ticks": False, "labelFontSize": TEXT, "labelColor": INK},
    }
    values = [{"tool": one.tool, "percent": one.percent, "lower": one.lower, "upper": one.upper} for one in dots]
    return chart(
        {
            "width": WIDTH,
            "height": ROW * len(dots),
            "data": {"values": values},
            "layer": [
                {
                    "mark": {"type": "rule", "strokeWidth": 3, "color": ACCENT, "opacity": 0.35},
                    "encoding": {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y},
                },
                {
                    "mark": {"type": "point", "filled": True, "size": 90, "color": ACCENT, "opacity": 1},
                    "encoding": {"x": {**x, "field": "percent"}, "y": y},
                },
                {
                    "transform": [{"calculate": f"{minus('datum.percent', 1)} + ' %'", "as": "text"}],
                    "mark": {"type": "text", "dy": -12, "color": MUTED},
                    "encoding": {"x": {**x, "field": "percent"}, "y": y, "text": {"field": "text"}},
                },
            ],
        },
        description,
    )
