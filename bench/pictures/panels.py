"""One small panel: a predicted course with its band, published means with their intervals, and a verdict in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from osteon.report.charts.render import render_svg
from osteon.report.charts.style import (
    ACCENT,
    ACCENT_SOFT,
    FONT,
    GREY_BAND,
    INK,
    MUTED,
    PAPER,
    RULE,
    SMALL,
    TEXT,
    UNPROVEN,
    Spec,
    chart,
    panel_title,
)

MISS = "#a8432f"
MISS_PAPER = "#fbf0ed"
WIDTH, HEIGHT, COLUMNS = 148, 92, 5
MOST_POINTS = 130
LETTER, SMALL_LETTER = 5.9, 5.0
"""About how wide a letter of a title and of a subtitle is, in pixels."""

SUBTITLE_LINES = 2
"""Of every panel; a row of which one panel needs more has more."""

_LONG_NUMBER = re.compile(r"(-?\d+\.\d)\d+")
_UNIT = re.compile(r"(\d) (y|m|mo|w|d|mg|ug|months|years)\b")
_TAG = re.compile(r"<[^>]+>")
_EMPTY = re.compile(r'<path class="(?:foreground|background)" d="(?:M0,0h0v0h0Z)?"[^>]*/>')
_NEEDLESS = re.compile(r' (?:class="[^"]*"|pointer-events="none"|opacity="1"|font-family="[^"]*"|stroke-width="1")')
_NO_MOVE = re.compile(r' transform="translate\(0,0\)"')
_NO_LENGTH = re.compile(r'(<line[^>]*?) [xy]2="0"')


@dataclass(frozen=True, slots=True)
class Line:
    """A course: times, values, and a word for it. ``lower`` and ``upper`` make a band when they are not empty."""

    x: Sequence[float]
    y: Sequence[float]
    lower: Sequence[float] = ()
    upper: Sequence[float] = ()
    label: str = ""
    colour: str = ACCENT
    soft: str = ACCENT_SOFT
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A published mean with its printed interval, what counts as near enough, and the prediction there."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    tolerance: float | None = None
    predicted: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """What one small panel shows. ``verdict`` stands below the subtitle; ``missed`` colours it and the paper."""

    title: str
    subtitle: str
    verdict: str
    missed: bool
    lines: Sequence[Line]
    marks: Sequence[Mark] = ()
    unit: str = "%"
    x_unit: str = "y"
    least_span: float = 0.0
    width: int = WIDTH
    height: int = HEIGHT
    zero: bool = True
    flagged: str = ""
    ticks: Sequence[float] = field(default_factory=tuple)


def picture(panels: Sequence[Panel], description: str, *, columns: int = COLUMNS) -> Spec:
    """All panels in the order given, side by side; those of one row get titles of the same height."""
    drawn: list[Spec] = []
    for first in range(0, len(panels), columns):
        row = [(one, wrapped(one.subtitle, one.width + 16)) for one in panels[first : first + columns]]
        lines = max(SUBTITLE_LINES, *(len(below) for _, below in row))
        drawn += [_panel(one, [*below, *["\u00a0"] * (lines - len(below))]) for one, below in row]
    rows: Spec = {
        "concat": drawn,
        "columns": columns,
        "spacing": {"row": 18, "column": 20},
        "align": {"row": "each", "column": "all"},
    }
    spec = chart(rows, description)
    spec["background"] = PAPER
    spec["padding"] = 10
    return spec


def write_svg(spec: Spec, path: Path, *, stamp: str) -> int:
    """Render, shorten the numbers, write the stamp into the file; returns its size in bytes."""
    svg = render_svg(spec, key=path.stem)
    root = svg.index(">") + 1
    body = _EMPTY.sub("", svg[root:])
    svg = svg[:root] + _TAG.sub(lambda tag: _slim(tag[0]), body)
    while "<g></g>" in svg:
        svg = svg.replace("<g></g>", "")
    svg = svg.replace("<svg ", f'<svg font-family="{FONT}" ', 1)
    svg = svg.replace("</svg>", f"<!-- {stamp} --></svg>")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(svg, "utf-8")
    return path.stat().st_size


def _slim(tag: str) -> str:
    """A tag without what the picture does not need; texts between tags are never touched."""
    for pattern, kept in ((_NEEDLESS, ""), (_NO_MOVE, ""), (_NO_LENGTH, r"\1"), (_LONG_NUMBER, r"\1")):
        tag = pattern.sub(kept, tag)
    return tag


def wrapped(text: str, width: int) -> list[str]:
    """The text of a subtitle on as many lines as it needs; nothing is cut."""
    fits, found = int(width / SMALL_LETTER), [""]
    for word in _UNIT.sub("\\1\u00a0\\2", text).split(" "):
        longer = f"{found[-1]} {word}".strip()
        if len(longer) > fits and found[-1]:
            found.append(word)
        else:
            found[-1] = longer
    return found


def _span(panel: Panel) -> tuple[float, float]:
    values = [0.0] if panel.zero else []
    for line in panel.lines:
        values += [*line.y, *line.lower, *line.upper]
    for mark in panel.marks:
        values += [one for one in (mark.y, mark.low, mark.high, mark.predicted) if one is not None]
        if mark.tolerance is not None:
            values += [mark.y - mark.tolerance, mark.y + mark.tolerance]
    low, high = min(values), max(values)
    lacking = max(panel.least_span - (high - low), 0.06 * (high - low))
    return low - lacking / 2, high + lacking / 2


def _thinned(rows: list[Spec], most: int = MOST_POINTS) -> list[Spec]:
    step = max(1, -(-(len(rows) - 1) // most))
    return rows if step == 1 else [*rows[:-1:step], rows[-1]]


def _ticks(last: float) -> list[float]:
    steps = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
    step = next(one for one in steps if last / one <= 4.2 or one == 20.0)
    return [step * place for place in range(int(last / step + 1e-9) + 1)]


def _panel(panel: Panel, below: Sequence[str]) -> Spec:
    low, high = _span(panel)
    first = min(min(line.x) for line in panel.lines)
    last = max([*(max(line.x) for line in panel.lines), *(mark.x for mark in panel.marks)])
    room = 0.05 * (last - first)
    ticks = list(panel.ticks) or _ticks(last)
    x = {"type": "quantitative", "scale": {"domain": [first - room, last + room], "nice": False, "zero": False}}
    y = {"type": "quantitative", "scale": {"domain": [low, high], "nice": False, "zero": False}}
    unit = f"datum.value == {ticks[-1]:g} ? datum.value + ' {panel.x_unit}' : datum.value"
    x_axis = {"title": None, "grid": False, "values": ticks, "labelExpr": unit, "domain": False}
    minus = "replace(format(datum.value, '~r'), '-', '\\u2212')"
    y_axis = {
        "title": None,
        "domain": False,
        "ticks": False,
        "tickCount": 4,
        "minExtent": 26,
        "maxExtent": 26,
        "labelExpr": f"datum.value > 0 && '{panel.unit}' == '%' ? '+' + {minus} : {minus}",
    }
    layers: list[Spec] = []
    for line in panel.lines:
        if len(line.lower):
            rows = [
                {"x": _r(a), "l": _r(b), "u": _r(c)} for a, b, c in zip(line.x, line.lower, line.upper, strict=True)
            ]
            layers.append(
                {
                    "data": {"values": _thinned(rows, 60)},
                    "mark": {"type": "area", "color": line.soft, "opacity": 0.7},
                    "encoding": {"x": {"field": "x", **x}, "y": {"field": "l", **y}, "y2": {"field": "u"}},
                }
            )
    if panel.zero:
        layers.append(
            {
                "data": {"values": [{"y": 0}]},
                "mark": {"type": "rule", "color": MUTED, "strokeWidth": 0.7, "strokeDash": [2, 2]},
                "encoding": {"y": {"field": "y", **y}},
            }
        )
    layers += _mark_backgrounds(panel, x, y)
    for line in panel.lines:
        rows = [{"x": _r(a), "y": _r(b)} for a, b in zip(line.x, line.y, strict=True)]
        dash = {"strokeDash": list(line.dash)} if line.dash else {}
        layers.append(
            {
                "data": {"values": _thinned(rows)},
                "mark": {"type": "line", "color": line.colour, "strokeWidth": 1.5, "strokeJoin": "round", **dash},
                "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y}},
            }
        )
    layers += _mark_points(panel, x, y)
    layers[0]["encoding"]["x"] = {"field": "x", **x, "axis": x_axis}
    layers[0]["encoding"]["y"] = {**layers[0]["encoding"]["y"], "axis": y_axis}
    # A long title gets smaller letters rather than an end that nobody can read.
    shrink = min(1.0, (panel.width + 24) / (LETTER * len(panel.title)))
    colour = MISS if panel.missed else (UNPROVEN if panel.flagged else MUTED)
    return {
        "width": panel.width,
        "height": panel.height,
        "view": {"fill": MISS_PAPER if panel.missed else None, "stroke": RULE},
        "title": panel_title(
            panel.title,
            [*below, panel.verdict],
            ink=MISS if panel.missed else INK,
            ink_below=colour,
            size=(TEXT - 0.5) * shrink,
            size_below=SMALL - 0.5,
            offset=4,
        ),
        "layer": layers,
    }


def _mark_backgrounds(panel: Panel, x: Spec, y: Spec) -> list[Spec]:
    rows = [
        {"x": _r(one.x), "l": _r(one.y - one.tolerance), "u": _r(one.y + one.tolerance)}
        for one in panel.marks
        if one.tolerance is not None
    ]
    if not rows:
        return []
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": GREY_BAND if not panel.missed else "#ecd2ca", "strokeWidth": 8},
            "encoding": {"x": {"field": "x", **x}, "y": {"field": "l", **y}, "y2": {"field": "u"}},
        }
    ]


def _mark_points(panel: Panel, x: Spec, y: Spec) -> list[Spec]:
    found: list[Spec] = []
    bars = [
        {"x": _r(one.x), "l": _r(one.low), "u": _r(one.high)}
        for one in panel.marks
        if one.low is not None and one.high is not None
    ]
    if bars:
        found.append(
            {
                "data": {"values": bars},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 0.9},
                "encoding": {"x": {"field": "x", **x}, "y": {"field": "l", **y}, "y2": {"field": "u"}},
            }
        )
    hollow = [{"x": _r(one.x), "y": _r(one.predicted)} for one in panel.marks if one.predicted is not None]
    if hollow:
        found.append(
            {
                "data": {"values": hollow},
                "mark": {"type": "point", "shape": "circle", "size": 13, "color": ACCENT, "fill": PAPER, "opacity": 1},
                "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y}},
            }
        )
    dots = [{"x": _r(one.x), "y": _r(one.y)} for one in panel.marks]
    if dots:
        found.append(
            {
                "data": {"values": dots},
                "mark": {
                    "type": "point",
                    "shape": "circle",
                    "size": 16,
                    "filled": True,
                    "color": MISS if panel.missed else INK,
                    "opacity": 1,
                },
                "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y}},
            }
        )
    return found


def _r(number: float | None) -> float:
    return 0.0 if number is None else round(float(number), 3)


def draw(job: tuple[list[Panel], str, Path, str]) -> tuple[str, int]:
    """Write one picture of many panels: panels, description, file, stamp. Gives the name of the file and its size."""
    panels, description, path, stamp = job
    return path.name, write_svg(picture(panels, description), path, stamp=stamp)
