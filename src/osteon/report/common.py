"""What both readers' reports show word for word: the notices beside scores and the numbered sources."""

from __future__ import annotations

from collections.abc import Iterable

from osteon.report.assemble import numbers_of
from osteon.report.result import Reference, Report
from osteon.report.risks import BLIND_TOOL
from osteon.report.words import risk_span
from osteon.risk.result import FractureRisk

UNRANKED = "It is what a model makes of one bone, and medicines must not be ranked by it."
"""What stands beside the projected figures wherever options are side by side."""

MAKERS_ASK = "The makers of QFracture ask us to show these words:"


def makers_notices(report: Report) -> tuple[str, ...]:
    """The disclaimer that QFracture's licence asks for beside its scores."""
    return tuple(
        dict.fromkeys(one.notice for one in _answered(report) if one.notice and one.tool.startswith(BLIND_TOOL))
    )


def own_notices(report: Report) -> tuple[str, ...]:
    """The notices beside the other tools' numbers, each once."""
    asked = makers_notices(report)
    return tuple(one for one in notices(report) if one not in asked)


def _answered(report: Report) -> list[FractureRisk]:
    return [one for one in report.risk if risk_span(one) is not None]


def notices(report: Report) -> tuple[str, ...]:
    """The texts that must stand beside the numbers, each once."""
    return tuple(dict.fromkeys(one.notice for one in _answered(report) if one.notice))


def source_lines(report: Report, names: Iterable[str]) -> tuple[tuple[int, str, str, str], ...]:
    """The sources behind these evidence rows and source keys: number, reference, link, and the short form for paper.

    The numbers are those of ``report.sources``, so every page and the JSON number a source alike. The short form leaves
    the title out where a DOI names the work, as some journals do.
    """
    shown = set(numbers_of(report, names))
    return tuple(
        (
            one.number,
            _joined(f"{one.authors.rstrip('.')} ({one.year})", one.title, one.published_in),
            one.link,
            _short(one),
        )
        for one in report.sources
        if one.number in shown
    )


_DOI = "https://doi.org/"


def _short(one: Reference) -> str:
    authors = one.authors.rstrip(".").split(", ")
    several = len(authors) > 2 or authors[-1] == "et al"
    by = f"{f'{authors[0]} et al' if several else ', '.join(authors)} ({one.year})"
    if one.link.startswith(_DOI):
        return _joined(by, one.published_in)
    return _joined(by, one.title, "" if one.published_in == "web page" else one.published_in)


def _joined(*parts: str) -> str:
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)
