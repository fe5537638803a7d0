"""FHIR Observations of bone density: sites, units and days; what is refused with place and mend, what is not read."""

from __future__ import annotations

from typing import Any

import pytest
from fhir_reading import only_site, read, reasons, refusal
from fhir_resources import ANY_BMD, FEMUR_T, HIP_T, SPINE_BMD, body_site, observation, patient


@pytest.mark.parametrize(
    ("code", "site", "expected"),
    [
        ("38267-1", None, ("lumbar_spine", None)),
        ("38264-8", None, ("total_hip", None)),
        ("80946-7", None, ("total_hip", "left")),
        ("80945-9", None, ("total_hip", "right")),
        ("80947-5", None, ("femoral_neck", "right")),
        ("38263-0", body_site("Femoral neck"), ("femoral_neck", None)),
        ("38263-0", body_site("Left femoral neck"), ("femoral_neck", "left")),
        ("38263-0", body_site("Total femur"), ("total_hip", None)),
        ("38263-0", body_site(code="29627003"), ("femoral_neck", None)),
        ("38263-0", body_site(code="29627003:272741003=24028007"), ("femoral_neck", "right")),
        ("38263-0", body_site(code="71341001:272741003=7771000"), ("femoral_neck", "left")),
        ("38264-8", body_site("Neck of left femur"), ("femoral_neck", "left")),
        ("38264-8", body_site("mean of both hips"), ("total_hip", "mean")),
        ("38265-5", body_site("left radius 1/3"), ("radius_33", "left")),
        ("80943-4", body_site("33% radius"), ("radius_33", "right")),
    ],
)
def test_sites_and_sides(code: str, site: dict[str, Any] | None, expected: tuple[str, str | None]) -> None:
    found = only_site(read(patient(), observation(code, -1.4, bodySite=site)))
    assert (found.site, found.side) == expected


def test_a_code_for_any_site_takes_it_from_the_body_site() -> None:
    found = only_site(read(patient(), observation(ANY_BMD, 0.9, "g/cm2", bodySite=body_site("Lumbar spine L1-L4"))))
    assert found.site == "lumbar_spine"
    assert found.vertebrae == ("L1", "L2", "L3", "L4")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.912, "g/cm2", 0.912),
        (0.912, "g/cm-2", 0.912),
        (0.912, "g/cm^2", 0.912),
        (0.912, "g/cm²", 0.912),
        (0.912, "g.cm-2", 0.912),
        (912, "mg/cm2", 0.912),
        (912.4, "mg/cm²", 0.9124),
    ],
)
def test_units_of_density(value: float, unit: str, expected: float) -> None:
    assert only_site(read(patient(), observation(SPINE_BMD, value, unit))).bmd_g_cm2 == expected


@pytest.mark.parametrize("unit", ["1", "{T-score}", "{score}", "SD", "T-Score", "", None])
def test_units_of_a_score(unit: str | None) -> None:
    quantity = {"value": -1.4} | ({"unit": unit} if unit is not None else {})
    assert only_site(read(patient(), observation(HIP_T, 0, valueQuantity=quantity))).t_score == -1.4


def test_components_and_several_days() -> None:
    parts = [
        {key: observation(code, value, unit)[key] for key in ("code", "valueQuantity")}
        for code, value, unit in (("38261-4", 0.81, "g/cm2"), (HIP_T, -1.1, "1"))
    ]
    whole = observation("83311-1", 0, valueQuantity=None, component=parts, effectiveDateTime="2022-01-31")
    result = read(patient(), whole, observation(HIP_T, -1.4))
    assert [scan.date.isoformat() for scan in result.person.scans] == ["2022-01-31", "2026-02-03"]
    first = result.person.scans[0].sites[0]
    assert (first.bmd_g_cm2, first.t_score) == (0.81, -1.1)
    assert result.person.age_years == pytest.approx(61.7, abs=0.01)


def test_preliminary_results_notes_and_strange_elements() -> None:
    result = read(patient(), observation(HIP_T, -1.4, status="preliminary", note=[{"text": "rotated"}], bodysite={}))
    assert only_site(result).t_score == -1.4
    assert any("not final (preliminary)" in line for line in result.warnings)
    assert "a result's note" in reasons(result)
    assert "'bodysite'" in reasons(result)


@pytest.mark.parametrize(
    ("resource", "where", "problem", "mend"),
    [
        (observation(SPINE_BMD, 0.9, "gm/cm2"), "valueQuantity.code", "'gm/cm2' is not a unit", "g/cm2, g/cm-2"),
        (observation(SPINE_BMD, 9, "kg/m2"), "valueQuantity.code", "'kg/m2' is not a unit", "g/cm2"),
        (
            observation(SPINE_BMD, 0, valueQuantity={"value": 0.9, "unit": "gm/cm2"}),
            "valueQuantity.unit",
            "'gm/cm2' is not a unit",
            "g/cm2",
        ),
        (observation(SPINE_BMD, 0, valueQuantity={"value": 0.9}), "valueQuantity.unit", "has no unit", "g/cm2"),
        (
            observation(SPINE_BMD, 0, valueQuantity={"value": 0.9, "unit": "mg/cm2", "code": "g/cm2"}),
            "valueQuantity.unit",
            "unit says 'mg/cm2' and code says 'g/cm2'",
            "agree",
        ),
        (observation(HIP_T, 0.9, "g/cm2"), "valueQuantity.code", "is a unit of bone density", "{T-score}"),
        (observation(SPINE_BMD, -1.4, "1"), "valueQuantity.code", "is the unit of a score", "g/cm2"),
        (
            observation("85394-5", 0, valueQuantity={"value": -1, "unit": "T-Score", "code": "1"}),
            "valueQuantity.unit",
            "'T-Score' is not a unit that is read for a Z-score",
            "{Z-score}",
        ),
        (observation(HIP_T, 18), "valueQuantity.value", "outside the plausible range", "-1.8 or 1.8"),
        (observation(SPINE_BMD, -0.9, "g/cm2"), "valueQuantity.value", "outside the plausible", "positive number"),
        (observation(SPINE_BMD, 912, "g/cm2"), "valueQuantity.value", "outside the plausible", "0.912"),
        (observation("29463-7", 611, "kg"), "valueQuantity.value", "must be at most 300", ""),
        (observation("62292-8", 5000, "nmol/L"), "valueQuantity.value", "must be at most 500", ""),
        (observation(HIP_T, "low"), "valueQuantity.value", "expected a number, found text", "FHIR R4"),
        (observation(HIP_T, True), "valueQuantity.value", "expected a number, found true", "FHIR R4"),
        (observation(HIP_T, -1, valueQuantity=[]), "valueQuantity", "expected an object", "FHIR R4"),
        (observation(HIP_T, -1, code=[]), "code", "expected an object in curly brackets, found a list", "FHIR R4"),
        (observation(HIP_T, -1, status=1), "status", "expected text, found a number", "FHIR R4"),
        (observation(ANY_BMD, 0.9, "g/cm2"), "bodySite", "gives a value without a site", "Add bodySite"),
        (observation("38267-1", -1, bodySite=body_site("left hip")), "bodySite", "different regions", "agree"),
        (observation("80946-7", -1, bodySite=body_site("right hip")), "bodySite", "different sides", "agree"),
        (observation(HIP_T, -1, effectiveDateTime="2126-01-01"), "effectiveDateTime", "lies in the future", "Correct"),
        (observation(HIP_T, -1, effectiveDateTime="03.02.2026"), "effectiveDateTime", "is not a date", "YYYY-MM-DD"),
        (observation(HIP_T, -1, effectiveDateTime="2026-02-30"), "effectiveDateTime", "not in the calendar", "YYYY"),
        (
            observation(HIP_T, -1, effectiveDateTime="2026-02"),
            "effectiveDateTime",
            "only the month or year",
            "full day",
        ),
        (observation(HIP_T, -1, effectiveDateTime=None), "effectiveDateTime", "the day of the examination", "full day"),
    ],
)
def test_a_result_that_cannot_be_used(resource: dict[str, Any], where: str, problem: str, mend: str) -> None:
    error = refusal(patient(), resource)
    assert error.where == f"b.json: entry[1].resource.{where}"
    assert problem in error.problem
    assert mend in str(error)


def test_results_that_contradict_each_other() -> None:
    assert (
        "two different results for the total hip T-score"
        in refusal(patient(), observation(HIP_T, -1.4), observation(HIP_T, -1.9)).problem
    )
    result = read(patient(), observation(HIP_T, -1.4), observation(HIP_T, -1.9, status="preliminary"))
    assert only_site(result).t_score == -1.4
    assert "a preliminary total hip T-score" in reasons(result)
    assert "says the same" in reasons(read(patient(), observation(HIP_T, -1.4), observation(HIP_T, -1.4)))
    two = {"coding": [{"system": "http://loinc.org", "code": one} for one in (HIP_T, "38267-1")]}
    assert "name different DXA results" in refusal(patient(), observation(HIP_T, -1, code=two)).problem


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (observation(HIP_T, -3, status="entered-in-error"), "entered in error"),
        (observation(HIP_T, -3, status="cancelled"), "cancelled"),
        (observation(HIP_T, -3, status="registered"), "no result is available yet"),
        (observation(HIP_T, -3, modifierExtension=[{"url": "x"}]), "changes its meaning"),
        (observation(HIP_T, -3, focus=[{"reference": "Patient/p3"}]), "its focus is not the patient"),
        (observation(HIP_T, 0, valueQuantity=None, dataAbsentReason={"text": "artefact"}), "the value is missing"),
        (observation(HIP_T, 0, valueQuantity={"unit": "1"}), "the value is missing"),
        (observation(HIP_T, 0, valueQuantity=None, valueString="-3"), "not a valueQuantity"),
        (observation(HIP_T, 0, valueQuantity=None), "it has no value"),
        (observation(HIP_T, 0, valueQuantity={"value": -3, "comparator": "<"}), "only a limit"),
        (observation("38265-5", -3), "nothing says that it is the 33 % radius"),
        (observation("38266-3", -3), "not one by which bone density is classified"),
        (observation(FEMUR_T, -3, bodySite=body_site("Trochanter")), "not one by which"),
        (observation("8867-4", 60, "/min"), "its code is not one that Osteon reads"),
        (observation("2731-8", 60, "mIU/L"), "is not a unit that is read"),
        (observation("72166-2", 0, valueQuantity=None), "the answer is not never, former or current"),
        ({"resourceType": "Condition"}, "not one of the conditions that Osteon reads"),
        ({"resourceType": "MedicationStatement"}, "it has no name"),
        ({"resourceType": "Practitioner"}, "does not read this type"),
    ],
)
def test_what_is_not_read_is_listed(resource: dict[str, Any], reason: str) -> None:
    result = read(patient(), observation("38267-1", -1.1), resource)
    assert only_site(result).site == "lumbar_spine"
    listed = [one for one in result.ignored if one.where.startswith("entry[2].resource")]
    assert len(listed) == 1
    assert reason in listed[0].reason
