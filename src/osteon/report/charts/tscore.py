"""The person's scores on a coloured scale: one marker a measured site, the deciding site marked."""

from __future__ import annotations

import math

from osteon.densitometry.result import Densitometry
from osteon.report.charts.style import (
    BAND_NORMAL,
    BAND_OSTEOPENIA,
    BAND_OSTEOPOROSIS,
    INK,
    PAPER,
    SMALL,
    TEXT,
    WIDTH,
    Spec,
    chart,
    minus,
)
from osteon.report.sites import scale_scores
from osteon.report.words import score, site_name

ROW = 36
HEAD = 30
NAMES = 92  # pixels to the left of the scale, for the names of the sites
LETTER = 7.0  # width of a letter of a score in words, in pixels
BESIDE = 11  # from the middle of a mark to its score
BELOW = 17  # from a mark down to a score that has no room beside it


def score_scale(densitometry: Densitometry, *, plain: bool, description: str) -> Spec | None:
    """The scale as a Vega-Lite specification; none when there is nothing to mark.

    Parameters
    ----------
    densitometry
        The assessment.
    plain
        Site names in everyday words.
    description
        The text alternative.
    """
    marked = scale_scores(densitometry)
    if not marked:
        return None
    numbers = [number for _, number in marked]
    low = min(-4.0, math.floor(min(numbers) - 0.4))
    high = max(1.5, math.ceil(max(numbers) + 0.4))
    if densitometry.rule == "Z-score":
        bands: list[Spec] = [
            {"from": low, "to": -2.0, "word": "Below expected", "fill": BAND_OSTEOPENIA, "ink": INK},
            {"from": -2.0, "to": high, "word": "Within expected for age", "fill": BAND_NORMAL, "ink": INK},
        ]
        edges, title = [-2.0], "Z-score"
    else:
        bands = [
            {"from": low, "to": -2.5, "word": "Osteoporosis", "fill": BAND_OSTEOPOROSIS, "ink": PAPER},
            {"from": -2.5, "to": -1.0, "word": "Osteopenia", "fill": BAND_OSTEOPENIA, "ink": INK},
            {"from": -1.0, "to": high, "word": "Normal", "fill": BAND_NORMAL, "ink": INK},
        ]
        edges, title = [-2.5, -1.0], "T-score"
    for band in bands:  # a word is no wider than its band
        room = (WIDTH - 4 - NAMES) * (float(band["to"]) - float(band["from"])) / (high - low)
        band["size"] = round(min(TEXT, (room - 4) / (0.59 * len(band["word"]))), 1)
    height = HEAD + ROW * len(marked)
    rows = [
        {
            "site": site_name(one.site, one.side, plain=plain).split(", "),
            "score": number,
            "text": score(number),
            "deciding": one.site == densitometry.deciding_site and one.side == densitometry.deciding_side,
            "label_y": HEAD + ROW * index + ROW / 2 - (7 if one.side in ("left", "right") else 0),
            **_label_place(number, bands, (WIDTH - 4 - NAMES) / (high - low), HEAD + ROW * index + ROW / 2),
        }
        for index, (one, number) in enumerate(marked)
    ]
    x = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False, "zero": False}}
    axis = {
        "title": title,
        "values": sorted({*edges, *range(math.ceil(low), math.floor(high) + 1)} - {-2, -3} | set(edges)),
        "labelExpr": minus("datum.value", 1),
        "grid": False,
        "domain": False,
    }
    if title == "Z-score":
        axis["values"] = list(range(math.ceil(low), math.floor(high) + 1))
    y = {"type": "quantitative", "scale": {"domain": [height, 0], "nice": False, "zero": False}, "axis": None}
    middle = "(datum.from + datum.to) / 2"
    return chart(
        {
            "width": WIDTH - 4 - NAMES,
            "height": height,
            "layer": [
                {
                    "data": {"values": bands},
                    "mark": {"type": "rect", "opacity": 0.28},
                    "encoding": {
                        "x": {"field": "from", **x, "axis": axis},
                        "x2": {"field": "to"},
                        "y": {"datum": HEAD - 6, **y},
                        "y2": {"datum": height},
                        "color": {"field": "fill", "type": "nominal", "scale": None},
                    },
                },
                {
                    "data": {"values": bands},
                    "mark": {"type": "rect"},
                    "encoding": {
                        "x": {"field": "from", **x},
                        "x2": {"field": "to"},
                        "y": {"datum": 0, **y},
                        "y2": {"datum": HEAD - 6},
                        "color": {"field": "fill", "type": "nominal", "scale": None},
                    },
                },
                {
                    "data": {"values": bands},
                    "transform": [{"calculate": middle, "as": "middle"}],
                    "mark": {
                        "type": "text",
                        "fontSize": {"expr": "datum.size"},
                        "fontWeight": 600,
                        "baseline": "middle",
                    },
                    "encoding": {
                        "x": {"field": "middle", **x},
                        "y": {"datum": (HEAD - 6) / 2, **y},
                        "text": {"field": "word"},
                        "color": {"field": "ink", "type": "nominal", "scale": None},
                    },
                },
                {
                    "data": {"values": [{"edge": edge} for edge in edges]},
                    "mark": {"type": "rule", "color": INK, "strokeWidth": 1, "strokeDash": [2, 2], "opacity": 0.55},
                    "encoding": {
                        "x": {"field": "edge", **x},
                        "y": {"datum": HEAD - 6, **y},
                        "y2": {"datum": height},
                    },
                },
                {
                    "data": {"values": rows},
                    "mark": {
                        "type": "text",
                        "align": "left",
                        "baseline": "middle",
                        "fontSize": SMALL,
                        "lineHeight": 13,
                        "dx": -NAMES,
                    },
                    "encoding": {
                        "x": {"datum": low, **x},
                        "y": {"field": "label_y", **y},
                        "text": {"field": "site"},
                        "color": {"value": INK},
                    },
                },
                {
                    "data": {"values": rows},
                    "mark": {"type": "point", "filled": True, "stroke": PAPER, "strokeWidth": 1.5, "opacity": 1},
                    "encoding": {
                        "x": {"field": "score", **x},
                        "y": {"field": "mark_y", **y},
                        "shape": {
                            "condition": {"test": "datum.deciding", "value": "diamond"},
                            "value": "circle",
                        },
                        "size": {"condition": {"test": "datum.deciding", "value": 230}, "value": 120},
                        "color": {"value": INK},
                    },
                },
                _scores(rows, x, y, {"stroke": PAPER, "strokeWidth": 3, "strokeJoin": "round", "opacity": 0.75}),
                _scores(rows, x, y, {}),
            ],
        },
        description,
    )


def _label_place(number: float, bands: list[Spec], pixels: float, middle: float) -> Spec:
    """Where the mark and its score stand, so that the score neither crosses an edge nor stands in another band.

    To the right of the mark where it fits, else to the left, else below it.
    """
    width = LETTER * len(score(number))
    reach = (BESIDE + width) / pixels
    band = next((one for one in bands if number <= one["to"]), bands[-1])
    if number == band["to"] and band is not bands[-1] and band is not bands[0]:
        band = bands[bands.index(band) + 1]  # -1.0 is normal; -2.5 is osteoporosis, -2.0 below what is expected
    if number + reach <= band["to"]:
        return {"mark_y": middle, "score_y": middle, "dx": BESIDE}
    if number - reach >= band["from"]:
        return {"mark_y": middle, "score_y": middle, "dx": -BESIDE - width}
    return {"mark_y": middle - BELOW / 2, "score_y": middle + BELOW / 2, "dx": -width / 2}


def _scores(rows: list[Spec], x: Spec, y: Spec, extra: Spec) -> Spec:
    """The scores in words beside their marks."""
    return {
        "data": {"values": rows},
        "mark": {
            "type": "text",
            "align": "left",
            "dx": {"expr": "datum.dx"},
            "fontSize": TEXT + 1,
            "fontWeight": 600,
            "baseline": "middle",
            **extra,
        },
        "encoding": {
            "x": {"field": "score", **x},
            "y": {"field": "score_y", **y},
            "text": {"field": "text"},
            "color": {"value": INK},
        },
    }
