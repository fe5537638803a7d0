from __future__ import annotations

from typing import Any

import pytest
from care_cases import frax

from osteon.care import bone_losing_medicines, cell_therapy, monitoring, options, questions, risk_profile
from osteon.care.facts import Facts
from osteon.care.result import Option
from osteon.care.truth import NO, YES, Truth, every, opposite, some
from osteon.densitometry import assess
from osteon.evidence import value
from osteon.person import Person
from osteon.risk import fracture_risks as tools

UNKNOWN = Truth(None, ("x",))


def woman(neck: float | None = -1.8, age: float = 68, **fields: Any) -> Person:
    scans = [] if neck is None else [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": neck}]}]
    record: dict[str, Any] = {"sex": "female", "age_years": age, "menopause_age_years": 50, "scans": scans}
    return Person.model_validate({**record, **fields})


def option(person: Person, therapy: str, *risks: Any) -> Option:
    return next(one for one in options(person, assess(person), risks) if one.therapy == therapy)


def test_three_valued_logic_keeps_what_is_missing() -> None:
    assert every([YES, NO, UNKNOWN]) == NO
    assert every([YES, UNKNOWN]) == UNKNOWN
    assert every([]) == YES
    assert some([NO, YES, UNKNOWN]) == YES
    assert some([NO, UNKNOWN]) == UNKNOWN
    assert opposite(UNKNOWN) == UNKNOWN
    assert opposite(YES) == NO


def test_a_falling_back_phrase_asks_the_second_only_when_the_first_is_unknown() -> None:
    person = woman(labs={"egfr_ml_min": 25})
    facts = Facts(person, assess(person))
    assert facts.holds("kidney disease else egfr<30") == YES
    recorded = woman(labs={"egfr_ml_min": 25}, history={"chronic_kidney_disease_4_5": False})
    assert Facts(recorded, assess(recorded)).holds("kidney disease else egfr<30") == NO


def test_the_order_is_foundations_then_waiting_then_medicines_then_cells() -> None:
    person = woman(neck=-2.7, labs={"egfr_ml_min": 80, "calcium_mmol_l": 2.3, "vitamin_d_nmol_l": 70})
    names = [one.therapy for one in options(person, assess(person))]
    assert names.index("exercise") < names.index("none") < names.index("zoledronate")
    assert names.index("zoledronate") < names.index("denosumab") < names.index("msc_marrow")


def test_both_the_threshold_and_the_osteopenia_trial_are_shown() -> None:
    one = option(woman(), "zoledronate", frax("major_osteoporotic", 21.0))
    shown = {(row.guideline, row.year) for row in one.guidelines if row.applies is True}
    assert {("BHOF", 2022), ("AACE", 2020), ("Trial: Reid", 2018)} <= shown


def test_a_question_that_the_record_answers_leaves_no_empty_reason() -> None:
    on_steroids = woman(history={"glucocorticoids": True, "glucocorticoid_prednisone_mg_per_day": 7.5})
    for one in options(on_steroids, assess(on_steroids)):
        assert all(one.reasons), one.therapy
    assert "glucocorticoids" not in " ".join(option(on_steroids, "zoledronate").checks)


def test_without_frax_the_threshold_row_says_what_is_missing() -> None:
    rows = [row for row in option(woman(), "zoledronate").guidelines if row.guideline == "BHOF"]
    assert rows
    assert all(row.applies == "uncertain" and "FRAX" in " ".join(row.missing) for row in rows)


def test_disagreeing_guidelines_are_both_shown_and_named_as_such() -> None:
    one = option(woman(neck=-2.7), "raloxifene")
    verdicts = {row.guideline: row.verdict for row in one.guidelines if row.applies is True}
    assert verdicts["ACP and AAFP"] == "against"
    assert verdicts["Endocrine Society"] == "may"
    assert any("disagree" in reason for reason in one.reasons)


def test_denosumab_always_speaks_of_the_way_out() -> None:
    one = option(woman(neck=-2.7), "denosumab")
    assert any("plan for what follows" in reason for reason in one.reasons)
    assert "never" in one.on_stopping.casefold()


def test_a_person_on_denosumab_is_warned_on_the_line_of_no_treatment() -> None:
    person = woman(neck=-2.7, treatments=[{"therapy": "denosumab", "start": "2022-01-01"}])
    assert any("not a safe choice" in reason for reason in option(person, "none").reasons)
    assert "Takes it now." in option(person, "denosumab").reasons


def test_low_vitamin_d_comes_first() -> None:
    person = woman(neck=-2.7, labs={"egfr_ml_min": 80, "calcium_mmol_l": 2.3, "vitamin_d_nmol_l": 30})
    one = option(person, "zoledronate")
    assert (one.standing, one.eligible) == ("advised", "uncertain")
    assert any("correct it first" in reason for reason in one.reasons)


def test_absolute_numbers_stand_on_the_zoledronate_card() -> None:
    summary = option(woman(), "zoledronate").evidence.summary
    for number in ("122", "190", "6.6 %", "11.1 %"):
        assert number in summary


@pytest.mark.parametrize(
    ("score", "years"),
    [(-0.5, 15.0), (-1.2, 15.0), (-1.7, 4.7), (-2.2, 1.1)],
)
def test_the_next_scan_follows_gourlay_and_never_beyond_fifteen_years(score: float, years: float) -> None:
    person = woman(neck=score)
    assert monitoring(person, assess(person))[0].years_from_scan == pytest.approx(years)


def test_the_study_of_intervals_is_not_stretched_to_others() -> None:
    by_age = [{"date": "2026-03-02", "sites": [{"site": "lumbar_spine", "z_score": -1.2}]}]
    young = woman(age=38, menopause_age_years=None, menopausal_status="premenopausal", scans=by_age)
    man = Person.model_validate({**_man(), "age_years": 70})
    for person, source in (
        (woman(neck=-1.7, age=58), "acog2021"),
        (man, "acr_choosing_wisely"),
        (young, "acr_choosing_wisely"),
    ):
        step = monitoring(person, assess(person))[0]
        assert step.sources == (source,)


@pytest.mark.parametrize(
    ("score", "age", "when", "years"),
    [
        (-2.2, 72, "in 6 to 12 months while the steroid is taken", 1.0),
        (-1.5, 58, "in 6 to 12 months while the steroid is taken", 1.0),
        (-1.4, 58, "in 1 to 3 years while the steroid is taken", 3.0),
        (-0.5, 70, "in 1 to 3 years while the steroid is taken", 3.0),
    ],
)
@pytest.mark.parametrize("sex", ["female", "male"])
def test_steroids_bring_the_next_scan_forward_at_any_age(
    sex: str, score: float, age: float, when: str, years: float
) -> None:
    sites = [{"site": "femoral_neck", "t_score": score}]
    person = Person.model_validate(
        {
            "sex": sex,
            "age_years": age,
            "history": {"glucocorticoid_prednisone_mg_per_day": 7.5},
            "scans": [{"date": "2026-03-02", "sites": sites}],
        }
    )
    step = monitoring(person, assess(person))[0]
    assert (step.when, step.years_from_scan) == (when, years)


def test_a_scan_below_the_range_for_age_waits_for_its_cause() -> None:
    sites = [{"site": "lumbar_spine", "z_score": -2.2}]
    person = Person.model_validate(
        {
            "sex": "female",
            "age_years": 38,
            "menopausal_status": "premenopausal",
            "scans": [{"date": "2026-03-02", "sites": sites}],
        }
    )
    assert monitoring(person, assess(person))[0].when.startswith("as the cause that is found asks for")


def _man() -> dict[str, Any]:
    return {"sex": "male", "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.7}]}]}


def test_a_long_course_is_due_for_review() -> None:
    person = woman(neck=-2.7, treatments=[{"therapy": "alendronate", "start": "2019-03-02"}])
    review = next(step for step in monitoring(person, assess(person)) if step.what.startswith("Review"))
    assert (review.when, review.years_from_scan) == ("now", 0.0)
    person = woman(neck=-2.7, treatments=[{"therapy": "zoledronate", "start": "2025-03-02"}])
    review = next(step for step in monitoring(person, assess(person)) if step.what.startswith("Review"))
    assert review.years_from_scan == pytest.approx(2.0, abs=0.01)


def test_the_profile_keeps_unknown_apart_from_absent() -> None:
    person = woman(history={"parent_hip_fracture": True, "smoking": "never"}, labs={"tsh_miu_l": 0.05})
    factors = {one.key: one for one in risk_profile(person, assess(person)).factors}
    assert factors["parent_hip_fracture"].state == "present"
    assert factors["parent_hip_fracture"].changeable == "no"
    assert factors["smoking"].state == "absent"
    assert factors["alcohol"].state == "unknown"
    assert factors["thyroid"].state == "present"
    assert f"{value('family.hip_rr'):g}" in factors["parent_hip_fracture"].effect


def test_tests_for_a_hidden_cause_follow_the_person() -> None:
    person = woman(labs={"vitamin_d_nmol_l": 30})
    tests = {one.name: one.done for one in risk_profile(person, assess(person)).tests}
    assert tests["Vitamin D (25-hydroxyvitamin D)"] is True
    assert tests["Thyroid function (TSH)"] is False
    assert "Coeliac antibodies" in tests
    assert "Testosterone" not in tests
    healthy = woman(neck=0.5, history={"previous_fragility_fracture": False})
    assert risk_profile(healthy, assess(healthy)).tests == ()


def test_bone_losing_medicines_are_found_by_whole_words() -> None:
    found = bone_losing_medicines(["Prednisolone 5 mg tablets", "omeprazole", "Lithiumfree tea", "paracetamol"])
    assert [(one.name, one.drug_class) for one in found] == [
        ("Prednisolone 5 mg tablets", "Glucocorticoids"),
        ("omeprazole", "Proton pump inhibitors"),
    ]


def test_the_cell_page_is_whole_and_ranks_nobody() -> None:
    page = cell_therapy(woman(), assess(woman()))
    assert len(page.provider_checklist) == 12
    assert len(page.red_flags) >= 8
    assert {one.region for one in page.regulators} >= {"United States", "European Union", "Australia"}
    assert {one.answer for one in page.suitability} <= {"yes", "no", "unknown"}
    assert "no provider anywhere" in page.provider_rule
    words = page.model_dump_json().casefold()
    for banned in ("http", "best clinic", "recommended clinic", "top provider"):
        assert banned not in words


def test_suitability_leaves_unknown_what_the_record_does_not_hold() -> None:
    answers = {one.question: one.answer for one in cell_therapy(woman(neck=None)).suitability}
    assert answers["Is there no cancer, now or before?"] == "unknown"
    assert answers["Is the bone loss severe enough for a first trial in people?"] == "unknown"
    ill = woman(history={"cancer": True, "glucocorticoids": True})
    answers = {one.question: one.answer for one in cell_therapy(ill, assess(ill)).suitability}
    assert answers["Is there no cancer, now or before?"] == "no"
    assert answers["Is the immune system neither suppressed nor overactive?"] == "no"
    assert answers["Is the bone loss severe enough for a first trial in people?"] == "no"


def test_questions_follow_the_person() -> None:
    person = woman(neck=-2.7, history={"falls_last_year": 2})
    asked = questions(person, assess(person), options(person, assess(person)))
    assert any("fall again" in one for one in asked)
    assert any("denosumab" in one for one in asked)
    well = woman(neck=0.5, age=64, history={"previous_fragility_fracture": False})
    asked = questions(well, assess(well), options(well, assess(well)))
    assert not any("denosumab" in one for one in asked)


def test_a_fracture_in_the_past_year_makes_the_risk_very_high() -> None:
    recent = woman(history={"fragility_fracture_sites": ["spine"], "months_since_last_fragility_fracture": 5})
    assert option(recent, "teriparatide").standing == "advised"
    old = woman(
        history={
            "fragility_fracture_sites": ["spine"],
            "months_since_last_fragility_fracture": 60,
            "fragility_fracture_count": 1,
        }
    )
    assert option(old, "teriparatide", frax("major_osteoporotic", 20.0), frax("hip", 2.0)).standing == "not now"
    several = woman(history={"fragility_fracture_count": 3})
    assert option(several, "teriparatide").standing == "advised"


def test_a_frax_result_in_the_record_counts_without_being_passed() -> None:
    typed = woman(age=62, frax={"date": "2026-02-01", "country": "UK", "major_osteoporotic_percent": 21})
    assert option(typed, "risedronate").standing == "advised"


def test_a_very_low_tsh_is_not_shown_as_nought() -> None:
    person = woman(labs={"tsh_miu_l": 0.02, "egfr_ml_min": 24.6})
    findings = {one.key: one.finding for one in risk_profile(person, assess(person)).factors}
    assert any("0.02 mIU/L" in one for one in findings.values())
    assert any("24.6 mL/min" in one for one in findings.values())


@pytest.mark.parametrize(("calcium", "word"), [(2.82, "high"), (2.02, "low"), (2.4, None)])
def test_calcium_out_of_range_comes_before_any_medicine(calcium: float, word: str | None) -> None:
    person = woman(labs={"calcium_mmol_l": calcium, "pth_pmol_l": 14})
    first = monitoring(person, assess(person))[0]
    if word is None:
        assert first.what == "Bone-density scan"
    else:
        assert first.what == f"Cause of the {word} blood calcium"
        assert "14 pmol/L" in first.why


def test_a_filtration_on_record_answers_for_kidney_disease() -> None:
    def missing(**fields: Any) -> set[str]:
        record = {"history": {"smoking": "never", "alcohol_units_per_day": 0}, "height_cm": 160, "weight_kg": 60}
        return {name for one in tools(woman(**record, **fields)) for name in one.inputs_missing}

    asked = "history.chronic_kidney_disease_4_5"
    assert asked in missing()
    assert asked not in missing(labs={"egfr_ml_min": 80})
    weak, sound = (
        tools(woman(history={"smoking": "never", "alcohol_units_per_day": 0}, bmi_kg_m2=24, labs={"egfr_ml_min": egfr}))
        for egfr in (25, 80)
    )
    assert [one.percent for one in weak] != [one.percent for one in sound]


def test_a_medicine_that_is_taken_is_not_called_not_needed_because_the_scan_is_good() -> None:
    good = woman(neck=-0.8, treatments=[{"therapy": "alendronate", "start": "2022-01-01"}])
    found = option(good, "alendronate")
    assert found.standing == "consider"
    assert found.recommendation.startswith("Takes it now")
    assert option(woman(neck=-0.8), "alendronate").standing == "not now"
    hormones = woman(neck=-0.8, history={"oestrogen": "current"})
    assert option(hormones, "hormone_therapy").reasons[0] == "Takes it now."


def test_what_a_guideline_says_twice_is_said_once() -> None:
    record = {"sex": "male", "age_years": 72, "history": {"fragility_fracture_sites": ["spine"]}}
    scans = [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -2.9}]}]
    reasons = option(Person.model_validate({**record, "scans": scans}), "zoledronate").reasons
    assert len(set(reasons)) == len(reasons)


def test_a_used_up_course_of_a_bone_builder_is_not_advised_again_and_asks_for_what_keeps_its_gain() -> None:
    course = {"therapy": "teriparatide", "start": "2023-01-01", "stop": "2024-12-31"}
    person = woman(neck=-3.6, history={"fragility_fracture_sites": ["spine", "hip"]}, treatments=[course])
    for therapy in ("teriparatide", "abaloparatide"):
        assert option(person, therapy).standing == "not suitable"
    assert monitoring(person, assess(person))[0].what == "Follow-on medicine after teriparatide"
    half = woman(
        neck=-3.6, treatments=[{**course, "stop": "2023-12-31"}, {"therapy": "zoledronate", "start": "2024-01-15"}]
    )
    assert option(half, "teriparatide").standing != "not suitable"
    assert not any("Follow-on" in step.what for step in monitoring(half, assess(half)))


def test_one_broken_wrist_with_a_mildly_low_score_does_not_ask_for_a_bone_builder() -> None:
    wrist = {"fragility_fracture_sites": ["wrist"], "months_since_last_fragility_fracture": 5}
    mild = woman(neck=-1.5, age=57, history=wrist)
    assert {option(mild, name).standing for name in ("teriparatide", "abaloparatide", "romosozumab")} == {"not now"}
    thin = woman(neck=-2.6, age=57, history=wrist)
    assert option(thin, "teriparatide").standing == "advised"


def test_after_a_bone_builder_the_options_ask_for_what_keeps_its_gain_even_at_a_good_score() -> None:
    course = {"therapy": "romosozumab", "start": "2025-01-01", "stop": "2025-12-20"}
    person = woman(neck=-0.4, treatments=[course])
    assert option(person, "alendronate").standing == "advised"
    assert not any("no bone medicine" in one.recommendation for one in options(person, assess(person)))
    long_ago = woman(neck=-0.4, treatments=[{**course, "start": "2019-01-01", "stop": "2019-12-20"}])
    assert option(long_ago, "alendronate").standing == "not now"
    assert not any("Follow-on" in step.what for step in monitoring(long_ago, assess(long_ago)))
