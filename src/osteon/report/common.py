"""What both readers' reports show word for word: the notices beside scores and the numbered sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from osteon.report.assemble import numbers_of
from osteon.report.result import Report
from osteon.report.words import NOT_KNOWN, readable, risk_span, sentence, span_percent, years
from osteon.risk.result import FractureRisk, Outcome


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One tool's answers for one horizon, ready to print; ``reason`` says why an answer is missing."""

    tool: str
    horizon: str
    major_osteoporotic: str
    hip: str
    reason: str


def risk_rows(risks: Sequence[FractureRisk]) -> tuple[RiskRow, ...]:
    """The fracture risks with one row a tool and horizon."""
    gathered: dict[tuple[str, int], dict[Outcome, FractureRisk]] = {}
    for one in risks:
        gathered.setdefault((one.tool, one.horizon_years), {})[one.outcome] = one
    rows = []
    for (tool, horizon), answers in gathered.items():
        shown = {outcome: span_percent(risk_span(one)) for outcome, one in answers.items()}
        gaps = [one.reason for one in answers.values() if risk_span(one) is None and one.reason]
        rows.append(
            RiskRow(
                tool=tool,
                horizon=years(horizon),
                major_osteoporotic=shown.get("major_osteoporotic", NOT_KNOWN),
                hip=shown.get("hip", NOT_KNOWN),
                reason=sentence(readable(gaps[0])) if gaps else "",
            )
        )
    return tuple(rows)


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
