"""``osteon batch``: a table of people in, a result for every row out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from osteon.cli.limits import whole
from osteon.cli.output import keep_apart, need_folder, note, write_file
from osteon.errors import InputError

NAMED_ON_SCREEN = 20


def batch(
    table: Path,
    /,
    *,
    out: Path,
    columns: Path | None = None,
    years: Annotated[int, whole(1, 18)] = 10,
) -> None:
    """Classify everyone in a CSV or Excel table and compute their fracture risk.

    Every row has its line in the results, with the reason where it cannot be used (exit code 3).

    See docs/batches.md for the columns.

    Parameters
    ----------
    table
        The table: .csv or .xlsx, the column names in its first row.
    out
        The results: an Excel workbook when the name ends with .xlsx, else CSV.
    columns
        A JSON file that maps your headers to Osteon's columns.
    years
        The horizon of the fracture risk, 1 to 18 years.
    """
    from rich.console import Console
    from rich.progress import track

    from osteon.exchange.batch import marked_repeats, read_rows, results_csv, results_excel, summarise

    need_folder(out)
    keep_apart(out, table, *(() if columns is None else (columns,)))
    rows = read_rows(table, _column_map(columns))
    screen = Console(stderr=True)
    results = marked_repeats(
        summarise(row, years)
        for row in track(rows, description="Reading rows", console=screen, disable=not screen.is_terminal)
    )
    write_file(out, results_excel(results) if out.suffix.casefold() == ".xlsx" else results_csv(results))
    bad = [one for one in results if one.status == "bad"]
    note(f"Wrote {out}: {len(results) - len(bad):,} results, {len(bad):,} rows that could not be used.")
    for one in bad[:NAMED_ON_SCREEN]:
        note(f"  row {one.row}: {one.problem}")
    if bad:
        more = f"; the first {NAMED_ON_SCREEN} are listed above" if len(bad) > NAMED_ON_SCREEN else ""
        raise InputError(
            f"{len(bad):,} of {len(results):,} rows could not be used{more}",
            where=str(table),
            mend=f"Each is named with its reason in {out}; the results of the others are complete",
        )


def _column_map(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    from osteon.exchange.files import read_json

    data = read_json(file)
    if not isinstance(data, dict) or not all(isinstance(one, str) for one in data.values()):
        raise InputError(
            "the column map must be one object of texts",
            where=str(file),
            mend='Such as {"Age": "age_years", "Note": "-"}',
        )
    return dict(data)
