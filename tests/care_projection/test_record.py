"""From a record to what the model takes: doses, medicines that cost bone, other scanners, and what is left out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from osteon.care.projection import project_person
from osteon.care.projection.record import read_record, with_record
from osteon.evidence import value
from osteon.person import Person
from osteon.twin.engine.regimen import Bolus, Infusion
from osteon.twin.osteon_model.regimens import model_regimen

DAY = "2026-03-02"
HIP = {"site": "total_hip", "bmd_g_cm2": 0.761, "t_score": -1.5}


def person(**more: Any) -> Person:
    scans = [{"date": DAY, "device": "Hologic", "sites": [HIP]}]
    return Person.model_validate({"sex": "female", "age_years": 64, "menopause_age_years": 50, "scans": scans, **more})


def hip_gain(who: Person, therapy: str, year: float = 2.0) -> float:
    result = project_person(who, [therapy], years=year)
    one = next(one for one in result.therapies if one.site == "total_hip")
    return 100.0 * (one.median[-1] / one.median[0] - 1.0)


def treated(*treatments: dict[str, Any], **more: Any) -> Person:
    return person(treatments=list(treatments), **more)


def test_a_treatment_becomes_doses_from_its_date_and_the_next_one_comes_when_it_is_due() -> None:
    record = read_record(treated({"therapy": "denosumab", "start": "2025-01-02"}))
    (course,) = record.data.past.courses
    assert isinstance(course, Bolus)
    assert course.doses == 3  # January and July 2025, January 2026
    assert record.data.past_from_years == pytest.approx(64 - 424 / 365.25)
    (following,) = with_record(model_regimen("denosumab").regimen, record).courses
    assert isinstance(following, Bolus)
    assert following.first_day == pytest.approx(3 * 182.5 - 424 / 365.25 * 365.0, abs=0.01)
    (other,) = with_record(model_regimen("zoledronate").regimen, record).courses
    assert isinstance(other, Bolus)
    assert other.first_day == 0.0


def test_someone_treated_before_does_not_start_from_untreated_bone() -> None:
    never, now = person(), treated({"therapy": "zoledronate", "start": "2024-02-20"})
    assert hip_gain(now, "none") > hip_gain(never, "none") + 0.3  # the infusions still work
    assert hip_gain(now, "zoledronate") < hip_gain(never, "zoledronate") - 0.5  # and most of the gain has been made
    stopped = treated({"therapy": "denosumab", "start": "2022-01-10", "stop": "2026-01-10"})
    assert hip_gain(stopped, "none") < hip_gain(never, "none") - 2.0


def test_overlapping_and_repeated_entries_of_one_medicine_are_one_course() -> None:
    entries = [
        {"therapy": "alendronate", "start": "2018-01-01", "stop": "2020-01-01"},
        {"therapy": "alendronate", "start": "2019-01-01", "stop": "2021-01-01"},
        {"therapy": "alendronate", "start": "2023-01-01"},
    ]
    courses = read_record(treated(*entries)).data.past.courses
    assert len(courses) == 2
    assert all(isinstance(one, Infusion) for one in courses)


@pytest.mark.parametrize(
    ("treatment", "used", "says"),
    [
        ({"therapy": "alendronate"}, True, "its start is not recorded: taken as a year ago"),
        ({"therapy": "alendronate", "stop": "2024-01-01"}, False, "has no date of its start, so it is left out"),
        ({"therapy": "alendronate", "start": "2026-03-20"}, False, "began after the latest scan"),
        ({"therapy": "msc_marrow", "start": "2024-01-01"}, False, "no effect on bone is known"),
    ],
)
def test_what_had_to_be_assumed_or_left_out_is_said(treatment: dict[str, str], used: bool, says: str) -> None:
    record = read_record(treated(treatment))
    assert bool(record.data.past.courses) is used
    assert any(says in one for one in (record.used if used else record.not_used))


def test_medicines_that_cost_bone_go_on_beside_every_therapy() -> None:
    steroid = person(history={"glucocorticoids": True, "glucocorticoid_prednisone_mg_per_day": 10.0})
    record = read_record(steroid)
    assert [one.drug for one in record.going_on] == ["glucocorticoid"]
    assert {one.drug for one in with_record(model_regimen("zoledronate").regimen, record).courses} == {
        "zoledronate",
        "glucocorticoid",
    }
    assert hip_gain(steroid, "none") < hip_gain(person(), "none") - 0.3
    without_dose = read_record(person(history={"glucocorticoids": True}))
    assert without_dose.going_on == ()
    assert any("no dose is recorded" in one for one in without_dose.not_used)


@pytest.mark.parametrize(
    ("sex", "more", "drug"),
    [
        ("female", {"history": {"aromatase_inhibitor": True}}, "aromatase_inhibitor"),
        ("female", {"history": {"thyrotoxicosis": True}}, "thyroxine_excess"),
        ("female", {"labs": {"tsh_miu_l": 0.02}}, "thyroxine_excess"),
        ("male", {"history": {"androgen_deprivation": True}}, "androgen_deprivation"),
    ],
)
def test_hormones_and_their_blockers_reach_the_model(sex: str, more: dict[str, Any], drug: str) -> None:
    record = read_record(Person.model_validate({"sex": sex, "age_years": 70, **more}))
    assert drug in [one.drug for one in record.going_on]
    assert any("taken as begun a year ago" in one for one in record.used)


def test_present_hormone_therapy_is_past_treatment_that_the_projection_may_stop() -> None:
    record = read_record(person(history={"oestrogen": "current"}))
    assert [one.drug for one in record.data.past.courses] == ["hormone_therapy"]
    assert record.going_on == ()


def test_habits_that_are_kept_go_on() -> None:
    record = read_record(treated({"therapy": "exercise", "start": "2024-01-01"}))
    assert [one.drug for one in record.going_on] == ["exercise"]
    assert len(with_record(model_regimen("exercise").regimen, record).courses) == 1


def test_traits_of_the_record_reach_the_fit_and_what_has_no_term_is_named() -> None:
    history = {
        "smoking": "current",
        "physically_inactive": True,
        "rheumatoid_arthritis": True,
        "alcohol_units_per_day": 8.0,
        "hyperparathyroidism": True,
        "diabetes": "type2",
        "calcium_intake_mg_per_day": 1100.0,
    }
    record = read_record(person(history=history, labs={"vitamin_d_nmol_l": 80.0, "ctx_ng_l": 400.0}))
    assert record.data.fixed == {
        "smoking": 1.0,
        "alcohol_excess": 1.0,
        "inactivity": 1.0,
        "inflammatory_disease": 1.0,
        "calcium_deficit": 0.0,
    }
    text = " ".join(record.used)
    for words in ("Smoking", "much alcohol", "inactivity", "rheumatoid", "Enough calcium", "CTX", "Menopause at 50"):
        assert words in text
    (unknown,) = (one for one in record.not_used if "no term" in one)
    assert "overactive parathyroid" in unknown
    assert "diabetes" in unknown


def test_another_makers_density_is_brought_onto_the_scale_of_the_fit() -> None:
    scans = [{"date": DAY, "device": "GE Lunar Prodigy", "sites": [{**HIP, "bmd_g_cm2": 0.812}]}]
    (visit,) = read_record(person(scans=scans)).data.visits
    lunar, hologic = (
        value(f"sbmd.{maker}.total_hip.intercept") + value(f"sbmd.{maker}.total_hip.slope") * bmd
        for maker, bmd in (("ge_lunar", 0.812), ("hologic", visit.bmd_g_cm2["total_hip"]))
    )
    assert lunar == pytest.approx(hologic, abs=1e-9)
    assert visit.bmd_g_cm2["total_hip"] < 0.812


def test_scans_of_two_makers_are_not_mixed() -> None:
    scans = [
        {"date": "2021-03-02", "device": "GE Lunar Prodigy", "sites": [{**HIP, "bmd_g_cm2": 0.83}]},
        {"date": DAY, "device": "Hologic", "sites": [HIP]},
    ]
    record = read_record(person(scans=scans))
    assert [visit.age_years for visit in record.data.visits] == [64.0]
    assert any("2021-03-02" in one for one in record.not_used)


@pytest.mark.parametrize(
    ("field", "drug", "says"),
    [("bed_rest", "immobilisation", "Bed rest"), ("losing_weight", "weight_loss", "Loss of weight")],
)
def test_states_that_pass_cost_bone_and_end(field: str, drug: str, says: str) -> None:
    record = read_record(person(history={field: True}))
    (going_on,) = record.going_on
    assert going_on.drug == drug
    assert going_on.end_day == pytest.approx(0.5 * 365.0)
    assert [one.drug for one in record.data.past.courses] == [drug]
    assert any(says in one and "half a year" in one for one in record.used)


def test_the_time_on_a_glucocorticoid_is_taken_from_the_record() -> None:
    history = {"glucocorticoids": True, "glucocorticoid_prednisone_mg_per_day": 10.0}
    record = read_record(person(history={**history, "glucocorticoid_months": 60.0}))
    assert record.data.past_from_years == pytest.approx(59.0)
    assert any("for 60 months so far" in one for one in record.used)
    # Most of the loss comes early, so who has taken it for long loses less from now on.
    new = person(history={**history, "glucocorticoid_months": 1.0})
    assert hip_gain(new, "none") < hip_gain(person(history={**history, "glucocorticoid_months": 60.0}), "none")


def test_a_steroid_that_goes_on_is_said_with_what_a_shorter_course_would_do() -> None:
    who = person(history={"glucocorticoids": True, "glucocorticoid_prednisone_mg_per_day": 40.0})
    (note,) = (one for one in project_person(who, ["none"], years=10).warnings if "prednisone" in one)
    assert "40 mg prednisone a day goes on unchanged to their end, for 10 years" in note
    on, ended = (float(one.replace("\N{MINUS SIGN}", "-")) for one in re.findall(r"by (\S+) %", note))
    assert on < ended - 1.0
    assert on == pytest.approx(hip_gain(who, "none", year=10), abs=0.1)
    (short,) = (one for one in project_person(who, ["none"], years=1).warnings if "prednisone" in one)
    assert short.endswith("for 1 year.")
    assert not any("prednisone" in one for one in project_person(person(), ["none"], years=2).warnings)


def test_a_short_course_ends_in_the_curves() -> None:
    course = {"glucocorticoid_prednisone_mg_per_day": 40.0, "glucocorticoid_months": 1.0}
    record = read_record(person(history={**course, "glucocorticoids": False}))
    (going_on,) = record.going_on
    assert going_on.end_day == pytest.approx(2 * 365 / 12, abs=0.2)
    assert any("recorded as a short course, taken as over at 3 months" in one for one in record.used)
    open_end = read_record(person(history=course))
    assert open_end.going_on[0].end_day == float("inf")


def test_surgery_makes_an_early_menopause_sudden() -> None:
    young: dict[str, Any] = {"sex": "female", "age_years": 43, "menopause_age_years": 42}
    natural = read_record(Person.model_validate(young))
    surgical = read_record(Person.model_validate({**young, "history": {"surgical_menopause": True}}))
    assert natural.data.menopause_years == 42.0
    assert surgical.data.fixed["surgical_menopause"] == 1.0
    assert surgical.data.fixed["menopause_age"] == 42.0
    assert "Menopause by surgery at 42." in surgical.used
    undated = read_record(
        Person.model_validate({"sex": "female", "age_years": 50, "history": {"surgical_menopause": True}})
    )
    assert any("age at the operation is not recorded" in one for one in undated.not_used)
    assert undated.data.fixed == {}
