"""The tables that care reads: every row can be used, cited and reviewed, and nothing unread reaches an output."""

from __future__ import annotations

import re

import pytest

from osteon.care.cards import cards
from osteon.care.cells import claims
from osteon.care.facts import SAFETY, Facts
from osteon.care.guidelines import rules
from osteon.care.wording import fill, keys, names_in, read_rows
from osteon.densitometry import assess
from osteon.evidence import THERAPIES, row, source, table
from osteon.evidence.loader import EvidenceError
from osteon.person import Person

TABLES = {
    "guideline_rules.csv": ("advice",),
    "drug_cautions.csv": ("finding",),
    "drug_cards.csv": (
        "summary",
        "certainty_reason",
        "certainty_osteopenia_reason",
        "certainty_men_reason",
        "harms",
        "burden",
        "on_stopping",
    ),
    "claims_stem_cells.csv": ("human", "animal", "laboratory", "would_have_to_be_true"),
    "claims_red_flags.csv": ("flag",),
    "claims_provider_checklist.csv": ("why",),
    "claims_regulators.csv": ("position",),
    "claims_cost_and_harm.csv": ("fact",),
    "guideline_risk_factors.csv": ("effect", "action"),
    "guideline_secondary_tests.csv": ("reason",),
    "drug_bone_losing.csv": ("effect",),
}
WOMAN = Person.model_validate({"sex": "female", "age_years": 66})
FACTS = Facts(WOMAN, assess(WOMAN))


@pytest.mark.parametrize("name", TABLES)
def test_every_number_in_a_text_is_read_and_every_source_exists(name: str) -> None:
    for record in table(name):
        if record["status"] != "read":
            continue
        for column in TABLES[name]:
            for number in names_in(record[column]):
                assert row(number).status == "read"
            assert "{" not in fill(record[column])
        for key in keys(record.get("source") or record.get("sources") or ""):
            assert source(key).link


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_whether_somebody_read_it(name: str) -> None:
    assert {record["status"] for record in table(name)} <= {"read", "unverified"}
    assert len(read_rows(name)) > 0


@pytest.mark.parametrize("name", ["guideline_rules.csv", "drug_cautions.csv", "guideline_risk_factors.csv"])
def test_every_criterion_is_part_of_the_language(name: str) -> None:
    for record in table(name):
        FACTS.holds(record["criteria"])


def test_a_slip_in_a_criterion_is_an_error_and_not_a_no() -> None:
    for slip in ("womn", "agee>=65", "fracture_hip:hip", "woman and posmenopausal"):
        with pytest.raises((EvidenceError, KeyError)):
            FACTS.holds(slip)


def test_every_therapy_has_one_card_with_a_grade_word_and_a_reason() -> None:
    assert set(cards()) == set(THERAPIES)
    for name, card in cards().items():
        assert card.evidence.certainty_reason, name
        assert card.evidence.summary, name
        assert card.evidence.sources, name
        assert card.burden, name
        assert card.on_stopping, name


def test_cell_therapy_has_no_certainty_and_says_so() -> None:
    for name, therapy in THERAPIES.items():
        assert (cards()[name].evidence.certainty == "none") == therapy.hypothetical


def test_rules_name_guideline_year_strength_and_patients() -> None:
    ids = [one.id for one in rules()]
    assert len(ids) == len(set(ids))
    for one in rules():
        assert all((one.guideline, one.year, one.strength, one.who, one.advice, one.locator, one.therapies)), one.id


def test_unread_rules_stay_out() -> None:
    unread = {record["id"] for record in table("guideline_rules.csv") if record["status"] != "read"}
    assert unread
    assert unread.isdisjoint(one.id for one in rules())


def test_the_guidelines_of_the_specification_are_all_there() -> None:
    named = {one.guideline for one in rules()}
    assert {"BHOF", "AACE", "ACP", "NOGG (UK)", "Endocrine Society", "USPSTF"} <= named
    assert {"Trial: Reid", "Trial: Bolland"} <= named


def test_european_thresholds_in_the_rules_are_the_rows_of_the_evidence() -> None:
    found = 0
    for one in rules():
        match = re.search(r"age>=(\d+) and age<(\d+) and frax_mof>=([\d.]+)$", one.criteria)
        if match:
            low, high, threshold = match.groups()
            assert row(f"euro2013.threshold.{low}_{int(high) - 1}").value == float(threshold)
            found += 1
    assert found == 9


def test_every_safety_question_is_used_and_known() -> None:
    used = {topic for one in table("drug_cautions.csv") for topic in re.findall(r"safety:(\w+)", one["criteria"])}
    assert used == set(SAFETY)


def test_the_ledger_holds_each_claim_with_three_kinds_of_evidence() -> None:
    wanted = {
        "regenerates",
        "osteoblasts",
        "inflammation",
        "blood_supply",
        "trials",
        "less_invasive",
        "natural",
        "lasting",
        "tailored",
    }
    assert {one.key for one in claims()} == wanted
    for one in claims():
        assert all((one.human, one.animal, one.laboratory, one.would_have_to_be_true, one.sources)), one.key
