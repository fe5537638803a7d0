"""What the FHIR reader takes from other systems' resources beyond scans, and what it leaves with a reason."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from osteon.errors import InputError
from osteon.exchange import ReadPerson, person_from_json
from osteon.exchange.fhir_out import fhir_bundle
from osteon.person import Person, Treatment
from people import random_person

SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ME = {"reference": "Patient/p1"}


def coded(code: str, system: str = SNOMED, display: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def observation(code: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": code, "subject": ME, **changes}


def hip(day: str = "2024-02-03") -> dict[str, Any]:
    value = {"value": -1.4, "code": "1", "unit": "1"}
    return observation(coded("38264-8", "http://loinc.org"), effectiveDateTime=day, valueQuantity=value)


def read(*resources: dict[str, Any], **patient: Any) -> ReadPerson:
    who = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1964-05-20", **patient}
    who = {key: value for key, value in who.items() if value is not None}
    entries = [{"resource": one} for one in (who, hip(), *resources)]
    return person_from_json({"resourceType": "Bundle", "type": "collection", "entry": entries}, "b.json")


def reasons(result: ReadPerson) -> str:
    return "\n".join(f"{one.what}|{one.reason}" for one in result.ignored)


def condition(code: str, status: str = "active", certainty: str = "confirmed") -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "subject": ME,
        "code": coded(code, display="a disease"),
        "clinicalStatus": {"coding": [{"code": status}]},
        "verificationStatus": {"coding": [{"code": certainty}]},
    }


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("69896004", "rheumatoid_arthritis", True),
        ("55464009", "lupus", True),
        ("44054006", "diabetes", "type2"),
        ("433146000", "chronic_kidney_disease_4_5", True),
        ("13645005", "asthma_copd", True),
        ("445501000124107", "parent_hip_fracture", True),
    ],
)
def test_a_condition_enters_the_history(code: str, field: str, value: object) -> None:
    assert getattr(read(condition(code)).person.history, field) == value


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (condition("69896004", status="resolved"), "its clinical status is resolved"),
        (condition("69896004", certainty="refuted"), "its verification status is refuted"),
        (condition("69896004", certainty="provisional"), "its verification status is provisional"),
        (condition("38341003"), "not one of the conditions that Osteon reads"),
        (condition("312894000"), "made anew from the numbers"),
    ],
)
def test_a_condition_that_does_not_count_is_listed(resource: dict[str, Any], reason: str) -> None:
    result = read(resource)
    assert reason in reasons(result)
    assert result.person.history == Person(sex="female", age_years=60).history


def test_two_types_of_diabetes_leave_it_open() -> None:
    result = read(condition("46635009"), condition("44054006"), condition("46635009"))
    assert result.person.history.diabetes is None
    assert any("contradict each other about diabetes" in line for line in result.warnings)
    assert reasons(result).count("contradict each other") == 2


def family(role: str, **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "FamilyMemberHistory",
        "status": "completed",
        "patient": ME,
        "relationship": coded(role, "http://terminology.hl7.org/CodeSystem/v3-RoleCode"),
        "condition": [{"code": {"text": "Hip fracture"}}, {"code": coded("64859006")}],
        **changes,
    }


def test_a_mothers_hip_fracture() -> None:
    history = read(family("MTH")).person.history
    assert (history.parent_hip_fracture, history.parent_osteoporosis) == (True, True)
    assert "not about a parent" in reasons(read(family("AUNT")))
    assert "its status is entered-in-error" in reasons(read(family("MTH", status="entered-in-error")))
    assert "only a parent's" in reasons(read(family("FTH", condition=[{"code": {"text": "Gout"}}])))
    assert "belongs to another patient" in reasons(read(family("MTH", patient={"reference": "Patient/p2"})))


def statement(status: str, concept: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement",
        "status": status,
        "subject": ME,
        "medicationCodeableConcept": concept,
        **changes,
    }


def test_medicines_by_code_and_by_name() -> None:
    period = {"start": "2020-01-01", "end": "2022-06-30"}
    result = read(
        statement("completed", coded("904430", RXNORM), effectivePeriod=period),
        statement("active", {"text": "Prolia 60 mg/mL injection"}, effectivePeriod={"start": "2022-07"}),
    )
    assert result.person.treatments == (
        Treatment.model_validate({"therapy": "alendronate", "start": "2020-01-01", "stop": "2022-06-30"}),
        Treatment.model_validate({"therapy": "denosumab", "start": "2022-07-15"}),
    )
    assert any("only the month of start" in line for line in result.warnings)


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (statement("completed", {"text": "Fosamax"}), "it has ended and no date says when"),
        (statement("not-taken", {"text": "Fosamax"}), "its status is not-taken"),
        (statement("completed", {"text": "aspirin"}), "it has ended"),
        (statement("active", {"coding": [{"system": "http://example.org", "code": "7"}]}), "it has no name"),
        (
            {**statement("active", {}), "medicationCodeableConcept": None, "medicationReference": {"reference": "x"}},
            "it points to a Medication",
        ),
        ({"resourceType": "Procedure", "status": "completed", "subject": ME, "code": {"text": "Reclast"}}, "this type"),
    ],
)
def test_a_medicine_that_is_not_read_is_listed(resource: dict[str, Any], reason: str) -> None:
    result = read(resource)
    assert result.person.treatments == ()
    assert reason in reasons(result)


def test_other_medicines_are_kept_by_name_and_answer_the_history() -> None:
    omeprazole = {"coding": [{"system": RXNORM, "code": "7646"}], "text": "Losec"}
    order = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "subject": ME,
        "medicationCodeableConcept": {"text": "letrozole 2.5 mg"},
    }
    zometa = statement("active", {"text": "Zometa"})  # the cancer dose is another product
    person = read(statement("active", omeprazole), order, order, zometa).person
    assert [(one.name, one.rxnorm) for one in person.medicines] == [
        ("Losec", "7646"), ("Zometa", None), ("letrozole 2.5 mg", None)
    ]  # fmt: skip
    assert person.history.aromatase_inhibitor is True
    assert person.treatments == ()


def test_a_mothers_broken_hip_is_a_mothers_and_a_parents() -> None:
    def family(role: str) -> dict[str, Any]:
        system = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
        return {
            "resourceType": "FamilyMemberHistory",
            "status": "completed",
            "patient": ME,
            "relationship": {"coding": [{"system": system, "code": role}]},
            "condition": [{"code": {"text": "Hip fracture"}}],
        }

    mother, father = read(family("MTH")).person.history, read(family("FTH")).person.history
    assert (mother.parent_hip_fracture, mother.mother_hip_fracture) == (True, True)
    assert (father.parent_hip_fracture, father.mother_hip_fracture) == (True, None)


def test_orders_say_what_is_taken_and_not_since_when() -> None:
    def order(status: str, intent: str, text: str) -> dict[str, Any]:
        return {
            "resourceType": "MedicationRequest",
            "status": status,
            "intent": intent,
            "subject": ME,
            "authoredOn": "2025-12-01",
            "medicationCodeableConcept": {"text": text},
        }

    result = read(
        order("active", "order", "alendronate 70 MG Oral Tablet"),
        order("active", "order", "Fosamax"),
        order("active", "proposal", "Evenity"),
        order("stopped", "order", "Evista"),
        order("active", "order", "Prolia"),
        statement("active", {"text": "Prolia"}, effectivePeriod={"start": "2020-01-01"}),
    )
    assert [(one.therapy, str(one.start)) for one in result.person.treatments] == [
        ("denosumab", "2020-01-01"),
        ("alendronate", "None"),
    ]
    assert any("does not say when the medicine was begun" in line for line in result.warnings)
    for reason in ("another order of the same", "it is not an order", "no date says when", "says more about it"):
        assert reason in reasons(result)


def age(years: float, day: str | None) -> dict[str, Any]:
    made = observation(coded("30525-0", "http://loinc.org"), valueQuantity={"value": years, "code": "a"})
    return made | ({"effectiveDateTime": day} if day else {})


def test_a_recorded_age_stands_in_for_the_birth_date() -> None:
    same_day = read(age(61.5, "2024-02-03"), birthDate=None).person
    assert (same_day.age_years, same_day.birth_date) == (61.5, None)
    earlier = read(age(60, "2022-02-03"), birthDate=None)
    assert earlier.person.age_years == 62.0
    assert any("was carried to 2024-02-03" in line for line in earlier.warnings)
    known = read(age(40, "2003-02-03"))
    assert known.person.age_years == pytest.approx(59.71, abs=0.01)
    assert "a recorded age" in reasons(known)
    with pytest.raises(InputError, match="no birth date"):
        read(birthDate=None)
    with pytest.raises(InputError, match="the birth date makes it"):
        read(age(30, "2024-02-03"))


def own(path: str, **changes: Any) -> dict[str, Any]:
    return observation(coded(path, "urn:osteon:fhir:field"), **changes)


@pytest.mark.parametrize(
    ("resource", "problem"),
    [
        (own("history.unheard_of", valueBoolean=True), "not a field that this version"),
        (own("history.height_loss_cm", valueQuantity={"value": 1, "code": "[in_i]"}), "not the unit of this field"),
        (own("history.height_loss_cm", valueQuantity={"value": 99, "code": "cm"}), "must be at most 40"),
        (own("history.height_loss_cm", valueQuantity={"value": 2, "code": "cm", "comparator": "<"}), "only a limit"),
        (own("history.smoking", valueCodeableConcept=coded("often", "urn:osteon:fhir:answer")), "not one of the words"),
        (own("history.smoking"), "the value is missing"),
        (own("history.falls_last_year", valueInteger=1.5), "the value is missing"),
        (own("history.dementia", valueBoolean="yes"), "expected true or false"),
        (own("scan.tbs", valueQuantity={"value": 1.3, "code": "1"}), "the day of the examination is missing"),
        (
            own("site.bmc_g", valueQuantity={"value": 3, "code": "g"}, effectiveDateTime="2024-02-03"),
            "the region is missing",
        ),
        (
            {**hip(), "bodySite": coded("lumbar_spine::L1-L2", "urn:osteon:fhir:region")},
            "name different regions",
        ),
        ({**hip(), "bodySite": coded("total_hip:middle", "urn:osteon:fhir:region")}, "is not a region"),
    ],
)
def test_a_broken_local_code_is_refused_with_its_place(resource: dict[str, Any], problem: str) -> None:
    with pytest.raises(InputError) as caught:
        read(resource)
    assert problem in caught.value.problem
    assert caught.value.where.startswith("b.json: entry[2].resource")
    assert caught.value.mend


def test_a_finding_that_contradicts_another_is_named() -> None:
    with pytest.raises(InputError, match="two different values of dementia"):
        read(condition("52448006"), own("history.dementia", valueBoolean=False))


def test_exported_bundles_that_were_damaged_give_a_person_or_an_input_error() -> None:
    """Any element may be gone or hold another kind of value: never another exception."""
    rng = random.Random(7)  # noqa: S311 - not for secrets
    junk: list[Any] = [None, "x", -1, 1e9, True, [], {}, [1], ["x"], {"a": 1}, "2030-01-01", "lumbar_spine:::"]
    refused = 0
    for _ in range(40):
        bundle = fhir_bundle(random_person(rng))
        for _ in range(15):
            damaged = copy.deepcopy(bundle)
            node: Any = damaged["entry"][rng.randrange(len(damaged["entry"]))]["resource"]
            while True:
                keys = list(node) if isinstance(node, dict) else list(range(len(node)))
                key = rng.choice(keys)
                if not isinstance(node[key], dict | list) or not node[key] or rng.random() < 0.2:
                    break
                node = node[key]
            node[key] = rng.choice(junk)
            try:
                result = person_from_json(json.loads(json.dumps(damaged)), "b")
            except InputError:
                refused += 1
            else:
                Person.model_validate(result.person.model_dump())
    assert refused > 50
