"""The virtual population beside the survey: one row a sex and site, one column a figure, age bands across."""

from __future__ import annotations

from collections.abc import Sequence

from osteon.report.charts.style import ACCENT, INK, PAPER, RULE, Spec, chart, panel_title
from osteon.twin.variability.survey import Comparison

WIDTH, HEIGHT = 186, 104
RED = "#a8432f"
FIGURES = {
    "mean": ("Mean, g/cm²", ".2f"),
    "sd": ("SD, g/cm²", ".2f"),
    "low_bone_mass": ("Low bone mass, %", ".0f"),
    "osteoporosis": ("Osteoporosis, %", ".0f"),
}
NAMES = {"femoral_neck": "femoral neck", "total_hip": "total hip", "female": "Women", "male": "Men"}
STANDARD_ERRORS = 2.0


def people_picture(rows: Sequence[Comparison]) -> Spec:
    """Survey as dots with two sampling errors either way, virtual people as a line; red beyond the tolerance."""
    panels = [
        _panel([one for one in rows if (one.sex, one.site, one.figure) == (sex, site, figure) and one.band != "all"])
        for sex in ("female", "male")
        for site in ("femoral_neck", "total_hip")
        for figure in FIGURES
    ]
    beyond = sum(not one.within for one in rows)
    spec = chart(
        {"concat": panels, "columns": len(FIGURES), "spacing": {"row": 22, "column": 24}},
        f"Virtual population beside NHANES 2017 to 2020 by sex, site and five-year band: {beyond} of {len(rows)} "
        "figures, all ages included, lie beyond the tolerance, nearly all within two sampling errors of the survey.",
    )
    spec["background"], spec["padding"] = PAPER, 10
    return spec


def _panel(rows: Sequence[Comparison]) -> Spec:
    first = rows[0]
    title, form = FIGURES[first.figure]
    values = []
    for one in rows:
        error = one.survey_se * (one.survey / 100.0 if first.figure in ("mean", "sd") else 1.0)
        values.append(
            {
                "band": one.band,
                "survey": round(one.survey, 4),
                "virtual": round(one.virtual, 4),
                "low": round(max(one.survey - STANDARD_ERRORS * error, 0.0), 4),
                "high": round(one.survey + STANDARD_ERRORS * error, 4),
                "beyond": not one.within,
            }
        )
    bands = [one.band for one in rows]
    x = {
        "field": "band",
        "type": "ordinal",
        "sort": bands,
        "scale": {"padding": 0.4},
        "axis": {
            "title": None,
            "labelAngle": 0,
            "domain": False,
            "ticks": False,
            "labelExpr": "split(datum.value, '-')[0]",
        },
    }
    y = {"type": "quantitative", "scale": {"zero": False, "nice": True}}
    y_axis = {"title": None, "domain": False, "ticks": False, "tickCount": 4, "format": form, "minExtent": 26}
    where = f"{NAMES[first.sex]}, {NAMES[first.site]}"
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "view": {"stroke": RULE},
        "data": {"values": values},
        "title": panel_title(where, title, offset=4),
        "layer": [
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
                "encoding": {"x": x, "y": {"field": "low", **y, "axis": y_axis}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "line", "color": ACCENT, "strokeWidth": 2},
                "encoding": {"x": x, "y": {"field": "virtual", **y}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 34, "opacity": 1},
                "encoding": {
                    "x": x,
                    "y": {"field": "survey", **y},
                    "color": {"condition": {"test": "datum.beyond", "value": RED}, "value": INK},
                    "shape": {"condition": {"test": "datum.beyond", "value": "diamond"}, "value": "circle"},
                },
            },
        ],
    }
