"""People at the edges of what guidelines and tools were made for: what a page must not say beside what it says."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from osteon.person import Person
from osteon.report import build_report
from osteon.report.checklist import checks
from osteon.report.patient import PatientView, patient_view
from osteon.report.result import Report
from osteon.report.risks import outlooks, risk_basis, treated_note

STEROID_MAN: dict[str, Any] = {
    "sex": "male",
    "age_years": 50,
    "height_cm": 178,
    "weight_kg": 84,
    "country": "United States",
    "history": {"glucocorticoid_prednisone_mg_per_day": 15, "previous_fragility_fracture": False},
    "scans": [{"date": "2026-10-02", "sites": [{"site": "femoral_neck", "t_score": -1.7}]}],
}
FRAIL_WOMAN: dict[str, Any] = {
    "sex": "female",
    "age_years": 82,
    "height_cm": 155,
    "weight_kg": 54,
    "country": "United States",
    "menopause_age_years": 49,
    "history": {
        "fragility_fracture_sites": ["spine"],
        "fragility_fracture_count": 2,
        "falls_last_year": 2,
        "smoking": "former",
        "alcohol_units_per_day": 0,
        "cardiovascular_disease": True,
    },
    "labs": {"egfr_ml_min": 27, "calcium_mmol_l": 2.28, "vitamin_d_nmol_l": 60},
    "scans": [{"date": "2026-11-03", "sites": [{"site": "femoral_neck", "t_score": -3.1}]}],
}
OFF_DENOSUMAB: dict[str, Any] = {
    "sex": "female",
    "age_years": 68,
    "height_cm": 162,
    "weight_kg": 65,
    "country": "Germany",
    "menopause_age_years": 51,
    "history": {"previous_fragility_fracture": False, "smoking": "never", "alcohol_units_per_day": 1},
    "labs": {"egfr_ml_min": 76, "calcium_mmol_l": 2.4, "vitamin_d_nmol_l": 70},
    "treatments": [{"therapy": "denosumab", "start": "2021-03-01", "stop": "2026-03-15"}],
    "scans": [{"date": "2026-11-16", "sites": [{"site": "total_hip", "t_score": -2.1}]}],
}
HEAVY_WOMAN: dict[str, Any] = {
    "sex": "female",
    "age_years": 63,
    "height_cm": 160,
    "weight_kg": 99,
    "menopause_age_years": 52,
    "history": {"diabetes": "type2", "fragility_fracture_sites": ["wrist"]},
    "scans": [{"date": "2026-10-20", "sites": [{"site": "femoral_neck", "t_score": -1.1}]}],
}
PEOPLE = {"steroid": STEROID_MAN, "frail": FRAIL_WOMAN, "off": OFF_DENOSUMAB, "heavy": HEAVY_WOMAN}


@cache
def report(name: str) -> Report:
    return build_report(Person.model_validate(PEOPLE[name]), years=1)


def view(name: str) -> PatientView:
    return patient_view(report(name))


def reasons(name: str, therapy: str) -> str:
    return " ".join(next(one.reasons for one in report(name).options if one.therapy == therapy))


def test_no_treatment_is_not_called_reasonable_where_a_guideline_advises_a_medicine() -> None:
    assert "A guideline advises a medicine for this person" in reasons("steroid", "none")
    assert "Reasonable" not in reasons("steroid", "none")


def test_the_four_breaks_are_never_told_as_fewer_than_the_hip_alone() -> None:
    hip, major = (
        next(one.span for one in outlooks(report("frail").risk) if one.outcome == outcome)
        for outcome in ("hip", "major_osteoporotic")
    )
    assert major[0] >= hip[0]
    assert major[1] >= hip[1]
    qfracture = {one.outcome: one.percent for one in report("frail").risk if one.tool == "QFracture-2012"}
    assert (qfracture["hip"] or 0) > (qfracture["major_osteoporotic"] or 0)
    assert "puts the hip above all four breaks" in risk_basis(report("frail").risk)
    assert "puts the hip above" not in risk_basis(report("heavy").risk)


def test_a_very_high_risk_and_its_referral_are_on_the_checklist() -> None:
    said = " ".join(checks(report("frail")))
    assert "AACE 2020 (risk class): very high risk: refer" in said
    assert "In the United Kingdom: NOGG (UK) 2024 (strong): very high risk" in said
    assert "very high risk" not in " ".join(checks(report("heavy")))


def test_weak_kidneys_that_bar_what_follows_denosumab_are_named_before_it_starts() -> None:
    assert "also bar the bisphosphonates that usually follow denosumab" in reasons("frail", "denosumab")
    harms = {one.label: one.harm for one in view("frail").choices}
    assert "ask first how it could end" in harms["Denosumab"]
    set_aside = {one.label: one.reason for one in view("frail").not_now}
    assert "Your kidneys are too weak for it." in set_aside.values()
    assert not any("mL/min" in reason for reason in set_aside.values())


def test_the_way_out_of_denosumab_with_weak_kidneys_does_not_end_at_zoledronate() -> None:
    labs = {"egfr_ml_min": 25}
    for treatments in (OFF_DENOSUMAB["treatments"], [{"therapy": "denosumab", "start": "2021-03-01"}]):
        person = Person.model_validate(OFF_DENOSUMAB | {"labs": labs, "treatments": treatments})
        assert "bar zoledronate and its like" in build_report(person, years=1).alert
    assert "bar zoledronate" not in report("off").alert


def test_what_is_overdue_after_denosumab_is_called_so() -> None:
    assert "6 months after the last injection, a time that has passed" in report("off").alert
    early = [{"therapy": "denosumab", "start": "2021-03-01", "stop": "2026-09-01"}]
    person = Person.model_validate(OFF_DENOSUMAB | {"treatments": early})
    assert "a time that has passed" not in build_report(person, years=1).alert


def test_who_leaves_denosumab_does_not_read_that_there_is_less_to_gain() -> None:
    follow_on = [one for one in view("off").choices if one.label in ("Zoledronate", "Alendronate", "Risedronate")]
    assert len(follow_on) == 3
    for one in follow_on:
        assert "less to gain" not in one.benefit
        assert "to hold your bone when denosumab ends" in one.benefit


def test_figures_that_leave_out_the_end_of_denosumab_say_so_to_both_readers() -> None:
    assert treated_note(report("off").person, report("off").risk).startswith("Denosumab has ended")
    assert any("denosumab has ended" in one for one in view("off").break_text)
    assert treated_note(report("heavy").person, report("heavy").risk) == ""


def test_what_counts_as_osteoporosis_is_not_called_no_osteoporosis() -> None:
    assert not any("not osteoporosis" in reason for one in report("heavy").options for reason in one.reasons)


def test_no_medicine_is_said_to_be_needed_by_none_while_another_is_put_forward() -> None:
    normal = [{"date": "2026-10-02", "sites": [{"site": "femoral_neck", "t_score": -0.5}]}]
    on_steroids = build_report(Person.model_validate(STEROID_MAN | {"scans": normal}), years=1)
    assert any(one.standing == "consider" for one in on_steroids.options)
    assert not any("no bone medicine is needed" in one.recommendation for one in on_steroids.options)
    unbroken = {"previous_fragility_fracture": False, "glucocorticoids": False}
    without = build_report(Person.model_validate(STEROID_MAN | {"scans": normal, "history": unbroken}), years=1)
    assert any("no bone medicine is needed" in one.recommendation for one in without.options)


@pytest.mark.parametrize(("name", "asked"), [("heavy", True), ("off", False)])
def test_a_missing_country_is_asked_for(name: str, asked: bool) -> None:
    assert any(one.startswith("Country not recorded") for one in checks(report(name))) is asked


def test_what_is_advised_already_waits_for_nothing() -> None:
    settles = [one for one in checks(report("steroid")) if one.startswith("Would settle")]
    assert settles
    assert not any("zoledronate" in one for one in settles)
