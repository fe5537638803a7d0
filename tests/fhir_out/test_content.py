"""What an exported Bundle says, what it does not say, and that broken codes are found."""

from __future__ import annotations

import copy
import datetime as dt
import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from osteon import __version__
from osteon.densitometry import assess
from osteon.errors import UsageError
from osteon.evidence import table
from osteon.exchange import person_from_json, read_person
from osteon.exchange.fhir_out import check_bindings, export_fhir, fhir_bundle
from osteon.person import Person
from osteon.risk.qfracture2012 import DISCLAIMER

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"


def of_type(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def code_of(concept: dict[str, Any], system: str) -> str | None:
    return next((one["code"] for one in concept.get("coding", []) if one["system"] == system), None)


def observed(bundle: dict[str, Any], system: str, code: str) -> dict[str, Any]:
    (found,) = (one for one in of_type(bundle, "Observation") if code_of(one["code"], system) == code)
    return found


@pytest.fixture
def fuller(examples: Path) -> Person:
    """The example with low bone mass."""
    return read_person(examples / "fuller.json").person


def with_history(**history: Any) -> Person:
    """A woman of 72 whose hip decides."""
    scan = {"date": "2024-03-02", "sites": [{"site": "total_hip", "side": "left", "bmd_g_cm2": 0.6, "t_score": -2.7}]}
    return Person.model_validate({"sex": "female", "age_years": 72, "history": history, "scans": [scan]})


def test_hl7s_dxa_report_comes_back_equal_after_export(examples: Path) -> None:
    person = read_person(examples / "hl7_dxa_bundle.json").person
    text = export_fhir(person)
    Bundle.model_validate(json.loads(text))
    assert check_bindings(json.loads(text)) == []
    assert person_from_json(json.loads(text), "b").person == person
    assert "Baxter" not in text


@pytest.mark.parametrize(
    "name", ["fuller", "minimal", "man_under_50", "vendor_ge_p1", "nhanes_110779", "nhanes_122612"]
)
def test_the_example_persons_come_back_equal(examples: Path, name: str) -> None:
    person = read_person(examples / f"{name}.json").person
    bundle = fhir_bundle(person)
    Bundle.model_validate(bundle)
    assert check_bindings(bundle) == []
    assert person_from_json(bundle, "b").person == person


def test_a_left_neck_has_its_codes(examples: Path) -> None:
    """LOINC 80954-1, DXA Femur - left [Mass/Area] (OHDSI Themis list); SNOMED CT 29627003 with the side as HL7 does."""
    bundle = fhir_bundle(read_person(examples / "hl7_dxa_bundle.json").person)
    neck = observed(bundle, LOINC, "80954-1")
    assert neck["valueQuantity"] == {
        "value": 0.631,
        "unit": "g/cm2",
        "system": "http://unitsofmeasure.org",
        "code": "g/cm2",
    }
    assert neck["bodySite"]["text"] == "Left femoral neck"
    assert code_of(neck["bodySite"], SNOMED) == "29627003:272741003=7771000"
    assert neck["effectiveDateTime"] == "2021-11-10"
    report = of_type(bundle, "DiagnosticReport")[0]
    assert code_of(report["code"], LOINC) == "83311-1"
    assert len(report["result"]) == 6


def test_a_molar_value_has_a_molar_code(fuller: Person) -> None:
    vitamin = observed(fhir_bundle(fuller), LOINC, "14635-7")
    assert (vitamin["valueQuantity"]["value"], vitamin["valueQuantity"]["code"]) == (48.0, "nmol/L")
    assert "Moles/volume" in vitamin["code"]["coding"][0]["display"]


def test_the_patient_has_no_name(fuller: Person) -> None:
    (patient,) = of_type(fhir_bundle(fuller), "Patient")
    assert not {"name", "telecom", "address", "photo", "contact"} & set(patient)


def test_a_disease_that_is_absent_is_no_condition() -> None:
    bundle = fhir_bundle(with_history(rheumatoid_arthritis=False, dementia=True, diabetes="none"))
    named = {code_of(one["code"], SNOMED) for one in of_type(bundle, "Condition")}
    assert named == {"52448006", "64859006"}  # dementia, and what the scan says
    assert "69896004" not in json.dumps(bundle)  # rheumatoid arthritis
    absent = observed(bundle, "urn:osteon:fhir:field", "history.rheumatoid_arthritis")
    assert absent["valueBoolean"] is False


def test_a_score_that_osteon_computed_is_not_written_as_printed() -> None:
    site = {"site": "femoral_neck", "bmd_g_cm2": 0.642}
    scan = {"date": "2024-03-02", "device": "Hologic", "sites": [site]}
    person = Person.model_validate({"sex": "female", "age_years": 72, "scans": [scan]})
    assert assess(person).sites[0].t_score is not None
    bundle = fhir_bundle(person)
    assert [code_of(one["code"], LOINC) for one in of_type(bundle, "Observation")] == ["24701-5", "30525-0"]
    assert of_type(bundle, "DiagnosticReport")[0]["conclusion"] == assess(person).reason


def test_the_diagnosis_is_provisional_and_only_densitometrys() -> None:
    def diagnosis(person: Person) -> dict[str, Any]:
        (found,) = (one for one in of_type(fhir_bundle(person), "Condition") if "evidence" in one)
        return found

    plain = diagnosis(with_history(previous_fragility_fracture=False))
    assert code_of(plain["code"], "http://hl7.org/fhir/sid/icd-10-cm") == "M81.0"
    assert plain["verificationStatus"]["coding"][0]["code"] == "provisional"
    assert plain["bodySite"][0]["text"] == "Left total hip"
    broken = diagnosis(with_history(fragility_fracture_sites=["spine"]))
    assert code_of(broken["code"], SNOMED) == "64859006"
    assert code_of(broken["code"], "http://hl7.org/fhir/sid/icd-10-cm") is None  # M81.0 says: no current fracture
    young = Person.model_validate({"sex": "male", "age_years": 40, "scans": with_history().model_dump()["scans"]})
    assert not of_type(fhir_bundle(young), "Condition")


def test_risks_carry_their_notice_and_what_was_missing(fuller: Person) -> None:
    found = {one["method"]["text"]: one for one in of_type(fhir_bundle(fuller), "RiskAssessment")}
    assert set(found) == {"QFracture-2012", "Osteon open fracture model", "FRAX, typed in"}
    assert found["QFracture-2012"]["note"] == [{"text": DISCLAIMER}]
    both = found["QFracture-2012"]["prediction"]
    assert [one["outcome"]["coding"][0]["code"] for one in both] == ["major_osteoporotic", "hip"]
    assert "Not recorded: " in both[0]["rationale"]
    scan = next(one["fullUrl"] for one in fhir_bundle(fuller)["entry"] if one["resource"].get("conclusion"))
    rests_on_scan = {tool: {"reference": scan} in one["basis"] for tool, one in found.items() if "FRAX" not in tool}
    assert rests_on_scan == {"QFracture-2012": False, "Osteon open fracture model": True}
    assert 0 < both[1]["probabilityDecimal"] < both[0]["probabilityDecimal"] < 100
    nobody = Person(sex="female", age_years=40)
    assert not of_type(fhir_bundle(nobody), "RiskAssessment")  # no tool can answer, so nothing is said


def test_a_typed_in_frax_result_keeps_its_country_and_is_not_osteons() -> None:
    frax = {"date": "2024-01-31", "country": "Sweden", "with_bmd": True, "hip_percent": 3.1}
    bundle = fhir_bundle(Person.model_validate({"sex": "female", "age_years": 70, "frax": frax}))
    (entered,) = (one for one in of_type(bundle, "RiskAssessment") if "FRAX" in one["method"]["text"])
    assert "performer" not in entered
    assert entered["prediction"][0]["probabilityDecimal"] == 3.1
    assert "Sweden" in entered["note"][0]["text"]


def test_what_comes_next_is_only_proposed(fuller: Person) -> None:
    bundle = fhir_bundle(fuller.model_copy(update={"frax": None}))
    assert {(one["status"], one["intent"]) for one in of_type(bundle, "ServiceRequest")} == {("draft", "proposal")}
    scan = of_type(bundle, "ServiceRequest")[0]
    assert scan["code"]["coding"][0]["code"] == "312681000"
    assert scan["occurrenceDateTime"] == "2028-03"  # two years after 2026-03-02 (ACOG 2022), and no day is pretended
    (appointment,) = of_type(bundle, "Appointment")
    assert appointment["status"] == "proposed"
    assert not {"start", "end"} & set(appointment)


def test_provenance_names_version_evidence_and_only_a_given_time(fuller: Person) -> None:
    (without,) = of_type(fhir_bundle(fuller), "Provenance")
    assert "recorded" not in without
    moment = dt.datetime(2026, 3, 3, 9, 30, tzinfo=dt.UTC)
    bundle = fhir_bundle(fuller, recorded=moment)
    (provenance,) = of_type(bundle, "Provenance")
    assert provenance["recorded"] == bundle["timestamp"] == "2026-03-03T09:30:00+00:00"
    assert any("QFracture" in one["what"]["display"] for one in provenance["entity"])
    software = next(one for one in bundle["entry"] if one["fullUrl"] == provenance["agent"][0]["who"]["reference"])
    assert software["resource"]["version"] == [{"value": __version__}]
    Bundle.model_validate(bundle)
    with pytest.raises(UsageError, match="no time zone"):
        fhir_bundle(fuller, recorded=dt.datetime(2026, 3, 3))  # noqa: DTZ001 - that is what is refused


def test_treatments_say_what_they_are() -> None:
    treatments = [
        {"therapy": "denosumab", "start": "2020-01-01", "stop": "2021-01-01"},
        {"therapy": "zoledronate"},
        {"therapy": "msc_marrow", "start": "2022-05-01"},
        {"therapy": "none"},
    ]
    bundle = fhir_bundle(Person.model_validate({"sex": "female", "age_years": 70, "treatments": treatments}))
    ended, going_on = of_type(bundle, "MedicationStatement")
    rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm"
    assert (ended["status"], ended["effectivePeriod"]["end"]) == ("completed", "2021-01-01")
    assert code_of(ended["medicationCodeableConcept"], rxnorm) == "993449"
    assert (going_on["status"], "effectivePeriod" in going_on) == ("active", False)
    assert [one["status"] for one in of_type(bundle, "Procedure")] == ["in-progress", "not-done"]


def test_a_medicine_has_a_standard_code_only_where_one_was_read(fuller: Person) -> None:
    """The others go by their name and Osteon's own code."""
    medicines = ("alendronate", "risedronate", "ibandronate", "raloxifene", "zoledronate", "denosumab")
    treatments = [{"therapy": name} for name in medicines]
    person = Person.model_validate({**fuller.model_dump(), "treatments": treatments})
    rows = [row for row in table("fhir_record_codes.csv") if row["use"] == "therapy"]
    assert {row["status"] for row in rows} == {"read"}
    written = {one["code"] for one in codings(fhir_bundle(person)) if "rxnorm" in one["system"]}
    assert written == {row["code"] for row in rows} == {"46041", "77655", "993449"}


def codings(node: Any) -> list[dict[str, Any]]:
    """Every coding in a Bundle."""
    if isinstance(node, dict):
        own = [node] if {"system", "code"} <= set(node) else []
        return own + [one for value in node.values() for one in codings(value)]
    return [one for item in node for one in codings(item)] if isinstance(node, list) else []


# Required bindings


def changed(bundle: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """A copy of a Bundle with one element changed, or removed when the value is none."""
    whole = copy.deepcopy(bundle)
    node = whole
    for step in path[:-1]:
        node = node[step]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return whole


def test_a_broken_code_of_every_bound_element_is_found(fuller: Person) -> None:
    person = Person.model_validate(
        {
            **fuller.model_dump(),
            "treatments": [{"therapy": "denosumab"}, {"therapy": "exercise"}],
        }
    )
    bundle = fhir_bundle(person)
    assert check_bindings(bundle) == []
    tried = set()
    for number, entry in enumerate(bundle["entry"]):
        kind = entry["resource"]["resourceType"]
        for key in ("status", "intent", "gender", "clinicalStatus", "verificationStatus"):
            if key in entry["resource"]:
                tried.add(f"{kind}.{key}")
                path = ("entry", number, "resource", key)
                bad: Any = {"coding": [{"system": "http://example.org", "code": "active"}]}
                bad = bad if isinstance(entry["resource"][key], dict) else "Final"
                (problem,) = check_bindings(changed(bundle, path, bad))
                assert problem.where == f"entry[{number}].resource.{key}"
    assert tried == {
        "Appointment.status",
        "Condition.clinicalStatus",
        "Condition.verificationStatus",
        "DiagnosticReport.status",
        "FamilyMemberHistory.status",
        "MedicationStatement.status",
        "Observation.status",
        "Patient.gender",
        "Procedure.status",
        "RiskAssessment.status",
        "ServiceRequest.intent",
        "ServiceRequest.status",
    }


def test_missing_elements_and_dangling_references_are_found(fuller: Person) -> None:
    bundle = fhir_bundle(fuller)
    assert check_bindings(changed(bundle, ("type",), "list"))[0].where == "Bundle.type"
    assert "required and missing" in check_bindings(changed(bundle, ("type",), None))[0].problem
    number = next(i for i, one in enumerate(bundle["entry"]) if one["resource"]["resourceType"] == "Observation")
    (missing,) = check_bindings(changed(bundle, ("entry", number, "resource", "status"), None))
    assert missing.where == f"entry[{number}].resource.status"
    loose = changed(bundle, ("entry", number, "resource", "subject", "reference"), "urn:uuid:0")
    assert "not an entry" in check_bindings(loose)[0].problem
    twice = changed(bundle, ("entry", 1, "fullUrl"), bundle["entry"][2]["fullUrl"])
    assert any("stands twice" in one.problem for one in check_bindings(twice))
    limit = changed(bundle, ("entry", number, "resource", "valueQuantity", "comparator"), "~")
    assert check_bindings(limit)[0].where.endswith("valueQuantity.comparator")
    used = changed(bundle, ("entry", 0, "resource", "identifier"), [{"use": "mine", "value": "1"}])
    assert check_bindings(used)[0].where.endswith("identifier[0].use")


def test_the_table_of_required_codes_agrees_with_another_reading_of_r4() -> None:
    """fhir.resources names the codes of most required bindings in its models (``+`` stands for: and more)."""
    compared = 0
    for row in table("fhir_required_bindings.csv"):
        kind, *path = row["path"].split(".")
        if kind == "*" or row["system"]:
            continue
        module = importlib.import_module(f"fhir.resources.R4B.{kind.lower()}")
        name = kind if len(path) == 1 else kind + "".join(step[0].upper() + step[1:] for step in path[:-1])
        field = getattr(module, name).model_fields[path[-1]]
        listed = set((field.json_schema_extra or {}).get("enum_values", []))
        if not listed:
            continue
        compared += 1
        ours = set(row["codes"].split())
        assert listed - {"+"} <= ours, row["path"]
        assert "+" in listed or ours == listed, row["path"]
    assert compared >= 12


def test_a_better_scan_does_not_write_osteopenia_over_osteoporosis() -> None:
    def someone(earlier: float, **fields: Any) -> dict[str, Any]:
        days = (("2020-03-02", earlier), ("2024-03-02", -2.1))
        scans = [{"date": day, "sites": [{"site": "total_hip", "t_score": score}]} for day, score in days]
        record = {"sex": "female", "age_years": 72, "menopause_age_years": 50, "scans": scans, **fields}
        return fhir_bundle(Person.model_validate(record))

    (kept,) = of_type(someone(-2.7), "Condition")
    assert kept["code"]["text"] == "Osteoporosis"
    assert "2020-03-02" in kept["note"][0]["text"]
    assert "AACE" in kept["note"][0]["text"]
    (man,) = of_type(someone(-2.7, sex="male", menopause_age_years=None), "Condition")
    assert man["code"]["text"] == "Osteoporosis"
    assert "AACE" not in man["note"][0]["text"]  # that guideline speaks of women
    (other,) = of_type(someone(-2.2), "Condition")
    assert other["code"]["text"] == "Osteopenia (low bone mass)"


def test_no_scan_is_proposed_where_treatment_is_to_be_decided_first(fuller: Person) -> None:
    def proposed(person: Person) -> list[str]:
        return [one["code"]["text"] for one in of_type(fhir_bundle(person), "ServiceRequest")]

    assert proposed(with_history()) == ["Consultation about bone health"]
    assert proposed(fuller) == ["Consultation about bone health"]  # its FRAX result counts as osteoporosis
    assert "Bone-density scan" in proposed(fuller.model_copy(update={"frax": None}))
