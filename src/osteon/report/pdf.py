"""The report as a PDF: tagged for screen readers (PDF/UA-1), from the same charts and the same view as the page."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from importlib.resources import files
from typing import Any

from osteon.errors import MissingExtraError
from osteon.report.charts.render import FONTS, render_svg
from osteon.report.clinician import ClinicianView, clinician_view
from osteon.report.figure import Figure
from osteon.report.html import Audience
from osteon.report.patient import PatientView, patient_view
from osteon.report.result import Report
from osteon.report.words import printable

_FIGURES = ("scores", "age", "gains", "projection")


def render_pdf(report: Report, audience: Audience = "clinician") -> bytes:
    """The PDF for one reader; the same report gives the same bytes.

    Parameters
    ----------
    report
        The report.
    audience
        ``clinician`` or ``patient``.

    Raises
    ------
    MissingExtraError
        typst is not installed.
    """
    try:
        import typst
    except ImportError:
        raise MissingExtraError("A PDF report", "pdf") from None
    make: Any = typst.Compiler  # its type hints do not know that it takes files by name
    view = clinician_view(report) if audience == "clinician" else patient_view(report)
    data, pictures = _data(view)
    templates = files("osteon.report").joinpath("templates")
    compiler = make(
        {
            "main.typ": templates.joinpath(f"{audience}.typ").read_bytes(),
            "parts.typ": templates.joinpath("parts.typ").read_bytes(),
            "view.json": json.dumps(data, ensure_ascii=False, allow_nan=False).encode(),
            **pictures,
        },
        ignore_system_fonts=True,
        font_paths=[str(FONTS)],
    )
    pdf: bytes = compiler.compile(format="pdf", pdf_standards="ua-1")
    return pdf


def _data(view: ClinicianView | PatientView) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The view as plain JSON with the figures' file names, and the pictures by file name."""
    pictures: dict[str, bytes] = {}

    def drawn(figure: Figure | None) -> dict[str, Any] | None:
        if figure is None:
            return None
        name = f"{figure.key}.svg"
        pictures[name] = render_svg(figure.wide or figure.spec, key=figure.key).encode()
        return {
            "file": name,
            "title": figure.title,
            "caption": figure.caption,
            "alt": figure.alt,
            "table": asdict(figure.table),
        }

    data: dict[str, Any] = {}
    for name in view.__dataclass_fields__:
        value = getattr(view, name)
        if name == "risk_figures":
            data[name] = [drawn(one) for one in value]
        elif name in _FIGURES:
            data[name] = drawn(value)
        elif isinstance(value, tuple):
            data[name] = [asdict(one) if is_dataclass(one) and not isinstance(one, type) else one for one in value]
        elif is_dataclass(value) and not isinstance(value, type):
            data[name] = asdict(value)
        elif hasattr(value, "model_dump"):
            data[name] = value.model_dump(mode="json")
        else:
            data[name] = value
    cleaned: dict[str, Any] = printable(data)
    return cleaned, pictures
