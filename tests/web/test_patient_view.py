"""Cards when a chart is opened: with no prefetch, some, all, and what cannot be read."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from osteon.person import clock
from osteon.web.cds_hooks.assessment import assess_chart
from osteon.web.cds_hooks.card import OVERRIDE_REASONS
from osteon.web.cds_hooks.prefetch import WISHED_FOR, read_chart

from .conftest import Client, medication, observation, patient, scan, searchset, spec, view

BONE = "osteon-bone-status"


def by_topic(cards: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {card["source"]["topic"]["code"]: card for card in cards}


def well_formed(cards: list[dict[str, Any]]) -> None:
    """What the specification asks of every card, and no element that is null or empty."""
    for card in cards:
        assert 0 < len(card["summary"]) < 140
        assert card["indicator"] in ("info", "warning", "critical")
        assert card["source"]["label"]
        assert "url" not in card["source"]
        assert all(one["display"] and one["code"] in OVERRIDE_REASONS for one in card["overrideReasons"])
        assert ("suggestions" in card) == ("selectionBehavior" in card)
    text = json.dumps(cards)
    assert not any(empty in text for empty in ("null", '""', "{}"))
    assert "[]" not in text.replace("[]}", "") or cards == []
    assert len({card["uuid"] for card in cards}) == len(cards)


def test_the_specifications_own_request_is_answered(client: Client) -> None:
    """A Patient under a key of another service, a server and a token: a card that says what was lacking."""
    cards = client.cards(BONE, spec("patient_view_request"))
    well_formed(cards)
    (card,) = cards
    assert card["source"]["topic"]["code"] == "missing-data"
    assert "no bone-density result" in card["summary"]
    assert "the Patient" not in card["detail"]
    assert "bone-density Observations" in card["detail"]
    assert "some-opaque-fhir-access-token" not in json.dumps(cards)


def test_the_specifications_partial_prefetch_is_answered(client: Client) -> None:
    """It holds a resource with a member "...", a search result without a category, and a text under ``user``."""
    body = view(spec("prefetch_partial")["prefetch"], context={"userId": "Practitioner/1", "patientId": "p1"})
    (card,) = client.cards(BONE, body)
    assert "no bone-density result" in card["summary"]


@pytest.mark.parametrize("prefetch", [None, {}, {"patient": None}, {"user": "123"}, {"dxa": {"no": "resource"}}])
def test_without_data_there_is_one_card_that_lists_what_it_lacked(client: Client, prefetch: Any) -> None:
    cards = client.cards(BONE, view(prefetch))
    well_formed(cards)
    (card,) = cards
    assert card["indicator"] == "info"
    assert "no patient data" in card["summary"]
    answered = {key for key, value in (prefetch or {}).items() if value is None}
    for key, words in WISHED_FOR.items():
        assert (words.split("(")[0].strip() in card["detail"]) is (key not in answered), key


def test_partial_prefetch_gives_the_status_with_its_deciding_site(client: Client) -> None:
    cards = client.cards(BONE, view({"patient": patient(), "dxa": scan(-1.9)}))
    well_formed(cards)
    found = by_topic(cards)
    assert found["bone-status"]["summary"] == (
        "Osteopenia (low bone mass) by density: lowest T-score -1.9 at the total hip (2025-06-02)"
    )
    assert found["bone-status"]["indicator"] == "info"
    assert "| Total hip | – | -1.9 | – | yes |" in found["bone-status"]["detail"]
    assert "Zoledronate" in found["options"]["summary"]
    assert "kidney function" in found["missing-data"]["detail"]
    assert "the problem list" in found["missing-data"]["detail"]


def test_osteoporosis_is_a_warning_and_comes_first(client: Client) -> None:
    cards = client.cards(BONE, view({"patient": patient(), "dxa": scan(-2.8)}))
    assert [card["indicator"] for card in cards] == ["warning", "info", "info"]
    assert cards[0]["summary"].startswith("Osteoporosis by density: lowest T-score -2.8")
    assert by_topic(cards)["options"]["summary"].startswith("Advised by at least one guideline: ")


def test_normal_density_offers_no_options(client: Client) -> None:
    found = by_topic(client.cards(BONE, view({"patient": patient(), "dxa": scan(0.4)})))
    assert found["bone-status"]["summary"].startswith("Normal bone density")
    assert "options" not in found


def test_a_young_man_gets_a_z_score(client: Client) -> None:
    young = patient(gender="male", birthDate="1990-01-01")
    dxa = searchset(observation("80933-5", -2.3, "{Z-score}"))
    found = by_topic(client.cards(BONE, view({"patient": young, "dxa": dxa})))
    assert found["bone-status"]["summary"].startswith(
        "Bone density below the range expected for age: lowest Z-score -2.3"
    )


def test_hl7s_example_as_one_bundle_under_one_key(client: Client, examples: Path) -> None:
    bundle = json.loads((examples / "hl7_dxa_bundle.json").read_text("utf-8"))
    body = view({"everything": bundle}, context={"userId": "Practitioner/1", "patientId": "example"})
    cards = client.cards(BONE, body)
    well_formed(cards)
    assert "within the range expected for age: lowest Z-score -0.2" in by_topic(cards)["bone-status"]["summary"]


def test_the_same_call_gives_the_same_answer_and_another_instance_other_identifiers(client: Client) -> None:
    body = view({"patient": patient(), "dxa": scan()})
    first = client.cards(BONE, body)
    assert client.cards(BONE, copy.deepcopy(body)) == first
    other = client.cards(BONE, body | {"hookInstance": "0c1e9f0e-6a7e-4e0e-9d5e-1f2a3b4c5d6e"})
    assert not {card["uuid"] for card in other} & {card["uuid"] for card in first}
    assert [card["detail"] for card in other] == [card["detail"] for card in first]


def test_what_cannot_be_read_is_named_with_its_place(client: Client) -> None:
    dxa = searchset(observation("38264-8", -1.9, "g/cm2"))
    (card,) = client.cards(BONE, view({"patient": patient(), "dxa": dxa}))
    assert card["indicator"] == "warning"
    assert "cannot be read" in card["summary"]
    assert "prefetch.dxa: entry\\[0\\].resource.valueQuantity" in card["detail"]


def test_a_null_says_that_the_record_holds_nothing(client: Client) -> None:
    prefetch = dict.fromkeys(WISHED_FOR) | {"patient": patient(), "dxa": scan()}
    detail = by_topic(client.cards(BONE, view(prefetch)))["missing-data"]["detail"]
    assert "Asked for and not sent" not in detail


def test_a_failed_prefetch_is_reported(client: Client) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
    for value in (outcome, searchset(outcome)):
        (card,) = client.cards(BONE, view({"patient": patient(), "dxa": value}))
        assert "bone-density Observations: the client reports an error" in card["detail"]


def test_a_record_without_a_scan_has_a_card_only_when_a_body_asks_for_one(client: Client) -> None:
    empty = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    for nothing in (empty, None):
        assert client.cards(BONE, view({"patient": patient(birthDate="1985-01-01"), "dxa": nothing})) == []
        cards = client.cards(BONE, view({"patient": patient(), "dxa": nothing}))
        well_formed(cards)
        (card,) = cards
        assert card["summary"].startswith("No bone-density scan in the record, and one is asked for by USPSTF")
        assert "USPSTF 2025 (United States, grade B): Women from 65." in card["detail"]
    (card,) = client.cards(BONE, view({"patient": patient(gender="male", birthDate="1950-01-01"), "dxa": None}))
    assert "USPSTF" not in card["summary"]
    assert "Canadian Task Force" in card["detail"]  # the body that says no is shown beside those that say yes


def test_a_child_has_no_card(client: Client) -> None:
    year = clock.today().year
    for born in (f"{year - 9}-05-01", f"{year - 3}", f"{year - 17}-01"):
        assert client.cards(BONE, view({"patient": patient(birthDate=born), "dxa": scan()})) == []


def test_another_patients_prefetch_is_refused(client: Client) -> None:
    answer = client.post(f"/cds-services/{BONE}", view({"patient": patient(id="p2")}))
    assert answer.status_code == 400
    assert "not the one that the context names" in answer.json()["message"]


def test_denosumab_must_not_just_be_stopped(client: Client) -> None:
    for name, code in (("Prolia 60 mg/mL syringe", ""), ("", "993449")):
        prefetch = {"patient": patient(), "dxa": scan(), "medications": searchset(medication(name, code=code))}
        cards = client.cards(BONE, view(prefetch))
        well_formed(cards)
        assert cards[0]["indicator"] == "warning"
        assert cards[0]["summary"].startswith("On denosumab: never stop or delay it")


def test_denosumab_that_ended_with_nothing_after_it_is_critical(client: Client) -> None:
    ended = medication("denosumab", "completed")
    first = client.cards(BONE, view({"patient": patient(), "medications": searchset(ended)}))[0]
    assert first["indicator"] == "critical"
    assert "ended" in first["summary"]
    followed = searchset(ended, medication("zoledronic acid 5 mg", id="m2"))
    cards = client.cards(BONE, view({"patient": patient(), "medications": followed}))
    assert "denosumab" not in by_topic(cards)


def test_a_medicine_that_was_begun_again_is_taken_though_a_course_of_it_has_ended() -> None:
    """An order on hold goes on for the cards and not for the reader, which has only the course that ended."""
    past = {"start": "2018-01-01", "end": "2021-01-01"}
    ended = medication("denosumab", "completed", resourceType="MedicationStatement", effectivePeriod=past)
    again = medication("denosumab", "on-hold", id="m2")
    chart = read_chart({"patient": patient(), "dxa": scan(-2.8), "medications": searchset(ended, again)}, "p1")
    found = assess_chart(chart)
    assert found is not None
    assert [(one.therapy, one.stop is None) for one in found.person.treatments] == [
        ("denosumab", False),
        ("denosumab", True),
    ]
    assert any("Is on denosumab" in reason for reason in found.options["none"].reasons)


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "draft", "unknown"])
def test_orders_that_were_never_carried_out_do_not_count(client: Client, status: str) -> None:
    prefetch = {"patient": patient(), "medications": searchset(medication("denosumab", status))}
    assert "denosumab" not in by_topic(client.cards(BONE, view(prefetch)))


def test_another_patients_denosumab_does_not_count(client: Client) -> None:
    for reference, counts in (("Patient/p2", False), ("http://server/fhir/Patient/p1", True), ("urn:uuid:1", True)):
        drug = medication("denosumab", subject={"reference": reference})
        cards = client.cards(BONE, view({"patient": patient(), "medications": searchset(drug)}))
        assert ("denosumab" in by_topic(cards)) is counts


def test_text_from_the_record_cannot_become_markup(client: Client) -> None:
    result = observation("38264-8", -1.9, "{T-score}", device={"display": "<img src=x> [a](http://b) *c*"})
    bad = observation("38264-8", -1.9, "<script>alert(1)</script>")
    for dxa in (searchset(result), searchset(bad)):
        detail = "".join(card["detail"] for card in client.cards(BONE, view({"patient": patient(), "dxa": dxa})))
        assert "<" not in detail
        assert "](" not in detail


def test_an_earlier_osteoporosis_stands_beside_a_better_scan(client: Client) -> None:
    scans = searchset(
        observation("38264-8", -2.8, "{T-score}", day="2019-06-02"), observation("38264-8", -2.1, "{T-score}")
    )
    cards = by_topic(client.cards(BONE, view({"patient": patient(), "dxa": scans})))
    well_formed(list(cards.values()))
    status = cards["bone-status"]
    assert status["indicator"] == "warning"
    assert "Beyond density" in status["detail"]
    assert "2019-06-02" in status["detail"]


def test_a_bone_builder_that_ended_has_its_options_also_at_a_good_score(client: Client) -> None:
    def cards(*more: dict[str, Any]) -> dict[str, Any]:
        meds = searchset(*more)
        return by_topic(client.cards(BONE, view({"patient": patient(), "dxa": scan(-0.4), "medications": meds})))

    year = {"start": "2024-05-01", "end": "2025-05-01"}
    ended = medication("romosozumab", "completed", resourceType="MedicationStatement", effectivePeriod=year)
    assert "options" in cards(ended)
    assert "options" not in cards()


def test_an_option_shows_what_has_to_be_settled_and_both_sides_of_a_dispute(client: Client) -> None:
    labs = searchset(observation("33914-3", 28, "mL/min/{1.73_m2}", "2025-05-20"))
    sent = {"patient": patient(), "dxa": scan(-2.8), "measurements": labs}
    detail = by_topic(client.cards(BONE, view(sent)))["options"]["detail"]
    (line,) = (one for one in detail.splitlines() if one.startswith("- Denosumab"))
    assert "(boxed warning). ACP 2023" in line
    healthy = by_topic(client.cards(BONE, view({"patient": patient(), "dxa": scan(-2.8)})))["options"]["detail"]
    (line,) = (one for one in healthy.splitlines() if one.startswith("- Raloxifene"))
    assert line.index("Endocrine Society 2019") < line.index("do not use for osteoporosis")


def test_a_diagnosis_from_an_old_scan_says_so(client: Client) -> None:
    old = searchset(observation("38264-8", -2.2, "{T-score}", "2018-05-10"))
    found = by_topic(client.cards(BONE, view({"patient": patient(), "dxa": old})))
    assert found["bone-status"]["summary"].endswith("(2018-05-10, an old scan)")
    assert found["bone-status"]["indicator"] == "warning"
    assert "The latest scan is 8 years old (May 2018)." in found["bone-status"]["detail"]
    recent = by_topic(client.cards(BONE, view({"patient": patient(), "dxa": scan(-2.2)})))
    assert "years old" not in recent["bone-status"]["detail"]


@pytest.mark.parametrize("born", ["1950-03-01", "1985-03-01"])
def test_a_problem_that_was_not_read_is_named_where_there_is_no_scan_too(client: Client, born: str) -> None:
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "5913000"}], "text": "Fracture of neck of femur"}
    hip = {"resourceType": "Condition", "code": code, "subject": {"reference": "Patient/p1"}}
    sent = {"patient": patient(birthDate=born), "dxa": searchset(), "conditions": searchset(hip)}
    (card,) = client.cards(BONE, view(sent))
    well_formed([card])
    assert "Fracture of neck of femur" in card["detail"]
