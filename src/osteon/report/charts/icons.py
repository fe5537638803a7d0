"""A probability as an icon array: a hundred people, those expected to break a bone filled in."""

from __future__ import annotations

from osteon.report.charts.style import INK, MUTED, PAPER, Spec, chart
from osteon.report.words import people_in_100

# A person as a path in the box from -1 to 1: a head, shoulders, a body.
FIGURE = (
    "M0,-1A0.3,0.3,0,1,1,-0.001,-1Z"
    "M-0.24,-0.32H0.24A0.22,0.22,0,0,1,0.46,-0.1V0.32A0.12,0.12,0,0,1,0.24,0.34V0.86"
    "A0.12,0.12,0,0,1,0.02,0.9H-0.02A0.12,0.12,0,0,1,-0.24,0.86V0.34A0.12,0.12,0,0,1,-0.46,0.32V-0.1"
    "A0.22,0.22,0,0,1,-0.24,-0.32Z"
)
FILLED = "#a8432f"
STEP = 19


POSSIBLE = "#e3b3a7"


def icon_array(span: tuple[float, float], *, description: str) -> Spec:
    """A hundred figures in ten rows, filled from the top left, as a Vega-Lite specification.

    Parameters
    ----------
    span
        The lowest and highest percent. The figures between the two are drawn paler. Less than one in a hundred
        fills none: the text beside the picture says so in words.
    description
        The text alternative.
    """
    sure, possible = (people_in_100(one) if span[1] >= 1 else 0 for one in span)
    figures = [
        {"x": index % 10, "y": index // 10, "state": "sure" if index < sure else "may" if index < possible else "none"}
        for index in range(100)
    ]
    place = {"type": "quantitative", "axis": None}
    return chart(
        {
            "width": STEP * 10,
            "height": STEP * 12.4,
            "data": {"values": figures},
            "mark": {"type": "point", "shape": FIGURE, "size": 300, "opacity": 1, "strokeWidth": 0.9},
            "encoding": {
                "x": {"field": "x", **place, "scale": {"domain": [-0.5, 9.5], "nice": False}},
                "y": {"field": "y", **place, "scale": {"domain": [9.5, -0.5], "nice": False}},
                "fill": {
                    "field": "state",
                    "type": "nominal",
                    "legend": None,
                    "scale": {"domain": ["sure", "may", "none"], "range": [FILLED, POSSIBLE, PAPER]},
                },
                "stroke": {"condition": {"test": "datum.state != 'none'", "value": INK}, "value": MUTED},
            },
        },
        description,
    )
