"""What would have to be true, as a picture: the size that each mechanism needs over half-life and number of infusions.

Each square carries its number, and a dash where the target is out of reach, so that nothing rests on colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from osteon.report.charts.style import INK, RULE, SMALL, TEXT, UNPROVEN, UNPROVEN_SOFT, Spec, chart, panel_title
from osteon.twin.cell_therapy.result import Mechanism, NeedMap, WhatWouldHaveToBeTrue

SQUARE = 34


def cell_map(result: WhatWouldHaveToBeTrue) -> Spec:
    """Four panels, one a mechanism: half-life of the signal across, number of infusions upwards.

    Parameters
    ----------
    result
        From :func:`osteon.twin.cell_therapy.what_would_have_to_be_true`.
    """
    labels = {one.mechanism: one.label for one in result.mechanisms}
    most = {one.mechanism: one.largest_plausible for one in result.mechanisms}
    panels = [_panel(one, labels[one.mechanism], most[one.mechanism]) for one in result.maps]
    return chart(
        {
            "title": {
                "text": "Size each mechanism alone would need (%), hypothetical",
                "subtitle": ["Dash: not reachable, even at the largest plausible size.", result.statement],
                "anchor": "start",
                "fontSize": TEXT,
                "color": INK,
                "subtitleFontSize": SMALL,
                "subtitleColor": UNPROVEN,
                "offset": 10,
            },
            "concat": panels,
            "columns": 2,
            "spacing": {"row": 26, "column": 26},
        },
        _description(result, labels),
    )


def _panel(one: NeedMap, label: str, most: float) -> Spec:
    values = [
        {
            "infusions": count,
            "days": days,
            "size": size,
            "text": "–" if size is None else f"{size:.0f}",
        }
        for count, row in zip(one.infusions, one.sizes, strict=True)
        for days, size in zip(one.half_life_days, row, strict=True)
    ]
    x = {
        "field": "days",
        "type": "ordinal",
        "sort": list(one.half_life_days),
        "axis": {"title": "half-life of the signal, days", "labelAngle": 0, "domain": False, "ticks": False},
    }
    y = {
        "field": "infusions",
        "type": "ordinal",
        "sort": list(reversed(one.infusions)),
        "axis": {"title": "infusions", "domain": False, "ticks": False},
    }
    colour = {
        "condition": {
            "test": "isValid(datum.size)",
            "field": "size",
            "type": "quantitative",
            "scale": {"domain": [0, most], "range": [UNPROVEN_SOFT, UNPROVEN]},
            "legend": None,
        },
        "value": "#ffffff",
    }
    return {
        "width": SQUARE * len(one.half_life_days),
        "height": SQUARE * 0.7 * len(one.infusions),
        "title": panel_title(f"If {label}", f"largest plausible {most:.0f} %"),
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "rect", "stroke": RULE}, "encoding": {"x": x, "y": y, "color": colour}},
            {
                "mark": {"type": "text", "fontSize": SMALL},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": {"field": "text"},
                    "color": {"condition": {"test": f"datum.size > {0.65 * most}", "value": "#ffffff"}, "value": INK},
                },
            },
        ],
    }


def _description(result: WhatWouldHaveToBeTrue, labels: Mapping[Mechanism, str]) -> str:
    parts = []
    for one in result.maps:
        sizes = [size for row in one.sizes for size in row if size is not None]
        everything = len(one.infusions) * len(one.half_life_days)
        found = f"{min(sizes):.0f} to {max(sizes):.0f} %" if sizes else "nowhere"
        parts.append(f"If {labels[one.mechanism]}: reachable in {len(sizes)} of {everything} squares ({found}).")
    return f"{result.statement} Target: {result.target_meaning}. {' '.join(parts)}"
