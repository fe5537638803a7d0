"""Structured reports: enCORE's containers and LOINC codes become sites; what is not used is listed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from osteon.densitometry import assess
from osteon.errors import InputError
from osteon.exchange.dicom import describe_dicom, read_dicom
from osteon.exchange.dicom_numbers import Region, named_region

from .make import code, coded, container, loinc, lunar, num, report, text

SITE = code("363698007", "SCT", "Finding Site")
SIDE = code("272741003", "SCT", "Laterality")


def sites(path: Path) -> dict[tuple[str, str | None, tuple[str, ...] | None], dict[str, float]]:
    (scan,) = read_dicom(path).person.scans
    numbers = ("bmd_g_cm2", "bmc_g", "area_cm2", "t_score", "z_score")
    return {
        (one.site, one.side, one.vertebrae): {
            name: value for name in numbers if (value := getattr(one, name)) is not None
        }
        for one in scan.sites
    }


def test_an_encore_report_becomes_a_person(tmp_path: Path) -> None:
    path = report(
        tmp_path / "sr.dcm",
        container(
            "AP Spine",
            lunar("L1", "1.012", "-0.9"),
            lunar("L1-L4", "0.957", "-1.9", "0.3"),
            container("Trend L1-L4", num(code("BMD", "99GE", "BMD"), "0.999", "g/cm2")),
        ),
        container(
            "DualFemur",
            lunar("Neck Left", "0.843", "-1.4", "-0.2"),
            lunar("Neck Right", "0.851", "-1.3", "-0.1"),
            lunar("Total Mean", "0.860", "-1.2", "-0.3"),
            lunar("Upper Neck Left", "0.700", "-1.0"),
            lunar("Wards Left", "0.600", "-1.0"),
        ),
        container("Left Forearm", lunar("Radius 33%", "0.712", "-2.0", "-1.2"), lunar("Radius UD", "0.35")),
    )
    read = read_dicom(path)
    person = read.person
    assert (person.sex, person.birth_date, person.height_cm, person.weight_kg) == (
        "female",
        dt.date(1962, 5, 17),
        163.0,
        61.5,
    )
    assert person.age_years == pytest.approx(63.04, abs=0.01)
    assert (person.scans[0].device, person.scans[0].software) == ("GE Healthcare Lunar iDXA", "18")
    assert person.scans[0].date == dt.date(2025, 6, 2)
    assert sites(path) == {
        ("lumbar_spine", None, ("L1",)): {"bmd_g_cm2": 1.012, "t_score": -0.9},
        ("lumbar_spine", None, ("L1", "L2", "L3", "L4")): {"bmd_g_cm2": 0.957, "t_score": -1.9, "z_score": 0.3},
        ("femoral_neck", "left", None): {"bmd_g_cm2": 0.843, "t_score": -1.4, "z_score": -0.2},
        ("femoral_neck", "right", None): {"bmd_g_cm2": 0.851, "t_score": -1.3, "z_score": -0.1},
        ("total_hip", "mean", None): {"bmd_g_cm2": 0.86, "t_score": -1.2, "z_score": -0.3},
        ("radius_33", "left", None): {"bmd_g_cm2": 0.712, "t_score": -2.0, "z_score": -1.2},
    }
    assert assess(person).diagnosis == "osteopenia"
    left = " ".join(read.remarks)
    assert "Trend L1-L4" in left
    assert left.count("not one by which bone density is classified") == 5  # Upper Neck, Wards (two each), Radius UD
    assert read.files[0].kind == "structured report"


def test_nothing_that_names_a_person_is_kept(tmp_path: Path) -> None:
    path = report(tmp_path / "sr.dcm", container("AP Spine", lunar("L1-L4", "0.957")))
    read = read_dicom(path)
    for secret in ("Secret", "Zygmunda", "Doctor", "MRN-0042"):
        assert secret not in repr(read)
    assert read.person.id is None


def test_loinc_codes_with_their_site_in_the_code(tmp_path: Path) -> None:
    path = report(
        tmp_path / "sr.dcm",
        loinc("24966-4", "0.957", "g/cm2", loinc("38267-1", "-1.9", "1")),
        container("Measurements", loinc("46278-8", "734", "mg/cm2"), loinc("80946-7", "-1.62", "{T-score}")),
        loinc("99999-9", "5", "mm"),
    )
    assert sites(path) == {
        ("lumbar_spine", None, None): {"bmd_g_cm2": 0.957, "t_score": -1.9},
        ("total_hip", "left", None): {"bmd_g_cm2": 0.734, "t_score": -1.62},
    }


def test_a_loinc_code_of_any_site_takes_its_site_from_the_report(tmp_path: Path) -> None:
    finding = coded(SITE, code("x", "99", "Neck of femur"), coded(SIDE, code("y", "99", "Left")))
    path = report(tmp_path / "sr.dcm", loinc("46383-6", "0.642", "g/cm2", finding))
    assert sites(path) == {("femoral_neck", "left", None): {"bmd_g_cm2": 0.642}}
    around = report(tmp_path / "sr2.dcm", container("Lumbar spine L1-L3", loinc("46383-6", "0.9", "g/cm2")))
    assert sites(around) == {("lumbar_spine", None, ("L1", "L2", "L3")): {"bmd_g_cm2": 0.9}}


def test_bmc_and_area_are_read_with_their_units(tmp_path: Path) -> None:
    parts = (
        num(code("BMD", "99GE", "BMD"), "0.9", "g/cm2"),
        num(code("BMC", "99GE", "BMC"), "45", "g"),
        num(code("AREA", "99GE", "AREA"), "50", "cm2"),
    )
    path = report(tmp_path / "sr.dcm", container("AP Spine", container("L2-L4", *parts)))
    assert sites(path) == {
        ("lumbar_spine", None, ("L2", "L3", "L4")): {"bmd_g_cm2": 0.9, "bmc_g": 45.0, "area_cm2": 50.0}
    }


@pytest.mark.parametrize(
    ("bmd", "unit", "words"),
    [
        ("0.957", "mm", "'mm' is not a unit that is read for a bone density"),
        ("0.957", None, "the bone density has no unit"),
        ("957", "g/cm2", "outside the plausible range"),
        ("-0.957", "g/cm2", "outside the plausible range"),
    ],
)
def test_a_number_that_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, bmd: str, unit: str | None, words: str
) -> None:
    region = container("L1-L4", num(code("BMD", "99GE", "BMD"), bmd, unit))
    with pytest.raises(InputError, match=words) as error:
        read_dicom(report(tmp_path / "sr.dcm", container("AP Spine", region)))
    assert error.value.where.endswith("sr.dcm item 1.1.1")


def test_values_that_are_missing_stay_missing(tmp_path: Path) -> None:
    region = container(
        "L1-L4",
        num(code("BMD", "99GE", "BMD"), "0.957", "g/cm2"),
        num(code("BMD_ZSCORE", "99GE", "BMD_ZSCORE"), None, None),
        text("BMD_TSCORE", "n/a"),
    )
    path = report(tmp_path / "sr.dcm", container("AP Spine", region))
    assert sites(path) == {("lumbar_spine", None, ("L1", "L2", "L3", "L4")): {"bmd_g_cm2": 0.957}}
    assert sum("it has no value" in line for line in read_dicom(path).remarks) == 2


def test_a_report_about_something_else_holds_no_bone_density(tmp_path: Path) -> None:
    path = report(
        tmp_path / "sr.dcm", num(code("G-D705", "SRT", "Volume"), "12", "ml"), text("Findings", "BMD is fine")
    )
    with pytest.raises(InputError, match="no bone density that software can read") as error:
        read_dicom(path)
    assert "a structured report (Enhanced SR Storage) without numbers" in error.value.mend
    assert describe_dicom(path).numbers == 0


def test_several_files_make_one_examination_and_several_days_make_several_scans(tmp_path: Path) -> None:
    report(tmp_path / "a.dcm", container("AP Spine", lunar("L1-L4", "0.957", "-1.9")))
    report(tmp_path / "b.dcm", container("Left Femur", lunar("Neck", "0.843", "-1.4")))
    report(tmp_path / "c.dcm", container("AP Spine", lunar("L1-L4", "0.957", "-1.9")))  # the same once more
    report(tmp_path / "old.dcm", container("AP Spine", lunar("L1-L4", "0.990", "-1.6")), StudyDate="20230601")
    (tmp_path / "DICOMDIR").write_bytes(b"not read")
    person = read_dicom(tmp_path).person
    assert [(scan.date.year, len(scan.sites)) for scan in person.scans] == [(2023, 1), (2025, 2)]
    assert person.scans[1].sites[1].side == "left"


def test_contradictions_between_files_are_refused(tmp_path: Path) -> None:
    one = report(tmp_path / "a.dcm", container("AP Spine", lunar("L1-L4", "0.957")))
    other = report(tmp_path / "b.dcm", container("AP Spine", lunar("L1-L4", "0.958")))
    with pytest.raises(InputError, match="two different values for the lumbar spine"):
        read_dicom([one, other])
    for changed in ({"PatientSex": "M"}, {"PatientBirthDate": "19700101"}, {"PatientID": "MRN-7"}):
        someone = report(tmp_path / "c.dcm", container("Left Femur", lunar("Neck", "0.8")), **changed)
        with pytest.raises(InputError, match="different people"):
            read_dicom([one, someone])


def test_an_anonymised_file_says_what_it_lacks(tmp_path: Path) -> None:
    spine = container("AP Spine", lunar("L1-L4", "0.957"))
    with pytest.raises(InputError, match="the sex is in none of the files"):
        read_dicom(report(tmp_path / "a.dcm", spine, PatientSex="O"))
    with pytest.raises(InputError, match="the birth date or age is in none of the files"):
        read_dicom(report(tmp_path / "b.dcm", spine, PatientBirthDate=None, PatientAge=None))
    assert read_dicom(report(tmp_path / "c.dcm", spine, PatientBirthDate=None)).person.age_years == 63
    with pytest.raises(InputError, match="the day of the examination is not in the file"):
        read_dicom(report(tmp_path / "d.dcm", spine, StudyDate=None))


def test_a_size_of_zero_is_unknown(tmp_path: Path) -> None:
    path = report(
        tmp_path / "a.dcm", container("AP Spine", lunar("L1-L4", "0.957")), PatientSize="0", PatientWeight="0"
    )
    person = read_dicom(path).person
    assert (person.height_cm, person.weight_kg) == (None, None)


@pytest.mark.parametrize(
    ("scan", "region", "expected"),
    [
        ("AP Spine", "L1-L4 (L3)", Region("lumbar_spine", None, ("L1", "L2", "L4"))),
        ("AP Spine", "L2", Region("lumbar_spine", None, ("L2",))),
        ("AP Spine", "Total", None),
        ("Lateral Spine", "L1-L4", None),
        ("Left Femur", "Total", Region("total_hip", "left")),
        ("Left Femur", "Total Right", None),
        ("DualFemur", "Neck Mean", Region("femoral_neck", "mean")),
        ("DualFemur", "Neck Diff.", None),
        ("DualFemur", "Lower Neck", None),
        ("a Left Hip", "Neck", Region("femoral_neck", "left")),
        ("R.Forearm", "1/3", Region("radius_33", "right")),
        ("Left Forearm", "Both 33%", None),
        ("Left Forearm", "Ulna 33%", None),
        ("Total Body", "Total", None),
        ("", "Neck", None),
    ],
)
def test_names_of_regions(scan: str, region: str, expected: Region | None) -> None:
    assert named_region(scan, region) == expected
