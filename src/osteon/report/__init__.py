"""The report: pages, PDF, terminal text and charts. Calculates nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from osteon.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osteon.person import Person
    from osteon.report.result import Report

Format = Literal["text", "html", "pdf", "json"]
Audience = Literal["clinician", "patient"]

__all__ = ["Audience", "Format", "build_report", "render"]


def build_report(person: Person, *, years: float = 10, remarks: Sequence[str] = ()) -> Report:
    """Everything that Osteon can say about one person; see :func:`osteon.report.assemble.build_report`."""
    from osteon.report.assemble import build_report as build

    return build(person, years=years, remarks=remarks)


def render(
    report: Report,
    format: Format = "text",  # noqa: A002 - the option's name on the command line
    audience: Audience = "clinician",
) -> str | bytes:
    """The report in one format for one reader.

    Parameters
    ----------
    report
        From :func:`build_report`.
    format
        ``text`` for the terminal, ``html`` for a self-contained page, ``pdf``, or ``json``.
    audience
        ``clinician`` or ``patient``; JSON is the same for both.

    Returns
    -------
    str or bytes
        Bytes for ``pdf``, text for the others.

    Raises
    ------
    UsageError
        The format or the audience does not exist.
    MissingExtraError
        ``pdf`` was asked for and typst is not installed.
    """
    if audience not in ("clinician", "patient"):
        raise UsageError(f"no audience is called {audience!r}", mend="Choose clinician or patient")
    match format:
        case "json":
            from osteon.report.json import render_json

            return render_json(report)
        case "html":
            from osteon.report.html import render_html

            return render_html(report, audience)
        case "pdf":
            from osteon.report.pdf import render_pdf

            return render_pdf(report, audience)
        case "text":
            from osteon.report.text import render_text

            return render_text(report, audience)
    raise UsageError(f"no format is called {format!r}", mend="Choose text, html, pdf or json")
