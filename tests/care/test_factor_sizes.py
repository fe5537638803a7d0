"""How much each risk factor matters: the two models asked with it and without it, checked against the models."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import risk_profile
from osteon.care.factor_size import bone, with_sizes
from osteon.care.fracture import fracture_risks
from osteon.care.result import RiskFactor, RiskProfile
from osteon.densitometry import assess
from osteon.person import Person
from osteon.twin.osteon_model.project import project_sites


def woman(history: dict[str, Any], **more: Any) -> Person:
    record = {
        "sex": "female",
        "age_years": 66,
        "height_cm": 163,
        "weight_kg": 61,
        "menopause_age_years": 50,
        "history": history,
        "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}],
    }
    return Person.model_validate({**record, **more})


def profile_of(person: Person) -> RiskProfile:
    densitometry = assess(person)
    return with_sizes(risk_profile(person, densitometry), person, densitometry)


def factor(person: Person, key: str) -> RiskFactor:
    return next(one for one in profile_of(person).factors if one.key == key)


def open_model(person: Person) -> dict[str, float]:
    found = fracture_risks(person, assess(person))
    return {one.outcome: one.percent for one in found if "open" in one.tool and one.percent is not None}


NONE = {
    "smoking": "never",
    "parent_hip_fracture": False,
    "glucocorticoids": False,
    "rheumatoid_arthritis": False,
    "previous_fragility_fracture": False,
    "falls_last_year": 0,
    "diabetes": "none",
    "alcohol_units_per_day": 0,
}
EACH: dict[str, dict[str, Any]] = {
    "smoking": {"smoking": "current"},
    "parent_hip_fracture": {"parent_hip_fracture": True},
    "glucocorticoids": {"glucocorticoids": True},
    "rheumatoid_arthritis": {"rheumatoid_arthritis": True},
    "fracture": {"previous_fragility_fracture": True},
    "falls": {"falls_last_year": 2},
    "diabetes1": {"diabetes": "type1"},
    "diabetes2": {"diabetes": "type2"},
    "alcohol": {"alcohol_units_per_day": 4},
}


@pytest.mark.parametrize("key", EACH)
def test_with_and_without_are_the_answers_for_the_two_records(key: str) -> None:
    having, lacking = woman({**NONE, **EACH[key]}), woman(NONE)
    for size in factor(having, key).fracture:
        assert size.with_percent == pytest.approx(open_model(having)[size.outcome], rel=1e-12)
        assert size.without_percent == pytest.approx(open_model(lacking)[size.outcome], rel=1e-12)
        assert size.with_percent > size.without_percent


@pytest.mark.parametrize("key", EACH)
def test_what_is_not_recorded_is_asked_for_as_present_and_as_absent(key: str) -> None:
    history = {name: value for name, value in NONE.items() if name not in EACH[key]}
    unknown = factor(woman(history), key)
    assert unknown.state == "unknown"
    for size in unknown.fracture:
        assert size.with_percent == pytest.approx(open_model(woman({**NONE, **EACH[key]}))[size.outcome], rel=1e-12)
        assert size.without_percent == pytest.approx(open_model(woman(NONE))[size.outcome], rel=1e-12)


def test_an_absent_factor_has_no_size() -> None:
    assert all(one.fracture == () and one.bone is None for one in profile_of(woman(NONE)).factors if one.key in EACH)


def test_all_changeable_factors_together() -> None:
    both = woman({**NONE, "smoking": "current", "falls_last_year": 3, "parent_hip_fracture": True})
    neither = woman({**NONE, "parent_hip_fracture": True})
    for size in profile_of(both).together:
        assert size.without_percent == pytest.approx(open_model(neither)[size.outcome], rel=1e-12)
    assert len(profile_of(both).together) == 2
    assert profile_of(neither).together == ()


@pytest.mark.parametrize(("trait", "key", "therapy"), [("smoking", "smoking", "stop_smoking")])
def test_the_bone_size_agrees_with_the_projection_of_the_same_change(trait: str, key: str, therapy: str) -> None:
    smoker = woman({"smoking": "current"})
    paths = project_sites(66, ["none", therapy], traits={trait: 1.0, "menopause_age": 50.0})
    hip = {one.therapy: one.relative[-1] for one in paths if one.site == "total_hip"}
    size = factor(smoker, key).bone
    assert size is not None
    # The therapy takes some weeks to set in; here the factor ends at once.
    assert size.difference_percent == pytest.approx(100 * (hip["none"] - hip[therapy]), rel=0.05)


def test_bone_sizes_have_the_sign_that_is_known_and_do_not_depend_on_how_many_are_asked() -> None:
    history = {
        "smoking": "current",
        "alcohol_units_per_day": 8,
        "physically_inactive": True,
        "glucocorticoids": True,
        "glucocorticoid_prednisone_mg_per_day": 7.5,
        "aromatase_inhibitor": True,
        "rheumatoid_arthritis": True,
    }
    person = woman(history, menopause_age_years=42, labs={"tsh_miu_l": 0.02, "vitamin_d_nmol_l": 25})
    sizes = {one.key: one.bone for one in profile_of(person).factors if one.bone is not None}
    assert set(sizes) == {
        "smoking", "alcohol", "inactivity", "glucocorticoids", "aromatase_inhibitor", "rheumatoid_arthritis",
        "early_menopause", "thyroid", "vitamin_d",
    }  # fmt: skip
    assert all(one.difference_percent < 0 for one in sizes.values())
    dose = {"glucocorticoids": True, "glucocorticoid_prednisone_mg_per_day": 2.5}
    low = factor(woman(dose), "glucocorticoids").bone
    high = factor(woman({**dose, "glucocorticoid_prednisone_mg_per_day": 20}), "glucocorticoids").bone
    assert low is not None
    assert high is not None
    assert high.difference_percent < low.difference_percent


def test_a_man_on_androgen_deprivation_has_a_size() -> None:
    man = woman({"androgen_deprivation": True}, sex="male", menopause_age_years=None)
    size = factor(man, "androgen_deprivation").bone
    assert size is not None
    assert -20 < size.difference_percent < -1


def test_few_and_many_factors_use_two_engines_that_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = ("smoking", "inactivity", "rheumatoid_arthritis", "vitamin_d", "thyroid", "aromatase_inhibitor")
    person = woman({"smoking": "current"})
    found = []
    for most_in_plain_floats in (0, 100):
        monkeypatch.setattr(bone, "FEW_PEOPLE", most_in_plain_floats)
        found.append(bone.bone_sizes(person, keys)[0])
    assert set(found[0]) == set(keys)
    for key in keys:
        assert found[0][key].difference_percent == pytest.approx(found[1][key].difference_percent, rel=1e-9)


def test_why_there_is_no_size_is_said() -> None:
    assert "daily dose" in factor(woman({"glucocorticoids": True}), "glucocorticoids").not_sized
    assert "units a day" in factor(woman({"alcohol_units_per_day": 4}), "alcohol").not_sized
    assert "Neither" in factor(woman({"epilepsy": True}), "epilepsy").not_sized
    young = woman({"smoking": "current"}, age_years=44, menopause_age_years=None, menopausal_status="premenopausal")
    assert "covers ages" in factor(young, "smoking").not_sized
    old = woman({"smoking": "current", "physically_inactive": True}, age_years=94)
    assert "ten years ahead" in factor(old, "inactivity").not_sized


def test_without_any_size_there_is_no_note() -> None:
    assert profile_of(woman({}, age_years=94)).sizes_note == ""
    assert "need not bring all of it back" in profile_of(woman({"smoking": "current"})).sizes_note
