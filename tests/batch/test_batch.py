"""Batches: every row answered, bad rows named, nothing lost."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from pathlib import Path

import pytest

from osteon.cli.app import _exit_code
from osteon.errors import InputError, MissingExtraError
from osteon.exchange.batch import (
    BatchRow,
    known_columns,
    marked_repeats,
    read_rows,
    results_csv,
    results_excel,
    summarise,
)

HEADERS = "id,sex,age_years,height_cm,weight_kg,menopausal_status,scan_date,device,femoral_neck.t_score,history.smoking"


def table(tmp_path: Path, *lines: str, headers: str = HEADERS) -> Path:
    file = tmp_path / "table.csv"
    file.write_text("\n".join([headers, *lines]) + "\n", encoding="utf-8")
    return file


def only(file: Path, **more: dict[str, str]) -> BatchRow:
    (row,) = read_rows(file, **more)
    return row


GOOD = "p1,female,61,164,63,postmenopausal,2026-02-10,Hologic,-1.9,never"

# what is wrong with the row | what the problem must say
BAD_ROWS = [
    (GOOD.replace("-1.9", "-19"), "femoral_neck|outside the plausible range"),
    (GOOD.replace("-1.9", "-1,9").replace(",9", "9", 1), "outside the plausible range"),
    (GOOD.replace("61", "sixty"), "age_years: 'sixty' is not a number"),
    (GOOD.replace("61", '"61,5"'), "Write the decimal point as ."),
    (GOOD.replace("female", "f"), "Perhaps 'female' was meant"),
    (GOOD.replace("2026-02-10", ""), "scan_date: this is needed"),
    (GOOD.replace("2026-02-10", "2093-01-01"), "future"),
    (GOOD.replace("61", "nan"), "not a usable number"),
    (GOOD.replace("61", "1e999"), "not a usable number"),
    (GOOD + ",surplus", "11 cells, but 10 columns"),
    (GOOD.replace("never", "sometimes"), "smoking"),
    (GOOD.replace("61", ""), "age_years: this is needed and is missing"),
]


@pytest.mark.parametrize(("line", "says"), BAD_ROWS)
def test_a_bad_row_is_named_with_its_reason(tmp_path: Path, line: str, says: str) -> None:
    row = only(table(tmp_path, line))
    assert row.person is None
    assert any(part in row.problem for part in says.split("|")), row.problem
    assert summarise(row).status == "bad"


def test_a_good_row_becomes_the_person_that_it_says(tmp_path: Path) -> None:
    row = only(table(tmp_path, GOOD))
    assert row.number == 2
    assert row.person is not None
    assert row.person.scans[0].sites[0].t_score == -1.9
    assert row.person.history.smoking == "never"
    result = summarise(row)
    assert (result.diagnosis, result.deciding_site, result.lowest_t_score) == ("osteopenia", "femoral_neck", -1.9)


def test_blank_cells_stay_missing(tmp_path: Path) -> None:
    row = only(table(tmp_path, "p1,female,61,,NA,,2026-02-10,,-1.9,"))
    assert row.person is not None
    assert row.person.bmi is None
    assert row.person.history.smoking is None
    assert summarise(row).qfracture_major_percent is None


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ("id,sex,age,femoral_neck.t_score", "Perhaps 'age_years' was meant"),
        ("id,sex,age_years,age_years", "two columns hold age_years"),
        ("id,age_years", "needs the columns sex"),
        ("", "the table is empty"),
    ],
)
def test_headers_that_cannot_be_understood_are_refused(tmp_path: Path, headers: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        list(read_rows(table(tmp_path, GOOD, headers=headers)))


def test_a_column_map_translates_headers_and_leaves_columns_out(tmp_path: Path) -> None:
    file = table(tmp_path, "61;F;-1.9;2026-02-10;hello", headers="Age;Sex;FN T;Scan;Remarks")
    names = {"Age": "age_years", "Sex": "sex", "FN T": "femoral_neck.t_score", "Scan": "scan_date", "Remarks": "-"}
    assert "Perhaps 'female' was meant" in only(file, names=names).problem


@pytest.mark.parametrize("content", [b"", b"\xff\xfes\x00e\x00x\x00", b"sex,age_years\nfemale,\xff\n"])
def test_files_that_are_no_tables_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    with pytest.raises(InputError):
        list(read_rows(file))


def test_excel_gives_the_same_rows_as_csv(tmp_path: Path) -> None:
    import datetime as dt

    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(HEADERS.split(","))
    cells: list[object] = list(GOOD.split(","))
    cells[2:5] = [61, 164, 63]
    cells[6] = dt.datetime(2026, 2, 10)  # noqa: DTZ001 - what a spreadsheet holds
    cells[8] = -1.9
    book.active.append(cells)
    file = tmp_path / "table.xlsx"
    book.save(file)
    assert only(file).person == only(table(tmp_path, GOOD)).person


def test_ten_thousand_rows_with_three_per_cent_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(20261123)  # noqa: S311 - test data
    lines, bad = [], set()
    for number in range(2, 10_002):
        t_score = round(rng.gauss(-1.5, 1.0), 1)
        line = f"p{number},female,{rng.randint(50, 85)},164,63,postmenopausal,2026-02-10,Hologic,{t_score},never"
        if rng.random() < 0.03:
            bad.add(number)
            line = rng.choice(
                [line.replace("female", "?"), line.replace(",164,", ",16.4,"), line.replace("2026", "2062")]
            )
        lines.append(line)
    file = table(tmp_path, *lines)
    out = tmp_path / "results.csv"
    assert _exit_code(["batch", str(file), "--out", str(out)]) == 3
    with out.open(encoding="utf-8", newline="") as stream:
        results = list(csv.DictReader(stream))
    assert len(results) == 10_000
    assert {int(one["row"]) for one in results if one["status"] == "bad"} == bad
    assert all(one["problem"] for one in results if one["status"] == "bad")
    assert all(one["diagnosis"] for one in results if one["status"] == "ok")
    assert f"{len(bad)} of 10,000 rows could not be used" in capsys.readouterr().err


CLINIC_MAP = {
    "MRN": "id",
    "Gender": "sex",
    "Age": "age_years",
    "Exam": "scan_date",
    "Scanner": "device",
    "Neck T": "femoral_neck.t_score",
    "Falls": "history.falls_last_year",
    "Mother or father broke a hip": "history.parent_hip_fracture",
    "Remarks": "-",
}


def test_a_thousand_rows_of_excel_with_the_clinics_own_headers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cells as a spreadsheet holds them: numbers, dates, ticks, empty ones, an empty column at the end."""
    import datetime as dt

    import openpyxl

    rng = random.Random(20261130)  # noqa: S311 - test data
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*CLINIC_MAP, ""])
    bad: dict[int, str] = {}
    day = dt.datetime(2026, 2, 10)  # noqa: DTZ001 - what a spreadsheet holds
    for number in range(2, 1_002):
        score: object = round(rng.gauss(-1.5, 1.0), 1)
        gender, exam = "female", day
        if number % 50 == 0:
            slip = rng.choice(["Gender", "Neck T", "Exam"])
            bad[number] = {"Gender": "sex", "Neck T": "Neck T", "Exam": "Exam"}[slip]
            gender = "x" if slip == "Gender" else gender
            score = "#VALUE!" if slip == "Neck T" else score
            exam = dt.datetime(2093, 1, 1) if slip == "Exam" else exam  # noqa: DTZ001
        sheet.append(
            [number, gender, rng.randint(50, 85), exam, "Hologic", score, rng.randint(0, 2), True, "call back"]
        )
    file, out, names = tmp_path / "clinic.xlsx", tmp_path / "results.xlsx", tmp_path / "map.json"
    book.save(file)
    names.write_text(json.dumps(CLINIC_MAP), encoding="utf-8")
    assert _exit_code(["batch", str(file), "--columns", str(names), "--out", str(out)]) == 3
    head, *results = openpyxl.load_workbook(out).active.iter_rows(values_only=True)
    found = [dict(zip(head, one, strict=True)) for one in results]
    assert [one["row"] for one in found] == list(range(2, 1_002))
    assert {one["row"] for one in found if one["status"] == "bad"} == set(bad)
    for one in found:
        if one["row"] in bad:
            assert bad[one["row"]] in one["problem"]
        else:
            assert one["diagnosis"] in ("normal", "osteopenia", "osteoporosis")
            assert one["id"] == str(one["row"])
    assert f"{len(bad)} of 1,000 rows could not be used" in capsys.readouterr().err


def test_a_workbook_that_states_too_small_a_size_is_read_in_full(tmp_path: Path) -> None:
    import re
    import zipfile

    import openpyxl

    book = openpyxl.Workbook()
    for line in (HEADERS, GOOD, GOOD):
        book.active.append(line.split(","))
    book.save(tmp_path / "right.xlsx")
    file = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(tmp_path / "right.xlsx") as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', old.read(name)))
    rows = list(read_rows(file))
    assert len(rows) == 2
    assert all(row.person is not None for row in rows)


def test_results_in_a_workbook_hold_texts_and_no_formulas(tmp_path: Path) -> None:
    import openpyxl

    row = BatchRow(2, "=1+1", None, "a bell\x07 and more")
    file = tmp_path / "results.xlsx"
    file.write_bytes(results_excel([summarise(row)]))
    _, cells = openpyxl.load_workbook(file).active.iter_rows()
    assert (cells[1].value, cells[1].data_type) == ("=1+1", "s")
    assert cells[3].value == "a bell and more"


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "table.xlsx"
    file.write_bytes(b"PK")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"osteon\[excel\]"):
        list(read_rows(file))
    with pytest.raises(MissingExtraError, match=r"osteon\[excel\]"):
        results_excel([])


def test_results_are_a_table_with_every_column(tmp_path: Path) -> None:
    text = results_csv([summarise(only(table(tmp_path, GOOD)))])
    (result,) = csv.DictReader(io.StringIO(text))
    assert result["status"] == "ok"
    assert result["problem"] == ""


def test_every_field_of_the_history_has_a_column() -> None:
    from osteon.person import History, Labs

    assert {f"history.{name}" for name in History.model_fields} <= set(known_columns())
    assert {f"labs.{name}" for name in Labs.model_fields} <= set(known_columns())


def test_a_blank_risk_has_its_reason(tmp_path: Path) -> None:
    unknown = summarise(only(table(tmp_path, GOOD)))
    assert unknown.qfracture_major_percent is None
    assert "history.alcohol_units_per_day" in unknown.qfracture_reason
    headers = f"{HEADERS},history.alcohol_units_per_day"
    known = summarise(only(table(tmp_path, f"{GOOD},0", headers=headers)))
    assert known.qfracture_major_percent is not None
    assert not known.qfracture_reason
    thin = summarise(only(table(tmp_path, f"{GOOD.replace(',63,', ',48,')},0", headers=headers)))
    assert thin.qfracture_major_percent is None
    assert "the body mass index in kg/m² must be 20 to 40" in thin.qfracture_reason


def test_an_old_scan_is_marked(tmp_path: Path) -> None:
    old = summarise(only(table(tmp_path, GOOD.replace("2026-02-10", "2019-02-10"))))
    assert old.warnings.startswith("The latest scan is 7 years old")
    assert "years old" not in summarise(only(table(tmp_path, GOOD))).warnings


def test_an_id_that_stands_twice_is_marked_in_every_row(tmp_path: Path) -> None:
    other = GOOD.replace("p1", "p2")
    results = marked_repeats(summarise(row) for row in read_rows(table(tmp_path, GOOD, other, GOOD)))
    assert [one.warnings.partition(" too")[0] for one in results][::2] == [
        "The id stands in row 4",
        "The id stands in row 2",
    ]
    assert "The id stands" not in results[1].warnings
    nameless = GOOD.replace("p1", "")
    assert not any("id stands" in summarise(row).warnings for row in read_rows(table(tmp_path, nameless, nameless)))
