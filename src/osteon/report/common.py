"""What both readers' reports show word for word: the notices beside scores and the numbered sources."""

from __future__ import annotations

from collections.abc import Iterable

from osteon.report.assemble import numbers_of
from osteon.report.result import Report
from osteon.report.words import risk_span


def notices(report: Report) -> tuple[str, ...]:
    """The texts that must stand beside the numbers, each once."""
    return tuple(dict.fromkeys(one.notice for one in report.risk if one.notice and risk_span(one) is not None))


def source_lines(report: Report, names: Iterable[str]) -> tuple[tuple[int, str, str], ...]:
    """The sources behind these evidence rows and source keys: number, reference, link.

    The numbers are those of ``report.sources``, so every page and the JSON number a source alike.
    """
    shown = set(numbers_of(report, names))
    return tuple(
        (
            one.number,
            " ".join(
                f"{part.rstrip('.')}."
                for part in (f"{one.authors.rstrip('.')} ({one.year})", one.title, one.published_in)
            ),
            one.link,
        )
        for one in report.sources
        if one.number in shown
    )
