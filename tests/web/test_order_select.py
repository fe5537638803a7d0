"""Cards when a bone medicine is ordered: what must not be given, what to look up, what is supported."""

from __future__ import annotations

import pytest

from osteon.care import options
from osteon.densitometry import assess
from osteon.evidence import THERAPIES, table
from osteon.exchange.fhir import read_fhir
from osteon.risk import fracture_risks
from osteon.web.cds_hooks.medicines import therapy_of

from .conftest import INSTANCE, RXNORM, Client, medication, observation, order, patient, scan, searchset, spec
from .test_patient_view import well_formed

CHECK = "osteon-order-check"
EGFR = "33914-3"


def draft(name: str, code: str = "", **fields: object) -> dict[str, object]:
    return medication(name, "draft", code, **fields)


def test_the_specifications_own_orders_need_no_card(client: Client) -> None:
    """An amoxicillin order with a diet, in the context of the hook's page, and an image order."""
    body = {"hook": "order-select", "hookInstance": INSTANCE} | spec("order_select_context_r4")
    assert client.cards(CHECK, body) == []
    assert client.cards(CHECK, spec("order_select_radiology_request")) == []


def test_the_specifications_request_for_another_hook_is_refused(client: Client) -> None:
    answer = client.post(f"/cds-services/{CHECK}", spec("order_sign_opioid_request"))
    assert answer.status_code == 400
    assert "Set hook to order-select" in answer.json()["message"]


def test_without_data_the_order_is_said_to_be_unchecked(client: Client) -> None:
    cards = client.cards(CHECK, order(draft("", "1490064")))
    well_formed(cards)
    (card,) = cards
    assert card["indicator"] == "warning"
    assert card["summary"] == "Raloxifene was not checked: too little of the record was sent"
    assert "the Patient" in card["detail"]


def test_a_contraindicated_order_is_critical_and_can_be_removed(client: Client) -> None:
    prefetch = {"patient": patient(gender="male"), "dxa": scan(-2.8)}
    for name in ("raloxifene 60 MG Oral Tablet", "Evenity"):
        cards = client.cards(CHECK, order(draft(name), prefetch=prefetch))
        well_formed(cards)
        (card,) = cards
        assert card["indicator"] == "critical"
        assert card["selectionBehavior"] == "at-most-one"
        (action,) = card["suggestions"][0]["actions"]
        assert (action["type"], action["resourceId"]) == ("delete", "MedicationRequest/m1")


def test_kidneys_that_fail_bar_the_oral_bisphosphonate(client: Client) -> None:
    labs = searchset(observation(EGFR, 28, "mL/min/{1.73_m2}", "2025-05-20"))
    prefetch = {"patient": patient(), "dxa": scan(-2.8), "measurements": labs}
    (card,) = client.cards(CHECK, order(draft("alendronic acid 70 MG"), prefetch=prefetch))
    assert card["indicator"] == "critical"
    assert "below 35 mL/min" in card["summary"]


def problem(code: str, display: str) -> dict[str, object]:
    coding = {"system": "http://snomed.info/sct", "code": code, "display": display}
    return {"resourceType": "Condition", "subject": {"reference": "Patient/p1"}, "code": {"coding": [coding]}}


def test_the_problem_list_reaches_the_check(client: Client) -> None:
    base = {"patient": patient(), "dxa": scan(-2.8)}
    liver = base | {"conditions": searchset(problem("328383001", "Chronic liver disease"))}
    (card,) = client.cards(CHECK, order(draft("bazedoxifene"), prefetch=liver))
    assert card["indicator"] == "critical"
    assert "Liver disease is recorded" in card["summary"]
    assert client.cards(CHECK, order(draft("bazedoxifene"), prefetch=base))[0]["indicator"] == "warning"


def test_a_problem_that_is_not_understood_is_shown_and_not_dropped(client: Client) -> None:
    attack = searchset(problem("22298006", "Myocardial infarction"))
    prefetch = {"patient": patient(), "dxa": scan(-2.8), "conditions": attack}
    (card,) = client.cards(CHECK, order(draft("romosozumab"), prefetch=prefetch))
    assert "Not read: Myocardial infarction" in card["detail"]
    assert "any heart attack or stroke, and when" in card["detail"]


def test_the_card_says_what_the_options_say(client: Client) -> None:
    """For every medicine, the order's card and the options' own reasons are the same."""
    bundle = searchset(patient(), *(entry["resource"] for entry in scan(-2.1)["entry"]))
    person = read_fhir(bundle).person
    weighed = {one.therapy: one for one in options(person, assess(person), fracture_risks(person))}
    named = {row["therapy"]: row["name"] for row in table("drug_names.csv")}
    assert set(named) == {name for name, one in THERAPIES.items() if one.group in ("antiresorptive", "anabolic")} - {
        "hormone_therapy"
    }
    for therapy, name in named.items():
        (card,) = client.cards(CHECK, order(draft(name), prefetch={"all": bundle}))
        option = weighed[therapy]
        for reason in option.reasons:
            assert reason.split("(")[0].strip()[:60] in card["detail"].replace("\\", "").replace("&lt;", "<")
        assert (card["indicator"] == "critical") == (option.standing == "not suitable")
        assert (card["indicator"] == "info") == (option.standing == "not now" or option.eligible is True)


def test_only_what_was_selected_is_checked(client: Client) -> None:
    both = (draft("alendronate", id="a"), draft("raloxifene", id="b"))
    prefetch = {"patient": patient(), "dxa": scan()}
    (card,) = client.cards(CHECK, order(*both, prefetch=prefetch, selections=["MedicationRequest/b"]))
    assert card["summary"].startswith("Raloxifene")
    assert len(client.cards(CHECK, order(*both, prefetch=prefetch))) == 2


def test_an_order_for_someone_on_denosumab_carries_the_warning(client: Client) -> None:
    prefetch = {"patient": patient(), "dxa": scan(-2.8), "medications": searchset(medication("Prolia"))}
    cards = client.cards(CHECK, order(draft("teriparatide", id="new"), prefetch=prefetch))
    well_formed(cards)
    assert {card["source"]["topic"]["code"] for card in cards} == {"denosumab", "order-check"}


def test_an_order_of_denosumab_says_that_it_must_not_be_stopped(client: Client) -> None:
    (card,) = client.cards(CHECK, order(draft("denosumab"), prefetch={"patient": patient(), "dxa": scan(-2.8)}))
    assert "Must never just be stopped" in card["detail"]


def test_an_order_for_another_patient_is_refused(client: Client) -> None:
    body = order(draft("denosumab", subject={"reference": "Patient/p2"}), prefetch={"patient": patient()})
    answer = client.post(f"/cds-services/{CHECK}", body)
    assert answer.status_code == 400
    assert "another patient" in answer.json()["message"]


@pytest.mark.parametrize("row", table("rxnorm_bone_medicines.csv"), ids=lambda row: row["code"])
def test_every_rxnorm_code_leads_to_its_therapy(row: dict[str, str]) -> None:
    assert row["therapy"] in THERAPIES
    assert therapy_of(medication("", code=row["code"])) == row["therapy"]
    assert therapy_of(medication(row["display"])) == row["therapy"]  # by its name as well


def test_a_medicine_is_found_where_the_order_points() -> None:
    inside = {"resourceType": "Medication", "id": "x", "code": {"coding": [{"system": RXNORM, "code": "993449"}]}}
    base = {"resourceType": "MedicationRequest", "id": "m1", "status": "draft"}
    contained = base | {"medicationReference": {"reference": "#x"}, "contained": [inside]}
    beside = base | {"medicationReference": {"reference": "Medication/x"}}
    assert therapy_of(contained) == "denosumab"
    assert therapy_of(beside, [inside]) == "denosumab"
    assert therapy_of(base | {"medicationReference": {"reference": "Medication/x", "display": "Prolia"}}) == "denosumab"


@pytest.mark.parametrize(
    "text",
    ["", "amoxicillin", "ethinyl estradiol / norgestrel", "Xgeva 120 mg", "prolianol", "ritonavir", "raloxifenes?"],
)
def test_other_medicines_are_left_alone(text: str) -> None:
    assert therapy_of(medication(text)) is None


def test_what_weak_kidneys_ask_for_is_the_first_that_is_read(client: Client) -> None:
    """The boxed warning of denosumab outranks a blood test that is missing; raloxifene is barred in Europe."""
    labs = searchset(observation(EGFR, 28, "mL/min/{1.73_m2}", "2025-05-20"))
    prefetch = {"patient": patient(), "dxa": scan(-2.8), "measurements": labs}
    (barred,) = client.cards(CHECK, order(draft("Evista 60 mg"), prefetch=prefetch))
    assert barred["indicator"] == "critical"
    assert "Kidney function is below 30" in barred["summary"]
    for name in ("Prolia 60 mg", "Evenity", "Conbriza"):
        (card,) = client.cards(CHECK, order(draft(name), prefetch=prefetch))
        assert card["indicator"] == "warning"
        assert "Kidney function is below 30" in card["summary"], name


def test_an_order_checked_against_an_old_scan_says_so(client: Client) -> None:
    old = searchset(observation("38264-8", -2.8, "{T-score}", "2018-05-10"))
    (card,) = client.cards(CHECK, order(draft("Prolia 60 mg"), prefetch={"patient": patient(), "dxa": old}))
    assert "The latest scan is 8 years old" in card["detail"]
