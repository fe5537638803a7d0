"""Hologic's results script: columns by their headings, regions by scan and row."""

from __future__ import annotations

from pathlib import Path

import pytest

from osteon.errors import InputError
from osteon.exchange.dicom import read_dicom

from .make import HEADINGS, HIP, SPINE, hologic, script

SPINE_MODE = {"ScanMode": "Lumbar Spine"}


@pytest.mark.parametrize("as_bytes", [True, False])
def test_a_spine_page_becomes_its_vertebrae_and_their_total(tmp_path: Path, as_bytes: bool) -> None:
    path = hologic(tmp_path / "spine.dcm", script(*SPINE, **SPINE_MODE), as_bytes=as_bytes)
    (scan,) = read_dicom(path).person.scans
    assert (scan.device, scan.software) == ("HOLOGIC Horizon A", "13.6")
    by_set = {one.vertebrae: one for one in scan.sites}
    total = by_set["L1", "L2", "L3", "L4"]
    assert (total.bmd_g_cm2, total.t_score, total.z_score) == (0.856, -1.7, -0.5)
    assert (total.bmc_g, total.area_cm2) == (47.46, 55.44)
    assert by_set[("L3",)].t_score == -1.8
    assert len(scan.sites) == 5


def test_a_vertebra_that_was_left_out_is_not_in_the_total(tmp_path: Path) -> None:
    rows = (*SPINE[:2], ("L3", "", "", "", "", "", "", ""), *SPINE[3:])
    (scan,) = read_dicom(hologic(tmp_path / "spine.dcm", script(*rows, **SPINE_MODE))).person.scans
    assert {one.vertebrae for one in scan.sites} == {("L1",), ("L2",), ("L4",), ("L1", "L2", "L4")}


def test_a_hip_page_gives_neck_and_total_of_its_side(tmp_path: Path) -> None:
    read = read_dicom(hologic(tmp_path / "hip.dcm", script(*HIP, ScanMode="a Left Hip")))
    found = {(one.site, one.side): one.bmd_g_cm2 for one in read.person.scans[0].sites}
    assert found == {("femoral_neck", "left"): 0.649, ("total_hip", "left"): 0.788}
    assert sum("Troch" in line or "Inter" in line or "Ward" in line for line in read.remarks) == 3


def test_both_hips_on_one_page_keep_their_sides(tmp_path: Path) -> None:
    rows = (
        ("Neck", "", "", "", "", "", "", ""),
        ("Left", *HIP[0][1:]),
        ("Right", "5.00", "3.20", "0.640", "-1.9", "75", "-0.6", "91"),
        ("Total", "", "", "", "", "", "", ""),
        ("Left", *HIP[3][1:]),
        ("Right", "33.00", "26.40", "0.800", "-1.2", "85", "-0.3", "95"),
        ("Difference", "", "", "0.012", "", "", "", ""),
    )
    content = script(*rows, ScanMode="a Right Hip", ScanMode2="a Left Hip")
    (scan,) = read_dicom(hologic(tmp_path / "hips.dcm", content)).person.scans
    assert {(one.site, one.side): one.bmd_g_cm2 for one in scan.sites} == {
        ("femoral_neck", "left"): 0.649,
        ("femoral_neck", "right"): 0.640,
        ("total_hip", "left"): 0.788,
        ("total_hip", "right"): 0.800,
    }


def test_columns_are_found_by_heading_and_not_by_number(tmp_path: Path) -> None:
    order = (0, 6, 3, 1, 4)
    headings = tuple(
        ("Region", "Area (cm²)", "BMC (g)", "BMD (g/cm²)", "T - score", "PR (%)", "Z - score")[i] for i in order
    )
    rows = [tuple(row[i] for i in order) for row in HIP]
    (scan,) = read_dicom(
        hologic(tmp_path / "hip.dcm", script(*rows, headings=headings, ScanMode="a Right Hip"))
    ).person.scans
    neck = scan.sites[0]
    assert (neck.site, neck.side, neck.bmd_g_cm2, neck.t_score, neck.z_score) == (
        "femoral_neck",
        "right",
        0.649,
        -1.8,
        -0.5,
    )


@pytest.mark.parametrize("heading", ["BMD", "BMD[mg/cm&sup2;]", "Density"])
def test_a_table_that_does_not_say_its_unit_is_not_read(tmp_path: Path, heading: str) -> None:
    headings = (*HEADINGS[:3], heading, *HEADINGS[4:])
    with pytest.raises(InputError, match="no bone density that software can read") as error:
        read_dicom(hologic(tmp_path / "spine.dcm", script(*SPINE, headings=headings, **SPINE_MODE)))
    assert "none of its headings is a bone density in g/cm²" in error.value.mend


def test_a_forearm_page_gives_the_third_and_two_of_them_are_refused(tmp_path: Path) -> None:
    third = ("1/3", "2.80", "1.93", "0.689", "-1.1", "90", "0.3", "104")
    rows = (third, ("MID", "5.20", "2.96", "0.569", "-1.0", "91", "0.2", "102"))
    (scan,) = read_dicom(hologic(tmp_path / "a.dcm", script(*rows, ScanMode="L.Forearm"))).person.scans
    assert [(one.site, one.side, one.bmd_g_cm2) for one in scan.sites] == [("radius_33", "left", 0.689)]
    with pytest.raises(InputError, match="about the same region"):
        read_dicom(hologic(tmp_path / "b.dcm", script(third, third, ScanMode="L.Forearm")))


def test_what_the_header_lacks_is_taken_from_the_script(tmp_path: Path) -> None:
    silent = dict.fromkeys(("PatientSex", "PatientBirthDate", "PatientAge", "PatientSize", "PatientWeight"))
    content = script(*SPINE, MenopauseAge="51", **SPINE_MODE)
    person = read_dicom(hologic(tmp_path / "spine.dcm", content, **silent)).person
    assert (person.sex, person.age_years, person.height_cm, person.weight_kg, person.menopause_age_years) == (
        "female",
        63,
        163,
        61.5,
        51,
    )
    inches = script(*SPINE, Height="64.2 in", Weight="135 lb", **SPINE_MODE)
    person = read_dicom(hologic(tmp_path / "inch.dcm", inches, **silent)).person
    assert (person.height_cm, person.weight_kg) == (None, None)


def test_numbers_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    wrong = (("Neck", "5.10", "3.31", "0.849", "-1.8", "76", "-0.5", "92"),)
    with pytest.raises(InputError, match="bmc_g / area_cm2") as error:
        read_dicom(hologic(tmp_path / "hip.dcm", script(*wrong, ScanMode="a Left Hip")))
    assert "row 1 (Neck)" in error.value.where


def test_the_script_is_text_and_is_never_run(tmp_path: Path) -> None:
    content = script(*HIP, ScanMode="a Left Hip") + '\nResultsTable1[ 99][ 3] = "0.5" + evil();\n__import__("os")'
    assert len(read_dicom(hologic(tmp_path / "hip.dcm", content)).person.scans[0].sites) == 2
