"""Files that cannot be read: one clear message with the place and the mend, exit code 3."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from osteon.errors import InputError
from osteon.exchange import read_person
from osteon.exchange.files import MAX_BYTES, MAX_DEPTH, parse_json

GOOD = (
    '{"sex": "female", "age_years": 58, '
    '"scans": [{"date": "2026-03-02", "sites": [{"site": "total_hip", "t_score": -1}]}]}'
)

BAD_BYTES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "the file is empty", "Give a file"),
    "only spaces": (b" \n\t ", "the file is empty", "Give a file"),
    "utf-16 with mark": (GOOD.encode("utf-16"), "in UTF-16", "UTF-8"),
    "utf-16 without mark": (GOOD.encode("utf-16-le"), "in UTF-16", "UTF-8"),
    "utf-16 big-endian": (GOOD.encode("utf-16-be"), "in UTF-16", "UTF-8"),
    "utf-32": (GOOD.encode("utf-32"), "in UTF-32", "UTF-8"),
    "latin-1": (GOOD.replace("female", "fem\xe4le").encode("latin-1"), "not UTF-8 text (byte 13)", "UTF-8"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(128, 255)), "the file is a picture", "docs/input-files.md"),
    "Excel": (b"PK\x03\x04" + bytes(40), "the file is an Excel workbook", "osteon batch"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(40), "old Excel", "osteon batch"),
    "PDF": (b"%PDF-1.7 \xe2\xe3", "the file is a PDF", "docs/input-files.md"),
    "cut off": (GOOD[:-2].encode(), "and the file ends", "looks cut off"),
    "cut inside a text": (b'{"sex": "fema', "without its closing double quote", "if it is cut off"),
    "missing comma": (b'{"sex": "female"\n "age_years": 58}', "expected a comma or the closing bracket", "Correct"),
    "missing colon": (b'{"sex" "female"}', "expected a colon after the key", "Correct"),
    "single quotes": (b"{'sex': 'female'}", "expected a key in double quotes", "Correct"),
    "two objects": (b"{} {}", "expected the end of the file", "Correct"),
    "a comment": (b'{"sex": "female", // she\n "age_years": 58}', "expected a key in double quotes", "Correct"),
    "plain text": (b"T-score -1.8", "expected a value", "Correct"),
    "NaN": (b'{"sex": "female", "age_years": NaN}', "age_years: NaN is not a usable number", "leave the field out"),
    "infinity": (b'{"a": [{"b": -Infinity}]}', "a[0].b: -Infinity is not a usable number", "leave the field out"),
    "overflow": (b'{"age_years": 1e999}', "age_years: 1e999 is not a usable number", "ordinary number"),
    "huge integer": (b'{"age_years": 1' + b"0" * 5000 + b"}", "age_years: 1000", "ordinary number"),
    "same key twice": (b'{"scans": [{"date": "2020-01-01", "date": "2021-01-01"}]}', "scans[0].date", "Keep one"),
    "half a character": (b'{"label": "\\ud800"}', "label: the text holds half of a character", "UTF-8"),
    "a list": (b"[" + GOOD.encode() + b"]", "the file holds a list", "a file of their own"),
    "a number": (b"58", "does not hold an object", "A person looks like"),
    "null": (b"null", "does not hold an object", "A person looks like"),
    "nested too deep": (b"[" * 150 + b"]" * 150, f"more than {MAX_DEPTH} levels", "neither is nested"),
    "nested beyond recursion": (b'{"a":' * 100_000, "levels", "neither is nested"),
    "xml": (b'<Bundle xmlns="http://hl7.org/fhir"/>', "expected a value", "Correct that place"),
}


@pytest.mark.parametrize("name", BAD_BYTES)
def test_a_bad_file_is_refused_with_place_and_mend(name: str, tmp_path: Path) -> None:
    content, problem, mend = BAD_BYTES[name]
    path = tmp_path / "person.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_person(path)
    message = str(caught.value)
    assert caught.value.exit_code == 3
    assert problem in message
    assert mend in message
    assert "person.json" in caught.value.where
    assert len(message) < 500


def test_broken_json_names_line_and_column() -> None:
    with pytest.raises(InputError) as caught:
        parse_json('{\n  "sex": "female"\n  "age_years": 58\n}', "p.json")
    assert caught.value.where == "p.json, line 3, column 3"


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "marked.json"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_person(path).person.age_years == 58


def test_a_huge_file_is_refused_by_its_size_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as stream:
        stream.truncate(2_000_000_000)
    with pytest.raises(InputError, match=r"too large \(2000 MB; the limit is 50 MB\)"):
        read_person(path)


def test_things_that_are_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="that is a folder"):
        read_person(tmp_path)
    with pytest.raises(InputError, match="there is no such file"):
        read_person(tmp_path / "nobody.json")
    with pytest.raises(InputError, match="not a file name"):
        read_person("a\0b")
    with pytest.raises(InputError, match="cannot read the file"):
        read_person(tmp_path / ("x" * 5000))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="not an ordinary file"):
        read_person(pipe)  # returns at once: nobody writes into it


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(GOOD.encode())))
    assert read_person("-").person.sex == "female"
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b" " * (MAX_BYTES + 1))))
    with pytest.raises(InputError, match="standard input: more than 50 MB arrived"):
        read_person("-")
