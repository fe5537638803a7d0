"""Every resource type of the clinic, both ways: what the export writes of it, and what the reader takes from it."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.errors import InputError
from osteon.exchange import ReadPerson, person_from_json
from osteon.exchange.fhir_out import check_bindings, fhir_bundle
from osteon.person import Person

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex"
ME = {"reference": "Patient/p1"}

# type | elements that FHIR R4 requires of it, each by its own name or by what stands in its place
WRITTEN = {
    "Patient": (),
    "Observation": ("status", "code"),
    "DiagnosticReport": ("status", "code"),
    "Condition": ("subject",),
    "MedicationStatement": ("status", "medicationCodeableConcept", "subject"),
    "FamilyMemberHistory": ("status", "patient", "relationship"),
    "RiskAssessment": ("status", "subject"),
    "ServiceRequest": ("status", "intent", "subject"),
    "Appointment": ("status", "participant"),
    "Provenance": ("target", "_recorded", "agent"),
}


def full_person() -> Person:
    """Somebody of whom every type is written."""
    return Person.model_validate(
        {
            "id": "p1",
            "sex": "female",
            "age_years": 66,
            "height_cm": 163,
            "weight_kg": 61,
            "history": {"parent_hip_fracture": True, "rheumatoid_arthritis": True, "smoking": "former"},
            "treatments": [{"therapy": "alendronate", "start": "2024-01-01"}],
            "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "bmd_g_cm2": 0.62, "t_score": -2.1}]}],
        }
    )


@pytest.mark.parametrize("kind", WRITTEN)
def test_the_export_writes_each_type_with_what_fhir_requires(kind: str) -> None:
    bundle = fhir_bundle(full_person())
    found = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]
    assert found
    for resource in found:
        assert set(WRITTEN[kind]) <= set(resource)
    assert check_bindings(bundle) == []


def test_no_prescription_is_ever_written() -> None:
    kinds = {one["resource"]["resourceType"] for one in fhir_bundle(full_person())["entry"]}
    assert "MedicationRequest" not in kinds


def test_the_whole_export_comes_back_and_the_rest_is_listed() -> None:
    person = full_person()
    result = person_from_json(fhir_bundle(person), "b.json")
    assert result.person == person
    left = {one.what: one.reason for one in result.ignored}
    assert "what is proposed" in left["ServiceRequest"]
    assert "what is proposed" in left["Appointment"]
    assert "who wrote" in left["Provenance"]
    assert "computed anew" in left["a risk that was computed"]


def read(*resources: dict[str, Any], **patient: Any) -> ReadPerson:
    who = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1964-05-20", **patient}
    scan = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "38264-8"}]},
        "subject": ME,
        "effectiveDateTime": "2024-02-03",
        "valueQuantity": {"value": -1.4, "code": "1"},
    }
    entries = [{"resource": {k: v for k, v in one.items() if v is not None}} for one in (who, scan, *resources)]
    return person_from_json({"resourceType": "Bundle", "type": "collection", "entry": entries}, "b.json")


def order(kind: str, reference: str, **changes: Any) -> dict[str, Any]:
    intent = {"intent": "order"} if kind == "MedicationRequest" else {}
    pointer = {"reference": reference}
    return {
        "resourceType": kind,
        "status": "active",
        **intent,
        "subject": ME,
        "medicationReference": pointer,
        **changes,
    }


MEDICATION = {
    "resourceType": "Medication",
    "id": "m1",
    "code": {"coding": [{"system": RXNORM, "code": "904430", "display": "alendronic acid 70 MG"}]},
}


@pytest.mark.parametrize("kind", ["MedicationRequest", "MedicationStatement"])
def test_a_medicine_that_stands_in_a_medication_of_its_own_is_read(kind: str) -> None:
    apart = read(order(kind, "Medication/m1"), MEDICATION)
    absolute = read(order(kind, "https://ehr.example/fhir/Medication/m1/_history/2"), MEDICATION)
    inside = read(order(kind, "#m1", contained=[MEDICATION]))
    named = read(order(kind, "Medication/elsewhere") | {"medicationReference": {"reference": "x", "display": "Prolia"}})
    for result, therapy in ((apart, "alendronate"), (absolute, "alendronate"), (inside, "alendronate")):
        assert [one.therapy for one in result.person.treatments] == [therapy]
        assert not any("Medication" in one.what for one in result.ignored)
    assert [one.therapy for one in named.person.treatments] == ["denosumab"]


def test_a_medication_that_the_file_does_not_hold_is_listed() -> None:
    result = read(order("MedicationRequest", "Medication/m9"))
    assert result.person.treatments == ()
    assert any("points to a Medication that the file does not hold" in one.reason for one in result.ignored)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("ServiceRequest", "proposed, ordered or booked"),
        ("Appointment", "proposed, ordered or booked"),
        ("Provenance", "who wrote a resource"),
        ("MedicationDispense", "handed out"),
        ("Immunization", "does not read this type"),
    ],
)
def test_what_the_record_has_no_place_for_is_listed_with_the_reason(kind: str, reason: str) -> None:
    result = read({"resourceType": kind, "status": "active", "subject": ME})
    assert [one.reason for one in result.ignored if one.what == kind and reason in one.reason]


def test_a_patient_without_gender_is_refused_with_what_to_write() -> None:
    for patient in ({"gender": None}, {"gender": "unknown"}):
        with pytest.raises(InputError) as refusal:
            read(**patient)
        assert refusal.value.where == "b.json: entry[0].resource.gender"
        assert '"gender": "female"' in refusal.value.mend
        assert SEX in refusal.value.mend
        assert "248152002 (female)" in refusal.value.mend


@pytest.mark.parametrize(("code", "sex"), [("248152002", "female"), ("248153007", "male")])
def test_what_that_message_says_works(code: str, sex: str) -> None:
    result = read(gender=None, extension=[{"url": SEX, "valueCode": code}])
    assert result.person.sex == sex
    assert any("sex read as" in line for line in result.warnings)
