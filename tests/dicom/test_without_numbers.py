"""Files without numbers, broken files and wrong files: a plain word on what is there and what to do."""

from __future__ import annotations

import datetime as dt
import logging
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from osteon.errors import InputError, MissingExtraError
from osteon.exchange.dicom import describe_dicom, read_dicom

from .make import COMPUTED_RADIOGRAPHY, PDF, SECONDARY_CAPTURE, container, dicom, lunar, report


def picture(path: Path, sop_class: str = COMPUTED_RADIOGRAPHY) -> Path:
    content = Dataset()
    content.Rows, content.Columns, content.BitsAllocated, content.SamplesPerPixel = 2, 2, 8, 1
    content.BitsStored, content.HighBit, content.PixelRepresentation = 8, 7, 0
    content.PhotometricInterpretation = "MONOCHROME2"
    content.PixelData = b"\0\1\2\3"
    return dicom(path, sop_class, "CR", content)


def refusal(path: Path) -> InputError:
    with pytest.raises(InputError) as error:
        read_dicom(path)
    return error.value


def test_a_picture_is_said_to_hold_no_number(tmp_path: Path) -> None:
    for sop_class, name in (
        (COMPUTED_RADIOGRAPHY, "Computed Radiography Image Storage"),
        (SECONDARY_CAPTURE, "Secondary Capture Image Storage"),
    ):
        error = refusal(picture(tmp_path / "image.dcm", sop_class))
        assert error.problem == "the file holds no bone density that software can read"
        assert f"a picture ({name}) without numbers" in error.mend
        assert "Type the printed values" in error.mend
        for part in ("GE Healthcare Lunar iDXA", "2025-06-02", "SPINE", "sex, birth date, height, weight"):
            assert part in error.mend
        for value in ("1962", "163", "61.5", "Secret", "MRN"):
            assert value not in str(error)


def test_an_encapsulated_pdf_is_said_to_be_one(tmp_path: Path) -> None:
    content = Dataset()
    content.MIMETypeOfEncapsulatedDocument = "application/pdf"
    content.EncapsulatedDocument = b"%PDF-1.4 T-score -1.9 BMD 0.957"
    error = refusal(dicom(tmp_path / "page.dcm", PDF, "DOC", content))
    assert "a PDF page (Encapsulated PDF Storage) without numbers" in error.mend
    assert "structured report, FHIR or a table" in error.mend


def test_a_raw_lunar_file_is_named(tmp_path: Path) -> None:
    content = Dataset()
    content.add_new((0x7003, 0x0010), "LO", "GEMS_LUNAR_RAW")
    content.add_new((0x7003, 0x1002), "OB", b"\1\2")
    error = refusal(dicom(tmp_path / "raw.dcm", SECONDARY_CAPTURE, "OT", content))
    assert "only enCORE itself can read it" in error.mend


def test_what_a_picture_holds_can_be_asked_for(tmp_path: Path) -> None:
    held = describe_dicom(picture(tmp_path / "image.dcm"))
    assert (held.kind, held.numbers, held.sex, held.birth_date) == ("picture", 0, "female", dt.date(1962, 5, 17))
    assert (held.age_years, held.height_cm, held.weight_kg) == (63, 163, 61.5)
    assert (held.manufacturer, held.model, held.software) == ("GE Healthcare", "Lunar iDXA", "18")
    assert (held.study_date, held.body_part, held.series) == (dt.date(2025, 6, 2), "SPINE", "DXA")


def test_pictures_beside_a_report_do_no_harm(tmp_path: Path) -> None:
    picture(tmp_path / "a.dcm")
    report(tmp_path / "b.dcm", container("AP Spine", lunar("L1-L4", "0.957")))
    read = read_dicom(tmp_path)
    assert [one.kind for one in read.files] == ["picture", "structured report"]
    assert len(read.person.scans) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a DICOM file"),
        (b"hello, this is a letter", "as the archive or the densitometer exports it"),
        (b"%PDF-1.7 ...", "It is a PDF"),
        (b'{"sex": "female"}', "It looks like JSON"),
        (b"\0" * 128 + b"DICM", "holds nothing|damaged"),
        (b"\0" * 128 + b"DICM" + b"\xff" * 64, "damaged|holds nothing"),
    ],
)
def test_wrong_files_are_named_for_what_they_are(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "file.dcm"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_dicom(path)


def test_a_file_that_is_cut_off_anywhere_never_gives_other_numbers(tmp_path: Path) -> None:
    """Every cut of a report is refused, or gives numbers that stand in the whole one."""
    whole = report(tmp_path / "whole.dcm", container("AP Spine", lunar("L1-L4", "0.957", "-1.9", "0.3")))
    content = whole.read_bytes()
    allowed = {0.957, -1.9, 0.3, None}
    cut = tmp_path / "cut.dcm"
    for length in range(0, len(content), 13):
        cut.write_bytes(content[:length])
        try:
            person = read_dicom(cut).person
        except InputError:
            continue
        (site,) = person.scans[0].sites
        assert {site.bmd_g_cm2, site.t_score, site.z_score} <= allowed


def test_a_file_with_a_flipped_byte_never_ends_in_another_kind_of_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor does what pydicom says about it, which quotes the file, reach a log."""
    caplog.set_level(logging.DEBUG)
    whole = report(tmp_path / "whole.dcm", container("AP Spine", lunar("L1-L4", "0.957", "-1.9", "0.3")))
    content = bytearray(whole.read_bytes())
    broken = tmp_path / "broken.dcm"
    for place in range(132, len(content), 7):
        changed = bytearray(content)
        changed[place] ^= 0x55
        broken.write_bytes(changed)
        with suppress(InputError):
            read_dicom(broken)
    assert not any(secret in caplog.text for secret in ("Secret", "MRN-0042", "0.957"))


def test_missing_paths_and_empty_folders(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_dicom(tmp_path / "none.dcm")
    with pytest.raises(InputError, match="the folder holds no file"):
        read_dicom(tmp_path)
    with pytest.raises(InputError, match="no file was given"):
        read_dicom([])


def test_without_the_extra_the_message_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = picture(tmp_path / "image.dcm")
    monkeypatch.setitem(sys.modules, "pydicom", None)
    with pytest.raises(MissingExtraError, match=r"osteon\[dicom\]"):
        read_dicom(path)
