"""The change of bone density under each therapy at a time, site by site: a dot with its interval on one row each."""

from __future__ import annotations

from collections.abc import Sequence

from osteon.report.charts.style import (
    ACCENT,
    ACCENT_SOFT,
    GREY_BAND,
    INK,
    MUTED,
    TEXT,
    UNPROVEN,
    UNPROVEN_SOFT,
    Spec,
    chart,
    panel_title,
    two_lines,
)

ROW = 27
LETTER = 5.6
"""Mean width of a letter of a label, in pixels."""

INKS = {"baseline": MUTED, "option": ACCENT, "unproven": UNPROVEN}
FILLS = {"baseline": GREY_BAND, "option": ACCENT_SOFT, "unproven": UNPROVEN_SOFT}


def gain_rows(
    sites: Sequence[tuple[str, Sequence[Spec]]], *, columns: int, width: int, label_width: int, description: str
) -> Spec:
    """One panel a site, one row a therapy.

    Parameters
    ----------
    sites
        Name of each site and its rows: ``label``, ``median``, ``lower``, ``upper`` in percent of today, ``kind``
        (``baseline``, ``option`` or ``unproven``) and ``text``, what stands at the right.
    columns
        Panels side by side: all of them, or one under the other.
    width, label_width
        Of a panel and of the therapies' names, in pixels.
    description
        The text alternative.
    """
    rows = [row for _, each in sites for row in each]
    low, high = min(row["lower"] for row in rows), max(row["upper"] for row in rows)
    room = 0.04 * (high - low) + 0.1
    domain = [min(low - room, 0.0), max(high + room, 0.0)]
    panels = []
    for place, (name, each) in enumerate(sites):
        labelled = columns == 1 or place == 0
        values = [
            {
                **row,
                "row": number,
                "label": two_lines(row["label"], max(int(label_width / LETTER), 10)),
                "fill": FILLS[row["kind"]],
                "ink": INKS[row["kind"]],
            }
            for number, row in enumerate(each)
        ]
        panels.append(_panel(name, values, domain, width=width, label_width=label_width if labelled else 0))
    return chart(
        {"concat": panels, "columns": columns, "spacing": {"row": 26, "column": 14}, "align": "none"}, description
    )


def _panel(name: str, values: list[Spec], domain: list[float], *, width: int, label_width: int) -> Spec:
    height = ROW * len(values)
    x = {"type": "quantitative", "scale": {"domain": domain, "nice": False, "zero": False}}
    y = {"type": "quantitative", "scale": {"domain": [len(values) - 0.5, -0.5], "nice": False}, "axis": None}
    axis = {
        "title": None,
        "grid": True,
        "tickCount": max(3, width // 48),
        "domain": False,
        "ticks": False,
        "labelExpr": "datum.value == 0 ? '0' : replace(format(datum.value, '+d'), '-', '\\u2212') + ' %'",
        "labelOverlap": True,
    }
    fill = {"field": "fill", "type": "nominal", "scale": None}
    ink = {"field": "ink", "type": "nominal", "scale": None}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": 11, "cornerRadius": 2},
            "encoding": {
                "x": {"field": "lower", **x, "axis": axis},
                "x2": {"field": "upper"},
                "y": {"field": "row", **y},
                "color": fill,
            },
        },
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1},
            "encoding": {"x": {"datum": 0, **x}},
        },
    ]
    baseline = next((row for row in values if row["kind"] == "baseline"), None)
    if baseline is not None:
        layers.append(
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1.2, "strokeDash": [1, 2.5]},
                "encoding": {"x": {"datum": baseline["median"], **x}},
            }
        )
    layers.append(
        {
            "mark": {"type": "point", "filled": True, "size": 58, "opacity": 1},
            "encoding": {
                "x": {"field": "median", **x},
                "y": {"field": "row", **y},
                "color": ink,
                "shape": {
                    "field": "kind",
                    "type": "nominal",
                    "legend": None,
                    "scale": {"domain": ["baseline", "option", "unproven"], "range": ["square", "circle", "diamond"]},
                },
            },
        }
    )
    if label_width:
        layers.append(
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "middle",
                    "lineHeight": 12,
                    "fontSize": TEXT - 0.5,
                },
                "encoding": {
                    "x": {"value": -label_width},
                    "y": {"field": "row", **y},
                    "text": {"field": "label"},
                    "color": {"value": INK},
                },
            }
        )
    return {
        "width": width,
        "height": height,
        "data": {"values": values},
        "title": panel_title(name) | {"frame": "bounds" if label_width else "group"},
        "layer": layers,
    }
