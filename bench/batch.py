"""How many rows a second ``osteon batch`` answers, from CSV and from Excel, and what reading Excel costs beside CSV.

Run it with ``python -m bench.batch``. The people are made up; reading, assessing and writing are all inside the clock.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from osteon.exchange.batch import read_rows, results_csv, results_excel, summarise

ROWS = 2_000
HEADERS = "id,sex,age_years,height_cm,weight_kg,menopausal_status,scan_date,device,femoral_neck.t_score,history.smoking"


def lines() -> list[list[str]]:
    rng = random.Random(20261123)  # noqa: S311 - made-up people
    size, scan = ["164", "63", "postmenopausal"], ["2026-02-10", "Hologic"]
    return [
        [f"p{i}", "female", f"{rng.randint(50, 85)}", *size, *scan, f"{rng.gauss(-1.5, 1):.1f}", "never"]
        for i in range(ROWS)
    ]


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    import openpyxl

    folder = Path(tempfile.mkdtemp())
    table, workbook = folder / "table.csv", folder / "table.xlsx"
    made = [HEADERS.split(","), *lines()]
    table.write_text("\n".join(",".join(one) for one in made) + "\n", encoding="utf-8")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for one in made:
        sheet.append(one)
    book.save(workbook)
    summarise(next(iter(read_rows(table))))  # load what is loaded once
    by_csv = seconds(lambda: results_csv([summarise(row) for row in read_rows(table)]))
    by_excel = seconds(lambda: results_excel([summarise(row) for row in read_rows(workbook)]))
    print(f"CSV:   {ROWS / by_csv:,.0f} rows a second")
    print(f"Excel: {ROWS / by_excel:,.0f} rows a second, {by_excel / by_csv:.2f} times the time of CSV")


if __name__ == "__main__":
    main()
