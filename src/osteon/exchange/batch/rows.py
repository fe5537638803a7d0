"""Read a CSV or Excel table row by row: each row becomes a person, or a problem that names the cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from osteon.errors import InputError, MissingExtraError
from osteon.exchange.batch.columns import SITES, Columns, cell_value
from osteon.exchange.explain import problems
from osteon.person import Person

LARGEST_FILE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row: a person, or what is wrong with it.

    ``number`` is the row's number as a spreadsheet shows it; the headers stand in row 1.
    """

    number: int
    id: str
    person: Person | None
    problem: str


def read_rows(file: Path, names: Mapping[str, str] | None = None) -> Iterator[BatchRow]:
    """Every row of a table that is not entirely empty, in order; good and bad ones.

    Parameters
    ----------
    file
        ``.csv`` (comma, semicolon or tab) or ``.xlsx`` (first sheet).
    names
        The column map: header to field path.

    Raises
    ------
    InputError
        The file cannot be read as a table, or its headers cannot be understood.
    """
    rows = _table(file)
    headers = next(rows, None)
    if headers is None or not any(cell.strip() for cell in headers):
        raise InputError("the table is empty", where=str(file), mend="Its first row must hold the column names")
    while not headers[-1].strip():  # a formatted but empty column; a row that fills it is named as too long
        headers = headers[:-1]
    columns = Columns.from_headers(headers, names or {}, where=str(file))
    for number, cells in enumerate(rows, start=2):
        if any(cell.strip() for cell in cells):
            yield _row(number, cells, columns)


def _row(number: int, cells: Sequence[str], columns: Columns) -> BatchRow:
    if len(cells) > len(columns.columns) and any(cell.strip() for cell in cells[len(columns.columns) :]):
        problem = f"{len(cells)} cells, but {len(columns.columns)} columns. Put text that holds a comma in quotes"
        return BatchRow(number, "", None, problem)
    flat: dict[str, Any] = {}
    headers: dict[str, str] = {}
    for column, cell in zip(columns.columns, cells, strict=False):
        if column is None:
            continue
        headers[column.path] = column.header
        try:
            value = cell_value(cell, column.kind)
        except ValueError as error:
            return BatchRow(number, str(flat.get("id", "")), None, f"{column.header}: {error}")
        if value is not None:
            flat[column.path] = value
    name = str(flat.get("id", ""))
    try:
        person = Person.model_validate(_nested(flat))
    except ValidationError as error:
        lines = [_with_header(str(one), headers) for one in problems(error, Person)]
        return BatchRow(number, name, None, "; ".join(lines))
    return BatchRow(number, name, person, "")


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Turn ``{"femoral_neck.t_score": -1.8}`` into the shape of a person."""
    data: dict[str, Any] = {}
    sites: dict[str, dict[str, Any]] = {}
    scan: dict[str, Any] = {}
    for path, value in flat.items():
        room, _, field = path.partition(".")
        if room in SITES:
            sites.setdefault(room, {"site": room})[field] = value
        elif field:
            data.setdefault(room, {})[field] = value
        elif path in ("scan_date", "device"):
            scan["date" if path == "scan_date" else path] = value
        else:
            data[path] = value
    if sites:
        data["scans"] = [{**scan, "sites": list(sites.values())}]
    return data


def _with_header(problem: str, headers: Mapping[str, str]) -> str:
    """Name the scan date by its column: a reader of a table knows no ``scans[0].date``."""
    return problem.replace("scans[0].date", headers.get("scan_date", "scan_date")).replace("scans[0].", "")


def _table(file: Path) -> Iterator[list[str]]:
    if file.is_dir() or not file.exists():
        what = "that is a folder" if file.is_dir() else "there is no such file"
        raise InputError(what, where=str(file), mend="Give a .csv or .xlsx file")
    if file.stat().st_size > LARGEST_FILE_BYTES:
        raise InputError("the table is larger than 500 MB", where=str(file), mend="Split it")
    if file.suffix.casefold() == ".xlsx":
        return _excel(file)
    return _csv(file)


def _csv(file: Path) -> Iterator[list[str]]:
    content = file.read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:200]:
        raise InputError("the table is not plain text, or is in UTF-16", where=str(file), mend="Save it as CSV UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("the table is not UTF-8", where=f"{file}, line {line}", mend="Save it as CSV UTF-8") from None
    if text.lstrip()[:1] in ("{", "["):
        raise InputError(
            "that is JSON, not a table",
            where=str(file),
            mend="Give a .csv or .xlsx file; the file of one person goes to `osteon report`",
        )
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise InputError(f"the table is broken: {error}", where=str(file), mend="Check its quotation marks") from None


def _excel(file: Path) -> Iterator[list[str]]:
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError("Reading Excel files", "excel") from None
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception as error:
        raise InputError(
            f"the file is not an Excel workbook ({type(error).__name__})",
            where=str(file),
            mend="Save it as .xlsx or .csv",
        ) from None
    try:
        if not book.worksheets:
            raise InputError("the workbook holds no sheet with cells", where=str(file), mend="Put the table on a sheet")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs note a size that is too small, and rows would be cut off in silence
        for cells in sheet.iter_rows(values_only=True):
            yield [_excel_text(cell) for cell in cells]
    finally:
        book.close()


def _excel_text(cell: object) -> str:
    if cell is None:
        return ""
    if hasattr(cell, "date"):  # a date cell: keep the day
        return str(cell.date())
    return str(cell)
