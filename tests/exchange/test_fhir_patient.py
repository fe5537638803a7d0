"""The FHIR Patient: age, sex, ethnicity, whose results they are, and what of it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from fhir_reading import only_site, read, reasons, refusal
from fhir_resources import FEMUR_T, HIP_T, observation, patient


def test_partial_birth_dates_are_read_with_a_warning() -> None:
    result = read(patient(birthDate="1964"), observation(HIP_T, -1.4))
    assert result.person.birth_date is None
    assert result.person.age_years == pytest.approx(61.6, abs=0.02)
    assert any("only the year of birth is given" in line for line in result.warnings)
    assert read(patient(birthDate="1964-05"), observation(HIP_T, -1.4)).person.age_years == pytest.approx(
        61.7, abs=0.02
    )


def test_sex_from_the_us_core_extension() -> None:
    url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
    result = read(patient(gender="unknown", extension=[{"url": url, "valueCode": "M"}]), observation(HIP_T, -1.4))
    assert result.person.sex == "male"
    assert any("from the extension" in line for line in result.warnings)
    both = read(patient(gender="male", extension=[{"url": url, "valueCode": "F"}]), observation(HIP_T, -1.4))
    assert both.person.sex == "male"
    assert any("recorded sex is female" in line for line in both.warnings)


def test_race_is_taken_over_only_when_it_is_plain() -> None:
    def race(*codes: str) -> dict[str, Any]:
        url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
        parts = [{"url": "ombCategory", "valueCoding": {"code": code}} for code in codes]
        return patient(extension=[{"url": url, "extension": parts}])

    assert read(race("2106-3"), observation(HIP_T, -1.4)).person.ethnicity == "white"
    mixed = read(race("2106-3", "2028-9"), observation(HIP_T, -1.4))
    assert mixed.person.ethnicity is None
    assert "race and ethnicity" in reasons(mixed)


@pytest.mark.parametrize(
    ("changes", "where", "problem"),
    [
        ({"gender": None}, "gender", "the Patient has no gender"),
        ({"gender": "other"}, "gender", "kept for female and male"),
        ({"birthDate": None}, "birthDate", "no birth date"),
        ({"birthDate": "2126-01-01"}, "birthDate", "lies in the future"),
        ({"birthDate": "20-05-1964"}, "birthDate", "is not a date"),
        ({"birthDate": 1964}, "birthDate", "expected text, found a number"),
        ({"birthDate": "2015-01-01"}, "birthDate", "makes the age 11"),
        ({"birthDate": "1864-05-20"}, "birthDate", "makes the age 161"),
    ],
)
def test_a_patient_who_cannot_be_used(changes: dict[str, Any], where: str, problem: str) -> None:
    error = refusal(patient(**changes), observation(HIP_T, -1.4))
    assert error.where == f"b.json: entry[0].resource.{where}"
    assert problem in error.problem


def test_two_patients_are_refused_and_a_copy_is_not() -> None:
    error = refusal(patient(), patient(id="p2", gender="male"), observation(HIP_T, -1.4))
    assert "2 different Patients" in error.problem
    assert "entry[1].resource" in error.where
    result = read(patient(), patient(), observation(HIP_T, -1.4))
    assert "a second copy of a Patient" in reasons(result)
    assert "different content" in refusal(patient(), patient(gender="male"), observation(HIP_T, -1)).problem


def test_whose_results_are_they() -> None:
    result = read(patient(), observation(HIP_T, -1.4), observation(FEMUR_T, -3.0, subject={"reference": "Patient/p2"}))
    assert only_site(result).t_score == -1.4
    assert "entry[2].resource|Observation|it belongs to another patient" in reasons(result)
    unnamed = patient(id=None)
    mixed = [observation(HIP_T, -1.4), observation(FEMUR_T, -3.0, subject={"reference": "Patient/p2"})]
    assert "belong to several patients" in refusal(unnamed, *mixed).problem
    assert only_site(read(unnamed, mixed[0])).t_score == -1.4
    assert any("taken to be" in line for line in read(patient(), observation(HIP_T, -1.4, subject=None)).warnings)
