"""The report as one self-contained page: no network, no script, readable on a phone and on paper."""

from __future__ import annotations

import base64
import re
from functools import cache
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from osteon.report.charts.render import FONTS, render_svg
from osteon.report.clinician import clinician_view
from osteon.report.figure import Figure
from osteon.report.patient import patient_view
from osteon.report.result import Report

Audience = Literal["clinician", "patient"]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("osteon.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["refs"] = _reference_links
    environment.filters["interval_below"] = _interval_below
    return environment


def render_html(report: Report, audience: Audience = "clinician") -> str:
    """The page for one reader.

    Parameters
    ----------
    report
        The report.
    audience
        ``clinician`` (dense) or ``patient`` (plain words).
    """
    view = clinician_view(report) if audience == "clinician" else patient_view(report)
    return render_page(f"{audience}.html.j2", view)


def render_page(template: str, view: object) -> str:
    """One of the package's pages, with its style and pictures inside.

    Parameters
    ----------
    template
        Name of the file among the templates.
    view
        What it shows, as text and figures.
    """
    return _environment().get_template(template).render(view=view, style=_style(), picture=_picture)


def _picture(figure: Figure, *, wide: bool = False) -> Markup:
    """A figure's SVG. The renderer escapes the texts inside; the name is escaped by :func:`render_svg`."""
    if wide and figure.wide is not None:
        return Markup(render_svg(figure.wide, key=f"{figure.key}-wide"))  # noqa: S704
    return Markup(render_svg(figure.spec, key=figure.key))  # noqa: S704


def _reference_links(numbers: str) -> Markup:
    """Source numbers such as ``1, 4`` as links to the list of sources."""
    linked = re.sub(r"\d+", lambda found: f'<a href="#source-{found[0]}">{found[0]}</a>', numbers)
    return Markup(linked)  # noqa: S704 - numbers made by words.runs


def _interval_below(cell: str) -> str | Markup:
    """A number with its interval, ``+5.3 (0.4 to 10.2)``, on two lines; any other cell as it is."""
    found = re.fullmatch(r"([^()]+) (\([^()]*\u00a0to\u00a0[^()]*\))", cell)
    return Markup('{} <span class="band nowrap">{}</span>').format(*found.groups()) if found else cell


@cache
def _style() -> Markup:
    """The style sheet with the fonts inside."""
    faces = "".join(_font_face(name, weight) for name, weight in (("Regular", 400), ("SemiBold", 600)))
    source, _, _ = _environment().loader.get_source(_environment(), "style.css")  # type: ignore[union-attr]
    return Markup(f"{faces}\n{source}")  # noqa: S704 - our own files


def _font_face(name: str, weight: int) -> str:
    data = base64.b64encode((FONTS / f"Inter-{name}.woff2").read_bytes()).decode("ascii")
    return (
        f"@font-face{{font-family:Inter;font-style:normal;font-weight:{weight};font-display:swap;"
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
    )
