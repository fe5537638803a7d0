"""A safety question that the record answers is settled: yes rules the medicine out or is said, no clears it."""

from __future__ import annotations

import pytest

from osteon.care import options
from osteon.care.facts import SAFETY
from osteon.care.result import Option
from osteon.densitometry import assess
from osteon.person import History, Person


def option(therapy: str, egfr_ml_min: float | None = 80, **history: object) -> Option:
    person = Person.model_validate(
        {
            "sex": "female",
            "age_years": 70,
            "menopause_age_years": 50,
            "history": history,
            "labs": {"egfr_ml_min": egfr_ml_min, "calcium_mmol_l": 2.4, "vitamin_d_nmol_l": 75},
            "scans": [{"date": "2026-03-02", "sites": [{"site": "total_hip", "t_score": -2.7}]}],
        }
    )
    (found,) = [one for one in options(person, assess(person)) if one.therapy == therapy]
    return found


@pytest.mark.parametrize(
    ("therapy", "field"),
    [
        ("alendronate", "oesophageal_disorder"),
        ("alendronate", "cannot_stay_upright"),
        ("ibandronate", "cannot_stay_upright"),
        ("raloxifene", "venous_clot"),
        ("hormone_therapy", "unexplained_vaginal_bleeding"),
        ("teriparatide", "skeletal_radiation"),
        ("teriparatide", "paget_or_raised_alp"),
    ],
)
def test_yes_rules_the_medicine_out_and_says_why(therapy: str, field: str) -> None:
    found = option(therapy, **{field: True})
    assert found.eligible is False
    assert any("not be given" in one or "must be explained" in one for one in found.reasons), found.reasons


def test_no_clears_what_was_uncertain() -> None:
    assert option("alendronate").eligible == "uncertain"
    cleared = option("alendronate", oesophageal_disorder=False, cannot_stay_upright=False)
    assert cleared.eligible is True


def test_a_heart_attack_in_the_past_year_rules_romosozumab_out() -> None:
    found = option("romosozumab", cardiovascular_disease=True, heart_attack_or_stroke_last_year=True)
    assert found.eligible is False


def test_dental_work_is_said_before_the_first_dose() -> None:
    found = option("zoledronate", dental_work_planned=True)
    assert any("before the first dose" in one for one in found.reasons)


def test_every_safety_question_is_a_field_of_the_history() -> None:
    assert {field for field, _ in SAFETY.values()} <= set(History.model_fields)


@pytest.mark.parametrize(
    ("therapy", "history"),
    [
        ("romosozumab", {"heart_attack_or_stroke_last_year": True}),
        ("hormone_therapy", {"stroke": True}),
        ("hormone_therapy", {"oestrogen_dependent_cancer": True}),
        ("teriparatide", {"bone_cancer": True}),
        ("zoledronate", {"chronic_kidney_disease_4_5": True}),
    ],
)
def test_a_narrow_yes_rules_out_though_the_wider_question_was_not_answered(
    therapy: str, history: dict[str, bool]
) -> None:
    found = option(therapy, egfr_ml_min=None, **history)
    assert found.standing == "not suitable", found.reasons
    assert found.eligible is False


@pytest.mark.parametrize("therapy", ["teriparatide", "abaloparatide"])
def test_bone_builders_are_not_offered_to_weak_kidneys(therapy: str) -> None:
    found = option(therapy, egfr_ml_min=25)
    assert found.standing == "not suitable"
    assert "European label" in found.reasons[0]
