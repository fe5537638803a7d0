"""What holds for men, for people on steroids, and where a newer guideline has taken a row's place."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import monitoring, options
from osteon.care.guidelines import rules
from osteon.care.result import Option
from osteon.densitometry import assess
from osteon.person import Person

SCANS = [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.7}]}]


def woman() -> Person:
    return Person.model_validate({"sex": "female", "age_years": 68, "menopause_age_years": 50, "scans": SCANS})


def option(person: Person, therapy: str) -> Option:
    return next(one for one in options(person, assess(person)) if one.therapy == therapy)


def man(**fields: Any) -> Person:
    return Person.model_validate({"sex": "male", "age_years": 72, "scans": SCANS, **fields})


ON_STEROIDS = {"history": {"glucocorticoids": True, "glucocorticoid_prednisone_mg_per_day": 7.5}}


@pytest.mark.parametrize(
    ("therapy", "in_women", "in_men"),
    [("zoledronate", "high", "moderate"), ("alendronate", "moderate", "low"), ("risedronate", "low", "very-low")],
)
def test_trials_in_women_make_a_man_a_step_less_sure_and_say_why(therapy: str, in_women: str, in_men: str) -> None:
    assert option(woman(), therapy).evidence.certainty == in_women
    evidence = option(man(), therapy).evidence
    assert evidence.certainty == in_men
    assert "in women" in evidence.certainty_reason
    assert option(man(), "exercise").evidence.certainty == option(woman(), "exercise").evidence.certainty


def test_trials_after_the_menopause_make_a_woman_before_hers_a_step_less_sure_and_say_why() -> None:
    young = Person.model_validate(
        {"sex": "female", "age_years": 35, "menopausal_status": "premenopausal", "scans": SCANS, **ON_STEROIDS}
    )
    evidence = option(young, "zoledronate").evidence
    assert evidence.certainty != "high"
    assert evidence.certainty_reason.endswith("Its fracture trials were in women after the menopause.")
    assert "after the menopause" not in option(young, "exercise").evidence.certainty_reason
    assert "Its fracture trials" not in option(woman(), "zoledronate").evidence.certainty_reason


def test_a_licence_for_steroids_is_not_called_missing() -> None:
    not_licensed = "not low bone mass alone"
    for therapy in ("zoledronate", "alendronate", "risedronate"):
        assert any(not_licensed in reason for reason in option(man(), therapy).reasons)
        assert not any(not_licensed in reason for reason in option(man(**ON_STEROIDS), therapy).reasons)
    low_dose = man(history={"glucocorticoids": True, "glucocorticoid_prednisone_mg_per_day": 5})
    assert any(not_licensed in reason for reason in option(low_dose, "alendronate").reasons)


def test_nobody_on_a_high_dose_of_a_steroid_is_reassured() -> None:
    def said(person: Person) -> str:
        return " ".join(row.advice for row in option(person, "none").guidelines)

    unbroken = {"previous_fragility_fracture": False}
    assert "reassure" in said(man(history=unbroken))
    assert "reassure" in said(man(history={**unbroken, "glucocorticoid_prednisone_mg_per_day": 7.4}))
    assert "reassure" not in said(man(history={**unbroken, "glucocorticoid_prednisone_mg_per_day": 7.5}))


@pytest.mark.parametrize(
    ("guideline", "year", "newer"),
    [
        ("ACP and AAFP", 2017, "replaced by ACP 2023"),
        ("ACOG", 2012, "replaced by ACOG 2022"),
        ("European guidance", 2013, "updated in 2019"),
    ],
)
def test_a_guideline_that_was_replaced_says_so(guideline: str, year: int, newer: str) -> None:
    found = [one for one in rules() if (one.guideline, one.year) == (guideline, year)]
    assert found
    assert all(one.strength.endswith(newer) for one in found)


def test_an_interval_on_steroids_says_whom_it_was_carried_over_to() -> None:
    def why(**fields: Any) -> str:
        person = man(**fields)
        return next(one.why for one in monitoring(person, assess(person)) if one.what == "Bone-density scan")

    assert why(**ON_STEROIDS).endswith("It is carried over to this person, who is 65 or older.")
    broken = {"history": ON_STEROIDS["history"] | {"fragility_fracture_sites": ["wrist"]}}
    assert why(age_years=60, **broken).endswith("who has broken a bone.")
    assert why(age_years=60, **ON_STEROIDS).endswith("for people under 65 without a fracture.")
