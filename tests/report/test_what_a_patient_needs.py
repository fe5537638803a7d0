"""What a patient needs to decide: what good a choice did, what to find out first, and why a sum has no answer."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.evidence import THERAPIES, all_rows, row
from osteon.person import Person
from osteon.report import build_report
from osteon.report.benefit import BENEFITS, benefit_words, percent_of, rows_of
from osteon.report.patient import PatientView, patient_view
from osteon.report.plain import harm_rows
from osteon.report.text import render_text

WOMAN = {
    "sex": "female",
    "age_years": 61,
    "height_cm": 165,
    "weight_kg": 63,
    "menopause_age_years": 51,
    "history": {"smoking": "never", "alcohol_units_per_day": 1, "previous_fragility_fracture": False},
    "scans": [{"date": "2026-10-12", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}],
}
THIN = {
    "sex": "female",
    "age_years": 38,
    "height_cm": 168,
    "weight_kg": 53,
    "menopausal_status": "premenopausal",
    "history": {"smoking": "never", "alcohol_units_per_day": 0.5},
    "scans": [
        {"date": "2026-10-12", "sites": [{"site": "lumbar_spine", "bmd_g_cm2": 0.79, "t_score": -2.3, "z_score": -2.2}]}
    ],
}


def view(record: dict[str, Any], **more: Any) -> PatientView:
    return patient_view(build_report(Person.model_validate({**record, **more}), years=1))


def test_the_good_that_a_medicine_did_stands_beside_its_harms() -> None:
    words = benefit_words("zoledronate")
    assert "In six years, 19 of 100 without it broke a bone. With it, 12 did. So 15 had to take it" in words
    report = build_report(Person.model_validate(WOMAN), years=1)
    (tablet,) = (one for one in patient_view(report).choices if one.label == "Alendronate")
    assert "15 of 100 without it had a new break in the spine on an X-ray" in tablet.benefit
    assert "less to gain" in tablet.benefit
    assert "What it did in a study: It was tried in women" in " ".join(render_text(report, audience="patient").split())


def test_every_medicine_has_a_count_from_rows_that_were_read() -> None:
    medicines = {one.name for one in THERAPIES.values() if one.group in ("antiresorptive", "anabolic")}
    assert set(BENEFITS) == medicines
    for name, one in BENEFITS.items():
        assert 0 < percent_of(one.treated) < percent_of(one.without) < 100
        assert rows_of(name)
        assert all(row(key).status == "read" for key in rows_of(name))
        assert all(key in all_rows() for key in rows_of(name))
    assert benefit_words("exercise") == ""


def test_who_was_chosen_for_a_high_risk_is_said_to_have_had_more_to_gain() -> None:
    chosen = {name for name, one in BENEFITS.items() if "osteoporosis" in one.who or "broken" in one.who}
    assert "romosozumab" in chosen
    assert all("less to gain" in benefit_words(name) for name in chosen)


def test_the_rows_behind_a_count_of_people_to_treat_are_named() -> None:
    assert "reid2018.nnt" in rows_of("zoledronate")


@pytest.mark.parametrize("record", [WOMAN, THIN])
def test_the_best_proven_medicine_stands_in_the_stem_cell_box(record: dict[str, Any]) -> None:
    said = view(record).stem_cells[-1]
    assert said.startswith("The medicine with the best proof in osteopenia is zoledronate.")
    assert said.endswith("It is not for you now." if record is THIN else "Ask if it is right for you.")


def test_who_takes_the_best_proven_medicine_is_not_told_to_ask_for_it() -> None:
    said = view(WOMAN, treatments=[{"therapy": "zoledronate", "start": "2026-01-10"}]).stem_cells[-1]
    assert said.endswith("You take it now.")


def test_what_is_asked_about_health_is_what_is_missing() -> None:
    man = view({"sex": "male", "age_years": 60, "scans": WOMAN["scans"]}).needed
    assert "answers about your health, such as broken bones, your teeth and steroid tablets" in man
    assert "clots" not in man


def test_what_has_to_be_known_first_is_named() -> None:
    said = view(WOMAN).needed
    assert "a FRAX result, a sum that your doctor can do" in said
    assert "a blood test of your kidneys, calcium and vitamin D" in said
    assert "clots" in said
    assert view(THIN).needed.startswith("What would help to know: a blood test of vitamin D; how much calcium")


def test_calcium_and_vitamin_d_are_advised_where_a_guideline_advises_them_to_everybody() -> None:
    assert "calcium and vitamin D" in next(one for one in view(WOMAN).short if one.startswith("Advised"))
    history = {**WOMAN["history"], "calcium_intake_mg_per_day": 1300}  # type: ignore[dict-item]
    enough = view(WOMAN, history=history, labs={"vitamin_d_nmol_l": 80})
    assert any(one.label == "Calcium and vitamin D" for one in enough.not_now)


def test_an_age_or_a_body_that_no_sum_covers_is_not_called_a_gap_in_the_record() -> None:
    said = " ".join(view(THIN).break_text)
    assert "do not work at your age and weight" in said
    assert "added" not in said
    assert "not on record" not in said
    unknown = " ".join(view(THIN, weight_kg=None).break_text)
    assert "not on record" in unknown
    assert "does not work at your age" in unknown


def test_the_score_that_counts_before_the_menopause_is_said() -> None:
    assert "Your lowest Z-score is −2.2, at the lower back." in view(THIN).number_text


def test_the_patient_reads_the_sources_of_the_counts_and_the_doctor_all() -> None:
    report = build_report(Person.model_validate(WOMAN), years=1)
    on_page = {number for number, *_ in patient_view(report).sources}
    everything = {one.number for one in report.sources}
    assert on_page < everything
    assert len(on_page) < 60
    counted = [one.therapy for one in report.options if one.standing in ("advised", "consider", "trial")]
    assert "alendronate" in counted
    for therapy in counted:
        for name in (*rows_of(therapy), *harm_rows(therapy)):
            assert row(name).source in {one.key for one in report.sources if one.number in on_page}, name


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"age_years": 58}, "In ten years, 11 of 100 without it had a new break in the spine on an X-ray. With two "),
        ({"age_years": 62}, "They were older than you, so you may have less to gain."),
        ({"sex": "male", "age_years": 70, "menopause_age_years": None}, "They were women, so the numbers may not fit"),
        (
            {
                "age_years": 66,
                "weight_kg": 75,
                "scans": [{"date": "2026-10-12", "sites": [{"site": "femoral_neck", "t_score": -1.0}]}],
            },
            "Your own risk is lower than theirs was",
        ),
    ],
)
def test_one_in_15_is_said_to_women_like_those_of_the_trial_only(more: dict[str, Any], said: str) -> None:
    shown = view(WOMAN | more)
    texts = [shown.stem_cells[-1], *(one.benefit for one in shown.choices if one.label == "Zoledronate")]
    for text in texts:
        assert said in text
        assert "15 had to take it" not in text
    older = view(WOMAN, age_years=76)
    assert "So 15 had to take it for one to be spared." in older.stem_cells[-1]
