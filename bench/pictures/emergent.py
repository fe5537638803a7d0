"""One picture a behaviour: the courses to compare, on two or three observables, with their names beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.pictures.names import SITES
from osteon.report.charts.style import (
    ACCENT,
    GREY_BAND,
    INK,
    MUTED,
    PAPER,
    RULE,
    TEXT,
    UNPROVEN,
    Spec,
    chart,
    panel_title,
)
from osteon.twin.osteon_model.emergent import UNTREATED, Behaviour, Courses

WIDTH, HEIGHT = 250, 170
RED = "#a8432f"
STYLES: tuple[tuple[str, tuple[float, ...]], ...] = (
    (ACCENT, ()),
    (RED, (7, 3)),
    (UNPROVEN, (2, 2)),
)
UNTREATED_STYLE: tuple[str, tuple[float, ...]] = (MUTED, (1, 3))


def behaviour_picture(one: Behaviour) -> Spec:
    """The picture of one behaviour; its description tells the findings in words."""
    courses = one.courses()
    labels = list(one.schedules)
    styles = _styles(labels)
    scale = {
        "color": {"domain": labels, "range": [styles[label][0] for label in labels]},
        "strokeDash": {"domain": labels, "range": [list(styles[label][1]) or [1, 0] for label in labels]},
    }
    told = "; ".join(f"{found.sentence}: {found.measured:.1f} {found.unit}" for found in one.findings())
    panels = [_panel(one, name, courses, scale) for name in one.shown]
    spec = chart(
        {
            "hconcat": panels,
            "spacing": 26,
            "resolve": {"scale": {"color": "shared", "strokeDash": "shared"}},
        },
        f"{one.title}. A mean woman of 65 in Osteon's bone model. {told}.",
    )
    spec["background"], spec["padding"] = PAPER, 10
    spec["config"]["legend"] = {
        "orient": "top",
        "title": None,
        "labelFontSize": TEXT,
        "labelColor": INK,
        "symbolType": "stroke",
        "symbolStrokeWidth": 2.2,
        "symbolSize": 420,
        "labelLimit": 300,
        "columnPadding": 18,
        "offset": 2,
    }
    return spec


def _styles(labels: Sequence[str]) -> dict[str, tuple[str, tuple[float, ...]]]:
    treated = iter(STYLES)
    return {label: UNTREATED_STYLE if label == UNTREATED else next(treated) for label in labels}


def _panel(one: Behaviour, name: str, courses: Courses, scale: Spec) -> Spec:
    rows = [
        {"t": round(month / 12.0, 4), "y": round(float(value), 3), "course": label}
        for label, found in courses.items()
        for month, value in enumerate(found[name])
    ]
    values = np.concatenate([found[name] for found in courses.values()])
    low, high = float(values.min()), float(values.max())
    room = 0.07 * (high - low) + 1e-3
    x = {"type": "quantitative", "scale": {"domain": [0, one.years], "nice": False}}
    y = {"type": "quantitative", "scale": {"domain": [low - room, high + room], "nice": False, "zero": False}}
    step = 1 if one.years <= 6 else 2
    last = step * int(one.years / step)
    x_axis = {
        "title": None,
        "grid": False,
        "domain": False,
        "values": list(range(0, last + 1, step)),
        "labelExpr": f"datum.value == {last} ? datum.value + ' y' : datum.value",
    }
    minus = "replace(format(datum.value, '~r'), '-', '\\u2212')"
    y_axis = {
        "title": None,
        "domain": False,
        "ticks": False,
        "tickCount": 5,
        "minExtent": 30,
        "maxExtent": 30,
        "labelExpr": f"datum.value > 0 ? '+' + {minus} : {minus}",
    }
    unit = "points above no treatment" if one.net else "change since before treatment, %"
    layers: list[Spec] = []
    if 0.0 < one.treated_years < one.years:
        layers.append(
            {
                "data": {"values": [{"a": 0, "b": one.treated_years}]},
                "mark": {"type": "rect", "color": GREY_BAND, "opacity": 0.6},
                "encoding": {"x": {"field": "a", **x}, "x2": {"field": "b"}},
            }
        )
    layers.append(
        {
            "data": {"values": [{"y": 0}]},
            "mark": {"type": "rule", "color": MUTED, "strokeWidth": 0.7},
            "encoding": {"y": {"field": "y", **y}},
        }
    )
    layers.append(
        {
            "data": {"values": rows},
            "mark": {"type": "line", "strokeWidth": 2.0, "strokeJoin": "round"},
            "encoding": {
                "x": {"field": "t", **x, "axis": x_axis},
                "y": {"field": "y", **y, "axis": y_axis},
                "color": {"field": "course", "type": "nominal", "scale": scale["color"], "sort": None},
                "strokeDash": {"field": "course", "type": "nominal", "scale": scale["strokeDash"], "sort": None},
            },
        }
    )
    where = SITES[name]
    title = {"spine": "Spine BMD", "total hip": "Total-hip BMD", "femoral neck": "Femoral-neck BMD"}.get(where, where)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "view": {"stroke": RULE},
        "title": panel_title(title, unit, size=TEXT + 0.5),
        "layer": layers,
    }
