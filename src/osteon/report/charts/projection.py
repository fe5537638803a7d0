"""Projected bone density under each therapy: small panels on one scale, no treatment drawn in each for comparison."""

from __future__ import annotations

from collections.abc import Sequence

from osteon.report.charts.style import (
    ACCENT,
    ACCENT_SOFT,
    GREY_BAND,
    MUTED,
    UNPROVEN,
    UNPROVEN_SOFT,
    Spec,
    chart,
    panel_title,
    two_lines,
)
from osteon.twin.result import TherapyProjection

LETTER = 6.4
"""Mean width of a letter of a panel's title, in pixels."""


def projection_panels(
    therapies: Sequence[TherapyProjection],
    *,
    columns: int,
    panel_width: int,
    description: str,
    notes: Sequence[str],
    height: int = 110,
) -> Spec:
    """One panel a therapy: its median as a line, the interval as a band, no treatment as a thin grey line.

    Parameters
    ----------
    therapies
        The projections of one site, no treatment first when there is one.
    columns, panel_width
        The layout: how many panels side by side, and how wide each is in pixels.
    description
        The text alternative.
    notes
        What stands under the name of each therapy.
    height
        Of a panel, in pixels.
    """
    untreated = next((one for one in therapies if one.therapy == "none"), None)
    low = min(min(one.lower) for one in therapies)
    high = max(max(one.upper) for one in therapies)
    room = 0.06 * (high - low) + 1e-6
    last = max(one.t_years[-1] for one in therapies)
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, last], "nice": False},
    }
    y = {"type": "quantitative", "scale": {"domain": [low - room, high + room], "nice": False, "zero": False}}
    step = next(one for one in (0.25, 0.5, 1, 2, 5, 10) if last / one <= 4 or one == 10)
    ticks = [step * place for place in range(int(last / step) + 1)]
    baseline: list[Spec] = []
    if untreated is not None:
        pairs = zip(untreated.t_years, untreated.median, strict=True)
        baseline = _thinned([{"t": t, "median": m} for t, m in pairs])
    panels = []
    for index, one in enumerate(therapies):
        x_axis = {
            "title": None,
            "grid": False,
            "values": ticks,
            "labelExpr": f"datum.value == 0 ? 'today' : datum.value == {ticks[-1]} ? datum.value + ' y' : datum.value",
            "labelFlush": True,
        }
        y_axis = {
            "title": None,
            "labels": index % columns == 0,
            "domain": False,
            "ticks": False,
            "tickCount": 4,
            "minExtent": 30 if index % columns == 0 else 0,
            "maxExtent": 30 if index % columns == 0 else 0,
        }
        colour, soft = (UNPROVEN, UNPROVEN_SOFT) if one.hypothetical else (ACCENT, ACCENT_SOFT)
        if one.therapy == "none":
            colour, soft = MUTED, GREY_BAND
        points = _thinned(
            [
                {"t": t, "median": m, "lower": lo, "upper": up}
                for t, m, lo, up in zip(one.t_years, one.median, one.lower, one.upper, strict=True)
            ]
        )
        layers: list[Spec] = [
            {
                "data": {"values": points},
                "mark": {"type": "area", "color": soft, "opacity": 0.75},
                "encoding": {
                    "x": {"field": "t", **x, "axis": x_axis},
                    "y": {"field": "lower", **y, "axis": y_axis},
                    "y2": {"field": "upper"},
                },
            }
        ]
        if baseline and one.therapy != "none":
            layers.append(
                {
                    "data": {"values": baseline},
                    "mark": {"type": "line", "color": MUTED, "strokeWidth": 1.2, "strokeDash": [1, 2.5]},
                    "encoding": {"x": {"field": "t", **x}, "y": {"field": "median", **y}},
                }
            )
        dash = {"strokeDash": [6, 4]} if one.hypothetical else {}
        layers.append(
            {
                "data": {"values": points},
                "mark": {"type": "line", "color": colour, "strokeWidth": 2.2, **dash},
                "encoding": {"x": {"field": "t", **x}, "y": {"field": "median", **y}},
            }
        )
        panels.append(
            {
                "width": panel_width,
                "height": height,
                "title": panel_title(
                    two_lines(one.label.removesuffix(", continued"), int(panel_width / LETTER)),
                    [notes[index], "unproven"] if one.hypothetical else notes[index],
                    ink_below=UNPROVEN if one.hypothetical else MUTED,
                ),
                "layer": layers,
            }
        )
    return chart(
        {"concat": panels, "columns": columns, "spacing": {"row": 22, "column": 18}, "align": "all"}, description
    )


def _thinned(points: list[Spec]) -> list[Spec]:
    """At most about sixty points of a curve, the last always among them: more cannot be seen in a small panel."""
    step = max(1, (len(points) - 1) // 60)
    return points if step == 1 else [*points[:-1:step], points[-1]]
