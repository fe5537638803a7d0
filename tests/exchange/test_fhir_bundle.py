"""Whole FHIR files: Bundles, separate resources, reports and devices, references, and what is no person."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from fhir_reading import only_site, read, reasons
from fhir_resources import HIP_T, bundle, observation, patient

from osteon.errors import InputError
from osteon.exchange import person_from_json, read_fhir_resources, read_person


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
