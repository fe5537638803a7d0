"""One line of results for each row: the diagnosis and the fracture risk, or why there is none."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace

from osteon.care.old_scan import old_scan_warning
from osteon.densitometry import assess
from osteon.errors import MissingExtraError
from osteon.evidence.csv_text import csv_text
from osteon.exchange.batch.rows import BatchRow
from osteon.risk import fracture_risks


@dataclass(frozen=True, slots=True)
class RowResult:
    """The result of one row. An unknown number is none, which is an empty cell in the table."""

    row: int
    id: str
    status: str
    problem: str
    diagnosis: str = ""
    rule: str = ""
    deciding_site: str = ""
    lowest_t_score: float | None = None
    lowest_z_score: float | None = None
    qfracture_major_percent: float | None = None
    qfracture_hip_percent: float | None = None
    qfracture_inputs_missing: int | None = None
    qfracture_reason: str = ""
    warnings: str = ""


RESULT_COLUMNS = tuple(field.name for field in fields(RowResult))


def summarise(row: BatchRow, horizon_years: int = 10) -> RowResult:
    """The results of one row. A row that could not be used keeps its place and says why."""
    if row.person is None:
        return RowResult(row.number, row.id, "bad", row.problem)
    bone = assess(row.person)
    risks = {
        one.outcome: one
        for one in fracture_risks(row.person, horizon_years=horizon_years)
        if one.tool.startswith("QFracture")
    }
    major, hip = risks["major_osteoporotic"], risks["hip"]
    return RowResult(
        row=row.number,
        id=row.id,
        status="ok",
        problem="",
        diagnosis=bone.diagnosis,
        rule=bone.rule or "",
        deciding_site=bone.deciding_site or "",
        lowest_t_score=bone.lowest_t_score,
        lowest_z_score=bone.lowest_z_score,
        qfracture_major_percent=_rounded(major.percent),
        qfracture_hip_percent=_rounded(hip.percent),
        qfracture_inputs_missing=len(major.inputs_missing),
        qfracture_reason=major.reason if major.percent is None else "",
        warnings=" | ".join(filter(None, (old_scan_warning(row.person), *bone.warnings))),
    )


def marked_repeats(results: Iterable[RowResult]) -> list[RowResult]:
    """The results with a warning on each row whose id stands in another row too: one person twice, or a slip."""
    listed = list(results)
    rows: dict[str, list[int]] = {}
    for one in listed:
        if one.id:
            rows.setdefault(one.id, []).append(one.row)
    return [_with_repeat(one, [row for row in rows.get(one.id, []) if row != one.row]) for one in listed]


def _with_repeat(one: RowResult, others: list[int]) -> RowResult:
    if not others:
        return one
    more = f" and {len(others) - 1} more" if len(others) > 1 else ""
    said = f"The id stands in row {others[0]}{more} too: one person twice, or a slip."
    return replace(one, warnings=" | ".join(filter(None, (said, one.warnings))))


def results_csv(results: Iterable[RowResult]) -> str:
    """The results as CSV text, one line a row of the table that came in."""
    return csv_text(RESULT_COLUMNS, (asdict(one).values() for one in results))


def results_excel(results: Iterable[RowResult]) -> bytes:
    """The results as an Excel workbook, one line a row of the table that came in.

    Raises
    ------
    MissingExtraError
        The extra ``excel`` is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError("Writing Excel files", "excel") from None
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("results")

    def cell(value: object) -> object:
        if not isinstance(value, str):
            return value
        # Control characters have no place in a workbook, and a text that begins with = must not become a formula.
        text = WriteOnlyCell(sheet, "".join(one for one in value if one >= " " or one in "\t\n"))
        text.data_type = "s"
        return text

    sheet.append(RESULT_COLUMNS)
    for one in results:
        sheet.append([cell(value) for value in asdict(one).values()])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 2)
