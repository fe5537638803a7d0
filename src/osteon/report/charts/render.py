"""From specification to SVG: one import of the renderer, the bundled font, and an accessible root element."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

from osteon.report.charts.style import Spec

FONTS = Path(__file__).parent.parent / "fonts"
VEGA_LITE = "6.4"
_ROOT = re.compile(r"<svg\b[^>]*>")
_VIEW_BOX = re.compile(r'viewBox="([^"]+)"')
_REFERENCE = re.compile(r'(\bid="|url\(#)([^")]+)')
_NAMED = re.compile(r' (?:role|aria-label|aria-roledescription|aria-hidden)="[^"]*"')


@cache
def _renderer() -> object:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def render_svg(spec: Spec, *, key: str) -> str:
    """The SVG of one chart, to stand inside a page.

    Parameters
    ----------
    spec
        A Vega-Lite specification from this package; its ``description`` becomes the accessible name.
    key
        Unique in the page: element identifiers are prefixed with it, so charts do not clash.
    """
    # Data stand in the specification; nothing may be fetched.
    svg: str = _renderer().vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])  # type: ignore[attr-defined]
    box = _VIEW_BOX.search(svg)
    if box is None:  # pragma: no cover - the renderer always writes one
        raise AssertionError("the renderer wrote an SVG without a viewBox")
    width, height = box[1].split()[2:]
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box[1]}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(spec["description"], quote=True)}">'
    )
    # The picture is one image with one text alternative; the marks need no names of their own.
    body = _NAMED.sub("", svg[_ROOT.search(svg).end() :])  # type: ignore[union-attr]
    return root + _REFERENCE.sub(lambda found: f"{found[1]}{key}-{found[2]}", body)
