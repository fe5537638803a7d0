"""What would have to be true of a cell therapy, drawn: maps of the gain it would give, and courses beside medicines.

Everything about cells in these pictures is hypothetical, and each picture says so itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import value
from osteon.report.charts.style import ACCENT, INK, MUTED, PAPER, RULE, SMALL, TEXT, UNPROVEN, Spec, chart, panel_title
from osteon.twin.cell_therapy import STATEMENT, CellProduct, Recipient, Signal, what_would_have_to_be_true
from osteon.twin.cell_therapy.priors import largest_plausible
from osteon.twin.cell_therapy.product import Route
from osteon.twin.cell_therapy.result import MECHANISMS, Mechanism
from osteon.twin.cell_therapy.what_if import THRESHOLD, Question
from osteon.twin.engine.regimen import NO_TREATMENT
from osteon.twin.osteon_model.schedule import read_schedule

Floats = NDArray[np.float64]

AGE_YEARS, MONTHS = 65.0, 24.0
HALF_LIVES_DAYS = (1.0, 3.0, 7.0, 14.0, 30.0, 90.0, 180.0, 365.0)
SIZES_PERCENT = (125.0, 100.0, 75.0, 50.0, 25.0, 10.0)
MILLIONS = (400.0, 200.0, 100.0, 50.0, 20.0)
INFUSIONS = (1, 2, 4, 8, 12, 24)
SQUARE = 24
REACHED = "#0f5c6e"
SHORT_LABELS: Mapping[Mechanism, str] = {
    "commitment": "cells become bone-forming cells",
    "activity": "bone-forming cells work harder",
    "inflammation": "less inflammation",
    "vascular": "own progenitors kept up",
}

DARK = "Dark squares reach {target:g} points, the least that predicts fewer vertebral fractures in trials of medicines."

SUPPOSED = CellProduct(million_cells=100, infusions=4)
SUPPOSED_DAYS = 90.0
SHOWN: tuple[Mechanism, ...] = ("activity", "vascular")

SUPPOSITION = (
    "Cells: supposed to be given four times, to act for months (half-life 90 days), and to be just as strong as "
    "{target:g} points need. Nothing of that has been shown."
)

ONE_COURSE = {
    "zoledronate": "zoledronate 5 x1",
    "denosumab": "denosumab 60 x4/6m",
    "oestrogen": "hormone_therapy 1/d 0-24m",
    "exercise": "exercise 1/d 0-24m",
}
CARRIED_ON = {
    "zoledronate": "zoledronate 5 x11/12m",
    "denosumab": "denosumab 60 x21/6m",
    "oestrogen": "hormone_therapy 1/d",
    "exercise": "exercise 1/d",
}
YEARS = 10.0
STYLES: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "zoledronate": (ACCENT, (1, 0)),
    "denosumab": ("#a8432f", (1, 0)),
    "oestrogen": ("#6a5a9c", (8, 3)),
    "exercise": (MUTED, (4, 3)),
}
CELL_STYLES: tuple[tuple[str, tuple[int, ...]], ...] = ((UNPROVEN, (2, 2)), ("#d08a2e", (6, 2, 1, 2)))


def gain_maps() -> Spec:
    """Three rows of maps, one column a mechanism: the gain at the total hip over size, duration, dose and number."""
    question = Question(Recipient(AGE_YEARS), value(THRESHOLD), "total_hip", MONTHS)
    routes: tuple[tuple[Route, str], ...] = (("intravenous", "into a vein"), ("total_hip", "into the hip"))
    panels = [_by_size(question, one) for one in MECHANISMS]
    panels += [_by_dose(question, one, route, words) for route, words in routes for one in MECHANISMS]
    target = value(THRESHOLD)
    reached = sum(row["gain"] >= target for panel in panels for row in panel["data"]["values"])
    squares = sum(len(panel["data"]["values"]) for panel in panels)
    spec = chart(
        {
            "title": _title(
                "HYPOTHETICAL. Gain of total-hip BMD after two years, points above no treatment, if a mechanism worked",
                [
                    STATEMENT,
                    f"{DARK.format(target=target)} A woman of 65; infusions 30 days apart.",
                ],
            ),
            "concat": panels,
            "columns": len(MECHANISMS),
            "spacing": {"row": 26, "column": 14},
        },
        f"Hypothetical. {STATEMENT} Gain of total-hip density after two years in Osteon's bone model by size and "
        f"duration of the effect, and by dose, number of infusions and route: {reached} of {squares} squares reach "
        f"{target:g} points, all of them with effects or durations that nobody has shown.",
    )
    spec["background"], spec["padding"] = PAPER, 10
    return spec


def _title(text: str, below: Sequence[str]) -> Spec:
    return {
        "text": text,
        "subtitle": list(below),
        "anchor": "start",
        "fontSize": TEXT + 1,
        "fontWeight": 600,
        "color": UNPROVEN,
        "subtitleFontSize": SMALL + 0.5,
        "subtitleColor": INK,
        "offset": 14,
    }


def _sizes(mechanism: Mechanism, percent: Floats) -> Floats:
    found = np.zeros((percent.size, len(MECHANISMS)))
    found[:, MECHANISMS.index(mechanism)] = percent
    return found


def _by_size(question: Question, mechanism: Mechanism) -> Spec:
    once = CellProduct(million_cells=100)
    sizes = [size for size in SIZES_PERCENT if size <= largest_plausible(mechanism)]
    pairs = [(size, days) for size in sizes for days in HALF_LIVES_DAYS]
    cells = [(once, Signal(half_life_days=days)) for _, days in pairs]
    gains = question.gains(cells, _sizes(mechanism, np.array([size for size, _ in pairs])))
    rows = [
        {"x": f"{days:g}", "y": f"{size:g}", "gain": _rounded(gain)}
        for (size, days), gain in zip(pairs, gains, strict=True)
    ]
    return _map(
        rows,
        [f"{days:g}" for days in HALF_LIVES_DAYS],
        [f"{size:g}" for size in sizes],
        title=f"If {SHORT_LABELS[mechanism]}",
        below="one infusion of 100 million",
        axes=("half-life of the signal, days", "size of the effect, %"),
    )


def _by_dose(question: Question, mechanism: Mechanism, route: Route, words: str) -> Spec:
    pairs = [(millions, count) for millions in MILLIONS for count in INFUSIONS]
    cells = [(CellProduct(million_cells=millions, infusions=count, route=route), Signal()) for millions, count in pairs]
    most = largest_plausible(mechanism)
    gains = question.gains(cells, _sizes(mechanism, np.full(len(pairs), most)))
    rows = [
        {"x": str(count), "y": f"{millions:g}", "gain": _rounded(gain)}
        for (millions, count), gain in zip(pairs, gains, strict=True)
    ]
    return _map(
        rows,
        [str(count) for count in INFUSIONS],
        [f"{millions:g}" for millions in MILLIONS],
        title=f"If {SHORT_LABELS[mechanism]}",
        below=f"{words}, a signal of a week; effect {most:.0f} %, the largest plausible",
        axes=("times given", "million cells each time"),
    )


def _rounded(gain: float) -> float:
    return round(float(gain), 3) + 0.0


def _map(rows: list[Spec], xs: list[str], ys: list[str], *, title: str, below: str, axes: tuple[str, str]) -> Spec:
    target = value(THRESHOLD)
    x = {
        "field": "x",
        "type": "ordinal",
        "sort": xs,
        "axis": {"title": axes[0], "labelAngle": 0, "domain": False, "ticks": False},
    }
    y = {"field": "y", "type": "ordinal", "sort": ys, "axis": {"title": axes[1], "domain": False, "ticks": False}}
    reached = f"datum.gain >= {target}"
    words = below.split("; ")
    subtitle = [words[0], "; ".join(words[1:])] if len(words) > 1 else [below, "\u00a0"]
    return {
        "width": SQUARE * len(xs),
        "height": 0.8 * SQUARE * len(ys),
        "data": {"values": rows},
        "title": panel_title(title, subtitle, ink=UNPROVEN, size=TEXT - 0.5, size_below=SMALL - 1, offset=5),
        "layer": [
            {
                "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1.5},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {
                        "condition": {"test": reached, "value": REACHED},
                        "field": "gain",
                        "type": "quantitative",
                        "scale": {"domain": [0, target], "range": ["#f6f1ea", "#e3b77c"], "clamp": True},
                        "legend": None,
                    },
                },
            },
            {
                "mark": {"type": "text", "fontSize": SMALL - 1},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": {"field": "gain", "type": "quantitative", "format": ".1f"},
                    "color": {"condition": {"test": reached, "value": PAPER}, "value": INK},
                },
            },
        ],
    }


def courses_picture() -> Spec:
    """How long a gain lasts: one course of medicines, exercise and supposed cells; and what carrying on does."""
    answer = what_would_have_to_be_true(
        SUPPOSED,
        age_years=AGE_YEARS,
        signal=Signal(half_life_days=SUPPOSED_DAYS),
        map_infusions=(1,),
        map_half_life_days=(SUPPOSED_DAYS,),
    )
    needed = {one.mechanism: one.size_needed for one in answer.mechanisms}
    t = np.arange(int(YEARS * 12) + 1) / 12.0
    person = Recipient(AGE_YEARS)
    medicines = {**ONE_COURSE, **{f"{name} on": text for name, text in CARRIED_ON.items()}}
    bmd = person.densities(
        [NO_TREATMENT, *(read_schedule(text) for text in medicines.values())], {}, t, ("total_hip",)
    )[0]
    gains = dict(zip(medicines, 100.0 * (bmd[1:] - bmd[0]) / bmd[0, 0], strict=True))
    styles = dict(STYLES)
    once = [(name, gains[name]) for name in ONE_COURSE]
    for mechanism, style in zip(SHOWN, CELL_STYLES, strict=True):
        size = needed[mechanism]
        if size is None:
            raise RuntimeError(f"the supposed course no longer reaches the threshold through {mechanism}")
        label = f"cells, HYPOTHETICAL: {SHORT_LABELS[mechanism]}, {size:.0f} %"
        styles[label] = style
        once.append((label, _cells(person, mechanism, size, t)))
    on = [(name, gains[f"{name} on"]) for name in CARRIED_ON]
    everything = np.concatenate([values for _, values in (*once, *on)])
    limits = (float(everything.min()) - 0.4, float(everything.max()) + 0.4)
    target = value(THRESHOLD)
    two = {label: float(values[24]) for label, values in once}
    told = "; ".join(f"{label} {gain:.1f}" for label, gain in two.items())
    spec = chart(
        {
            "title": _title(
                "How long a gain lasts. What is drawn of cells is HYPOTHETICAL",
                [
                    STATEMENT,
                    SUPPOSITION.format(target=target),
                ],
            ),
            "hconcat": [
                _courses("One course, over within two years", once, styles, limits, t),
                _courses("Carried on", on, styles, limits, t),
            ],
            "spacing": 30,
            "resolve": {"scale": {"color": "shared", "strokeDash": "shared"}},
        },
        f"{STATEMENT} Total-hip density above no treatment over ten years after one course and when carried on. After "
        f"two years, in points: {told}. Cells are hypothetical.",
    )
    spec["background"], spec["padding"] = PAPER, 10
    spec["config"]["legend"] = {
        "orient": "bottom",
        "title": None,
        "columns": 3,
        "labelFontSize": TEXT - 0.5,
        "labelColor": INK,
        "labelLimit": 420,
        "symbolType": "stroke",
        "symbolStrokeWidth": 2.2,
        "symbolSize": 420,
        "columnPadding": 16,
    }
    return spec


def _cells(person: Recipient, mechanism: Mechanism, size: float, t: Floats) -> Floats:
    parameters: dict[str, float | Floats] = dict(Signal(half_life_days=SUPPOSED_DAYS).overrides())
    parameters[f"msc_{mechanism}"] = np.array([0.0, size / 100.0])
    bmd = person.densities([SUPPOSED.regimen, SUPPOSED.regimen], parameters, t, ("total_hip",))[0]
    return np.asarray(100.0 * (bmd[1] - bmd[0]) / bmd[0, 0], dtype=np.float64)


def _courses(
    title: str,
    courses: Sequence[tuple[str, Floats]],
    styles: Mapping[str, tuple[str, tuple[int, ...]]],
    limits: tuple[float, float],
    t: Floats,
) -> Spec:
    rows = [
        {"t": round(float(at), 3), "y": round(float(gain), 3), "course": label}
        for label, gains in courses
        for at, gain in zip(t, gains, strict=True)
    ]
    x = {"type": "quantitative", "scale": {"domain": [0, YEARS], "nice": False}}
    y = {"type": "quantitative", "scale": {"domain": list(limits), "nice": False, "zero": False}}
    x_axis = {
        "title": None,
        "grid": False,
        "domain": False,
        "values": [0, 2, 4, 6, 8, 10],
        "labelExpr": "datum.value == 10 ? '10 y' : datum.value",
    }
    y_axis = {"title": None, "domain": False, "ticks": False, "tickCount": 5, "minExtent": 26}
    target = value(THRESHOLD)
    names = list(styles)
    return {
        "width": 380,
        "height": 230,
        "view": {"stroke": RULE},
        "title": panel_title(
            title,
            [
                "total-hip BMD, points above no treatment",
                f"dotted line: the threshold, {target:g} at 24 months",
            ],
            size=TEXT + 0.5,
        ),
        "layer": [
            {
                "data": {"values": [{"y": 0}]},
                "mark": {"type": "rule", "color": MUTED, "strokeWidth": 0.7},
                "encoding": {"y": {"field": "y", **y}},
            },
            {
                "data": {"values": [{"y": target}]},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 0.8, "strokeDash": [1, 2]},
                "encoding": {"y": {"field": "y", **y}},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "line", "strokeWidth": 2, "strokeJoin": "round"},
                "encoding": {
                    "x": {"field": "t", **x, "axis": x_axis},
                    "y": {"field": "y", **y, "axis": y_axis},
                    "color": {
                        "field": "course",
                        "type": "nominal",
                        "sort": None,
                        "scale": {"domain": names, "range": [styles[name][0] for name in names]},
                    },
                    "strokeDash": {
                        "field": "course",
                        "type": "nominal",
                        "sort": None,
                        "scale": {"domain": names, "range": [list(styles[name][1]) for name in names]},
                    },
                },
            },
        ],
    }
