"""``osteon report``: the whole answer for one person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from osteon.cli.limits import number
from osteon.cli.output import keep_apart, note, write_file
from osteon.cli.people import PersonFile, read
from osteon.errors import UsageError


def report(
    person: PersonFile,
    /,
    *,
    format: Literal["text", "html", "pdf", "json"] | None = None,
    out: Path | None = None,
    years: Annotated[float, number(0, 40, above=True)] = 10,
    audience: Literal["clinician", "patient"] = "clinician",
    page: Path | None = None,
) -> None:
    """Diagnosis, risk, options and the projection of the bone, as text, page, PDF or JSON.

    Parameters
    ----------
    person
        The person's file.
    format
        What to make; without it, what the ending of --out says, or text.
    out
        Write there instead of to standard output: .txt, .html, .pdf or .json.
    years
        How far to project the bone, in years, up to 40.
    audience
        Who will read it: clinician (dense) or patient (plain words).
    page
        Also write the HTML page there.
    """
    chosen = format or _format_of(out)
    if chosen == "pdf" and out is None and sys.stdout.isatty():
        raise UsageError("a PDF cannot be shown in the terminal", where="--format pdf", mend="Add --out report.pdf")
    keep_apart(out, person)
    keep_apart(page, person, option="--page")
    if out is not None and page is not None and out.resolve() == page.resolve():
        raise UsageError("the report would be written over by its page", where="--page", mend="Choose another file")
    one = read(person)

    from osteon.report import build_report, render

    result = build_report(one.person, years=years, remarks=one.remarks)
    if chosen == "text" and out is not None:
        from osteon.report.text import render_text

        content: str | bytes = render_text(result, audience, colour=False)  # no terminal codes in a file
    else:
        content = render(result, format=chosen, audience=audience)
    if out is not None:
        write_file(out, content)
        note(f"Wrote {out}")
    elif isinstance(content, bytes):
        sys.stdout.buffer.write(content)
    else:
        sys.stdout.write(content if content.endswith("\n") else content + "\n")
    if page is not None:
        html = render(result, format="html", audience=audience)
        write_file(page, html, option="--page")
        note(f"Wrote the page {page.resolve().as_uri()}")


def _format_of(out: Path | None) -> Literal["text", "html", "pdf", "json"]:
    endings: dict[str, Literal["text", "html", "pdf", "json"]] = {
        ".txt": "text",
        ".html": "html",
        ".htm": "html",
        ".pdf": "pdf",
        ".json": "json",
    }
    if out is None:
        return "text"
    try:
        return endings[out.suffix.casefold()]
    except KeyError:
        raise UsageError(
            f"cannot tell what to write from {repr(out.suffix) if out.suffix else 'a name without an ending'}",
            where="--out",
            mend="End it in .txt, .html, .pdf or .json, or say --format",
        ) from None
