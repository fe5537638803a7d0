"""A DICOM file is recognised by its content, by the one function that reads a person from any file."""

from __future__ import annotations

from pathlib import Path

import pytest

from osteon.errors import InputError
from osteon.exchange import read_person
from osteon.exchange.dicom import read_dicom

from .make import HIP, hologic, script


def test_a_densitometers_file_becomes_a_person(tmp_path: Path) -> None:
    file = hologic(tmp_path / "hip.without.an.ending", script(*HIP, ScanMode="a Left Hip"))
    found = read_person(file)
    assert found.format == "dicom"
    assert found.person == read_dicom(file).person
    assert any(one.startswith("Not read") for one in found.remarks)


def test_a_file_that_only_calls_itself_dicom_is_refused_as_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "scan.dcm"
    file.write_text("hello", encoding="utf-8")
    with pytest.raises(InputError, match=r"scan\.dcm"):
        read_person(file)
