"""Somebody with weak kidneys and thin bones: that a medicine is called for, and that a specialist comes first."""

from __future__ import annotations

from typing import Any

from osteon.person import Person
from osteon.report import build_report
from osteon.report.choices import weak_kidneys
from osteon.report.patient import PatientView, patient_view

WOMAN: dict[str, Any] = {
    "sex": "female",
    "age_years": 74,
    "menopause_age_years": 50,
    "history": {"fragility_fracture_sites": ["spine"], "months_since_last_fragility_fracture": 12},
    "labs": {"egfr_ml_min": 28},
    "scans": [{"date": "2026-11-10", "sites": [{"site": "femoral_neck", "t_score": -2.7}]}],
}


def view(**more: Any) -> PatientView:
    return patient_view(build_report(Person.model_validate(WOMAN | more), years=1))


def test_the_short_version_asks_for_a_medicine_although_the_first_ones_are_barred() -> None:
    said = " ".join(view().short)
    assert "Ask soon about a medicine for your bones. Your kidneys are weak, and that limits which." in said
    assert "See a specialist." in said
    labs = {"egfr_ml_min": 80, "calcium_mmol_l": 2.0, "vitamin_d_nmol_l": 75}
    low_calcium = view(history={"previous_fragility_fracture": False}, labs=labs)
    assert "Those that come first are not for you. See a specialist." in " ".join(low_calcium.short)
    assert "Ask soon" not in " ".join(view(labs={"egfr_ml_min": 80}).short)


def test_low_density_with_weak_kidneys_is_sent_to_a_specialist_first() -> None:
    scans = [{"date": "2026-11-10", "sites": [{"site": "femoral_neck", "t_score": -1.6}]}]
    history = {"previous_fragility_fracture": False}
    said = view(age_years=66, scans=scans, history=history, labs={"egfr_ml_min": 25}).short
    assert "Your kidneys are weak. See a specialist before any medicine for your bones." in said


def test_what_weak_kidneys_mean_stands_before_a_medicines_other_harms() -> None:
    harms = {one.label: one.harm for one in view().choices}
    assert harms["Denosumab"].startswith("Your kidneys are weak, so the calcium in your blood could fall very low.")
    assert harms["Romosozumab"].startswith("Your kidneys are weak")
    assert harms["Bazedoxifene"].startswith("Few people with weak kidneys")
    assert "Raloxifene" not in harms
    healthy = {one.label: one.harm for one in view(labs={"egfr_ml_min": 80}).choices}
    assert healthy["Denosumab"].startswith("Low calcium in the blood")


def test_kidneys_are_weak_by_an_answer_or_by_a_blood_test() -> None:
    answered = {"history": {"chronic_kidney_disease_4_5": True}, "labs": {}}
    assert weak_kidneys(Person.model_validate(WOMAN | answered))
    assert not weak_kidneys(Person.model_validate(WOMAN | {"labs": {"egfr_ml_min": 30}}))
    assert not weak_kidneys(Person.model_validate(WOMAN | {"labs": {}}))


def test_the_record_answers_whether_the_trials_people_were_like_the_reader() -> None:
    shown = view()
    said = " ".join(one.benefit for one in shown.choices)
    assert "If you do not have osteoporosis" not in said
    assert "If you have had no such break" not in said
    assert shown.next_steps[-1].startswith("Have you broken another bone in a small fall?")
    scans = [{"date": "2026-11-10", "sites": [{"site": "femoral_neck", "t_score": -1.9}]}]
    history = {"previous_fragility_fracture": False, "parent_hip_fracture": True}
    low = view(scans=scans, history=history, labs={"egfr_ml_min": 80})
    said = " ".join(one.benefit for one in (*low.choices, *low.more_needed))
    assert "Your scan is not in the range of osteoporosis, so you may have less to gain." in said
    assert "No such break of yours is on record, so you may have less to gain." in said
    assert low.next_steps[-1].startswith("Have you broken a bone in a small fall?")
