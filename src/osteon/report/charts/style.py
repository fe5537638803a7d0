"""How every chart looks: the palette, the font, and the Vega-Lite configuration.

Colours are told apart by lightness as well as by hue, so the charts survive grey print and every kind of colour
vision; no chart relies on colour alone, each band and line carries its word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Spec = dict[str, Any]

FONT = "Inter, Helvetica Neue, Helvetica, Arial, sans-serif"

INK = "#1d2733"
MUTED = "#556270"
RULE = "#d5dbe1"
PAPER = "#ffffff"
ACCENT = "#0f5c6e"
ACCENT_SOFT = "#bcd9df"
GREY_BAND = "#e4e8ec"
UNPROVEN = "#8a4b08"
UNPROVEN_SOFT = "#f0dcc0"

# light, middle, dark: the order holds in grey print too (relative luminance 0.80, 0.55, 0.14)
BAND_NORMAL = "#dcecf0"
BAND_OSTEOPENIA = "#efc15c"
BAND_OSTEOPOROSIS = "#a8432f"

WIDTH = 360
TEXT = 11.5
SMALL = 10.5


def chart(spec: Spec, description: str) -> Spec:
    """A complete specification from its parts: schema, configuration, description for screen readers.

    Parameters
    ----------
    spec
        The marks and encodings, or a concatenation.
    description
        The text alternative, in plain words with its numbers.
    """
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": description,
        "background": None,
        "padding": 2,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "text": {"font": FONT, "fontSize": TEXT, "color": INK},
            "axis": {
                "labelFont": FONT,
                "titleFont": FONT,
                "labelFontSize": SMALL,
                "titleFontSize": SMALL,
                "titleFontWeight": "normal",
                "labelColor": MUTED,
                "titleColor": MUTED,
                "domainColor": RULE,
                "tickColor": RULE,
                "gridColor": "#eceff2",
                "tickSize": 4,
                "labelPadding": 4,
                "titlePadding": 8,
            },
        },
        **spec,
    }


def panel_title(
    text: str | Sequence[str],
    below: str | Sequence[str] | None = None,
    *,
    ink: str = INK,
    ink_below: str = MUTED,
    size: float = TEXT,
    size_below: float = SMALL,
    offset: float = 6,
) -> Spec:
    """The title of one small panel, at its left: a bold line or lines, and paler ones below where there are any."""
    title: Spec = {
        "text": text,
        "anchor": "start",
        "frame": "group",
        "fontSize": size,
        "fontWeight": 600,
        "color": ink,
        "offset": offset,
    }
    if below is not None:
        title |= {"subtitle": below, "subtitleFontSize": size_below, "subtitleColor": ink_below}
    return title


def two_lines(label: str, letters: int) -> list[str]:
    """The label on at most two lines, the first of at most so many letters where its words allow."""
    lines = [""]
    for word in label.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > letters and lines[-1] and len(lines) < 2:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def minus(expression: str, digits: int) -> str:
    """A Vega expression that formats a number with a true minus sign."""
    return f"replace(format({expression}, '.{digits}f'), '-', '\\u2212')"
