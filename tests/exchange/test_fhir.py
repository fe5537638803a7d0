"""FHIR R4 into a person: what is read, what is refused with place and mend, what is listed as not read."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from fhir_resources import (
    ANY_BMD,
    FEMUR_T,
    HIP_T,
    SPINE_BMD,
    body_site,
    bundle,
    observation,
    patient,
)

from osteon.errors import InputError
from osteon.exchange import ReadPerson, person_from_json, read_fhir_resources, read_person
from osteon.person import SiteMeasurement


def read(*resources: dict[str, Any], **changes: Any) -> ReadPerson:
    """Read a Bundle of the resources."""
    return person_from_json(bundle(*resources, **changes), "b.json")


def refusal(*resources: dict[str, Any], **changes: Any) -> InputError:
    """The error of reading a Bundle of the resources."""
    with pytest.raises(InputError) as caught:
        read(*resources, **changes)
    assert caught.value.exit_code == 3
    assert caught.value.mend
    return caught.value


def only_site(result: ReadPerson) -> SiteMeasurement:
    """The one site of the one scan."""
    (scan,) = result.person.scans
    (site,) = scan.sites
    return site


def reasons(result: ReadPerson) -> str:
    """All that was not read, as text."""
    return "\n".join(f"{one.where}|{one.what}|{one.reason}" for one in result.ignored)


# What is read


def test_hl7s_own_dxa_report(examples: Path) -> None:
    """Numbers as in HL7/US-Core input/examples/dxa-*.json."""
    result = read_person(examples / "hl7_dxa_bundle.json")
    assert result.format == "fhir"
    assert result.person.sex == "female"
    assert result.person.birth_date == dt.date(1987, 2, 20)
    assert result.person.age_years == pytest.approx(34.72, abs=0.01)
    (scan,) = result.person.scans
    assert scan.date == dt.date(2021, 11, 10)
    found = {(one.site, one.side): (one.bmd_g_cm2, one.t_score, one.z_score) for one in scan.sites}
    assert found == {
        ("total_hip", "left"): (0.734, -1.62, -0.19),
        ("femoral_neck", "left"): (0.631, -1.48, 0.05),
    }
    assert any("not which part of it" in line for line in result.warnings)
    assert "presentedForm" in reasons(result)
    assert "details that name a person" in reasons(result)
    assert "Baxter" not in result.person.model_dump_json() + "".join(result.remarks)


def test_the_same_resources_in_separate_files(examples: Path, tmp_path: Path) -> None:
    whole = json.loads((examples / "hl7_dxa_bundle.json").read_text("utf-8"))
    paths: list[str | Path] = []
    for i, entry in enumerate(whole["entry"]):
        path = tmp_path / f"{i}.json"
        path.write_text(json.dumps(entry["resource"]), encoding="utf-8")
        paths.append(path)
    assert read_fhir_resources(paths).person == read_person(examples / "hl7_dxa_bundle.json").person
    with pytest.raises(InputError, match="there is no Patient"):
        read_fhir_resources(paths[1:])
    with pytest.raises(InputError, match="no file was given"):
        read_fhir_resources([])


def test_a_report_that_contains_its_patient_and_results() -> None:
    inner = observation(HIP_T, -1.4, id="o1", subject={"reference": "#p1"})
    report = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "contained": [patient(), inner],
        "result": [{"reference": "#o1"}],
        "subject": {"reference": "#p1"},
    }
    result = person_from_json(report, "report.json")
    assert only_site(result).t_score == -1.4
    assert not result.ignored


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


def test_body_size_laboratory_values_and_smoking() -> None:
    smoking = observation(
        "72166-2",
        0,
        valueQuantity=None,
        valueCodeableConcept={"coding": [{"system": "http://snomed.info/sct", "code": "8517006"}]},
    )
    result = read(
        patient(),
        observation(HIP_T, -1.4),
        observation("8302-2", 64, "[in_i]"),
        observation("29463-7", 61.2, "kg"),
        observation("39156-5", 23.2, "kg/m2"),
        observation("62292-8", 20, "ng/mL"),
        observation("17861-6", 9.6, "mg/dL"),
        observation("2731-8", 50, "pg/mL"),
        observation("3016-3", 2.1, "m[IU]/L"),
        observation("98979-8", 78, "mL/min/{1.73_m2}"),
        observation("41171-0", 0.52, "ug/L"),
        smoking,
    )
    person = result.person
    assert person.height_cm == pytest.approx(162.56)
    assert person.weight_kg == 61.2
    assert person.bmi_kg_m2 is None
    assert "it follows from height and weight" in reasons(result)
    assert person.labs.model_dump(exclude_none=True) == {
        "vitamin_d_nmol_l": 50.0,
        "calcium_mmol_l": 2.4,
        "pth_pmol_l": 5.3,
        "tsh_miu_l": 2.1,
        "egfr_ml_min": 78.0,
        "ctx_ng_l": 520.0,
    }
    assert person.history.smoking == "former"


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


def test_the_latest_weight_counts_and_the_earlier_one_is_listed() -> None:
    result = read(
        patient(),
        observation(HIP_T, -1.4),
        observation("29463-7", 70, "kg", effectiveDateTime="2019-01-01"),
        observation("29463-7", 61, "kg", effectiveDateTime="2026-01-01"),
    )
    assert result.person.weight_kg == 61
    assert "entry[2].resource|an earlier value of weight_kg|a later one stands in the file" in reasons(result)


@pytest.mark.parametrize("born", ["1964-05-20", "1964-05", "1964-02-29"])
def test_a_childs_body_sizes_in_an_adults_chart_are_listed_and_never_read(born: str) -> None:
    at_school = {"effectiveDateTime": "1969-09-01"}
    result = read(
        patient(birthDate=born),
        observation(HIP_T, -1.4),
        observation("8302-2", 111.5, "cm", **at_school),
        observation("29463-7", 20.1, "kg", **at_school),
        observation("29463-7", 61, "kg"),
    )
    assert (result.person.height_cm, result.person.weight_kg) == (None, 61)
    assert sum("before the age of 18" in one.reason for one in result.ignored) == 2


def test_an_old_weight_and_a_missing_date_are_warned_about() -> None:
    result = read(
        patient(),
        observation(HIP_T, -1.4),
        observation("29463-7", 70, "kg", effectiveDateTime="2019-01-01"),
        observation("8302-2", 165, "cm", effectiveDateTime=None),
    )
    assert any("more than a year from the latest scan" in line for line in result.warnings)
    assert any("height_cm has no date" in line for line in result.warnings)


def test_partial_birth_dates_are_read_with_a_warning() -> None:
    result = read(patient(birthDate="1964"), observation(HIP_T, -1.4))
    assert result.person.birth_date is None
    assert result.person.age_years == pytest.approx(61.6, abs=0.02)
    assert any("only the year of birth is given" in line for line in result.warnings)
    assert read(patient(birthDate="1964-05"), observation(HIP_T, -1.4)).person.age_years == pytest.approx(
        61.7, abs=0.02
    )


def test_device_report_date_and_death() -> None:
    device = {"resourceType": "Device", "id": "d1", "manufacturer": "GE", "modelNumber": "Lunar iDXA"}
    report = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-02-03",
        "result": [{"reference": "Observation/o1"}, {"reference": "Observation/lost"}],
    }
    result = read(
        patient(deceasedBoolean=True),
        device,
        report,
        observation(HIP_T, -1.4, id="o1", effectiveDateTime=None, device={"reference": "Device/d1"}),
    )
    assert result.person.scans[0].device == "GE Lunar iDXA"
    assert any("the date was taken from entry[2].resource.effectiveDateTime" in line for line in result.warnings)
    assert any("deceased" in line for line in result.warnings)
    assert "Observation/lost" in reasons(result)


def test_references_by_url_and_by_urn() -> None:
    for url, reference in (
        ("https://ehr.example/fhir/Patient/p1", "https://ehr.example/fhir/Patient/p1/_history/3"),
        ("urn:uuid:1f", "urn:uuid:1f"),
    ):
        whole = bundle(patient(), observation(HIP_T, -1.4, subject={"reference": reference}))
        whole["entry"][0]["fullUrl"] = url
        assert only_site(person_from_json(whole, "b.json")).t_score == -1.4


# What is refused


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


def test_sex_from_the_us_core_extension() -> None:
    url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"
    result = read(patient(gender="unknown", extension=[{"url": url, "valueCode": "M"}]), observation(HIP_T, -1.4))
    assert result.person.sex == "male"
    assert any("from the extension" in line for line in result.warnings)
    both = read(patient(gender="male", extension=[{"url": url, "valueCode": "F"}]), observation(HIP_T, -1.4))
    assert both.person.sex == "male"
    assert any("recorded sex is female" in line for line in both.warnings)


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
    ("data", "problem"),
    [
        ({"resourceType": "Medication"}, "a FHIR Medication is not a person"),
        ({"resourceType": 5}, "expected text, found a number"),
        ({"resourceType": ""}, "does not say what it is"),
        ({"resourceType": "Bundle", "type": "collection"}, "holds no resource"),
        ({"resourceType": "Bundle", "type": "history", "entry": []}, "several versions"),
        ({"resourceType": "Bundle", "type": "collection", "entry": {}}, "expected a list"),
        ({"resourceType": "Bundle", "type": "collection", "entry": ["x"]}, "expected an object"),
        ({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {}}]}, "does not say what it is"),
        ({"resourceType": "Observation", "status": "final"}, "there is no Patient"),
    ],
)
def test_a_file_that_is_no_person(data: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError) as caught:
        person_from_json(data, "b.json")
    assert problem in str(caught.value)
    assert caught.value.mend


# What is listed as not read


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
        ({"resourceType": "MedicationStatement"}, "not a bone medicine that Osteon knows"),
        ({"resourceType": "Practitioner"}, "does not read this type"),
    ],
)
def test_what_is_not_read_is_listed(resource: dict[str, Any], reason: str) -> None:
    result = read(patient(), observation("38267-1", -1.1), resource)
    assert only_site(result).site == "lumbar_spine"
    listed = [one for one in result.ignored if one.where.startswith("entry[2].resource")]
    assert len(listed) == 1
    assert reason in listed[0].reason


def test_preliminary_results_notes_and_strange_elements() -> None:
    result = read(patient(), observation(HIP_T, -1.4, status="preliminary", note=[{"text": "rotated"}], bodysite={}))
    assert only_site(result).t_score == -1.4
    assert any("not final (preliminary)" in line for line in result.warnings)
    assert "a result's note" in reasons(result)
    assert "'bodysite'" in reasons(result)


def test_empty_entries_next_pages_and_strange_bundle_types() -> None:
    whole = bundle(patient(), observation(HIP_T, -1.4), type="collektion", link=[{"relation": "next", "url": "x"}])
    whole["entry"] += [{"response": {"status": "204"}}, {"request": {"method": "DELETE", "url": "Observation/1"}}]
    result = person_from_json(whole, "b.json")
    assert len(result.ignored) == 2
    assert len(result.warnings) == 2


def test_no_scan_at_all_is_said() -> None:
    result = read(patient(), observation("29463-7", 61, "kg"))
    assert result.person.scans == ()
    assert any("No bone density measurement was found" in line for line in result.warnings)


def test_remarks_group_what_shares_a_reason() -> None:
    pulses = [observation("8867-4", 60 + i, "/min") for i in range(5)]
    lines = read(patient(), observation("38267-1", -1.1), *pulses).remarks
    assert lines == (
        "Not read: an Observation (8867-4) (entry[2].resource and 4 more): its code is not one that Osteon reads.",
    )


def test_race_is_taken_over_only_when_it_is_plain() -> None:
    def race(*codes: str) -> dict[str, Any]:
        url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
        parts = [{"url": "ombCategory", "valueCoding": {"code": code}} for code in codes]
        return patient(extension=[{"url": url, "extension": parts}])

    assert read(race("2106-3"), observation(HIP_T, -1.4)).person.ethnicity == "white"
    mixed = read(race("2106-3", "2028-9"), observation(HIP_T, -1.4))
    assert mixed.person.ethnicity is None
    assert "race and ethnicity" in reasons(mixed)
