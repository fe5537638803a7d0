"""From a person's record to QFracture-2012: what is missing is listed, what is open stays open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.evidence import cite
from osteon.person import Ethnicity, Person
from osteon.risk import FractureRisk, fracture_risks
from osteon.risk.qfracture2012 import DISCLAIMER, Inputs, risk_percent
from osteon.risk.qfracture2012.record import read_record

BARE: dict[str, Any] = {"sex": "female", "age_years": 65, "height_cm": 160, "weight_kg": 64, "ethnicity": "white"}
BMI = 64 / (160 / 100) ** 2
HABITS: dict[str, Any] = {"smoking": "never", "alcohol_units_per_day": 0}
NO_TO_ALL: dict[str, Any] = {
    **HABITS,
    **dict.fromkeys(
        [
            "parent_hip_fracture",
            "parent_osteoporosis",
            "care_home",
            "previous_fragility_fracture",
            "glucocorticoids",
            "antidepressants",
            "rheumatoid_arthritis",
            "lupus",
            "thyrotoxicosis",
            "hyperparathyroidism",
            "cushing",
            "malabsorption",
            "chronic_liver_disease",
            "chronic_kidney_disease_4_5",
            "cardiovascular_disease",
            "asthma_copd",
            "cancer",
            "dementia",
            "parkinsons",
            "epilepsy",
        ],
        False,
    ),
    "falls_last_year": 0,
    "oestrogen": "never",
    "diabetes": "none",
}


def person(history: dict[str, Any] | None = None, **changes: Any) -> Person:
    return Person.model_validate({**BARE, "history": HABITS if history is None else history, **changes})


def both(one: Person, horizon_years: int = 10) -> tuple[FractureRisk, FractureRisk]:
    major, hip = (risk for risk in fracture_risks(one, horizon_years) if risk.tool == "QFracture-2012")
    assert (major.outcome, hip.outcome) == ("major_osteoporotic", "hip")
    return major, hip


def test_a_full_record_gives_the_number_without_reservation() -> None:
    for risk in both(person(NO_TO_ALL)):
        assert risk.inputs_missing == ()
        assert risk.reason == ""
        assert risk.percent == risk_percent(
            Inputs(sex="female", age=65, bmi=BMI, alcohol_cat6=0, smoke_cat=0), risk.outcome
        )
        assert risk.notice == DISCLAIMER
        assert cite(risk.sources)


def test_unrecorded_diagnoses_add_nothing_and_are_all_listed() -> None:
    full, sparse = both(person(NO_TO_ALL)), both(person(ethnicity=None))
    for known, unknown in zip(full, sparse, strict=True):
        assert unknown.percent == known.percent
        assert f"{len(unknown.inputs_missing)} inputs were not recorded" in unknown.reason
        assert "ethnicity" in unknown.inputs_missing
    assert len(sparse[0].inputs_missing) == 23
    assert set(sparse[0].inputs_missing) - set(sparse[1].inputs_missing) == {
        "history.malabsorption",
        "history.parent_hip_fracture",
        "history.parent_osteoporosis",
    }


@pytest.mark.parametrize("left_out", [name for name in NO_TO_ALL if name not in (*HABITS, "care_home")])
def test_each_field_left_out_is_listed(left_out: str) -> None:
    history = {name: answer for name, answer in NO_TO_ALL.items() if name != left_out}
    major = both(person(history))[0]
    assert major.inputs_missing == (f"history.{left_out}",)
    assert major.reason.startswith("1 input was not recorded.")
    assert major.percent is not None


@given(st.sets(st.sampled_from(sorted(NO_TO_ALL))))
def test_every_missing_input_is_listed_and_no_other(left_out: set[str]) -> None:
    history = {name: answer for name, answer in NO_TO_ALL.items() if name not in left_out}
    major, _ = both(person(history, sex="male"))
    women_only = {"thyrotoxicosis", "hyperparathyroidism", "cushing", "oestrogen"}
    assert set(major.inputs_missing) == {f"history.{name}" for name in left_out - women_only}
    assert (major.percent is None) == bool(left_out & {"smoking", "alcohol_units_per_day"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weight_kg": None}, "weight_kg"),
        ({"height_cm": None}, "height_cm"),
        ({"history": {"smoking": "never"}}, "history.alcohol_units_per_day"),
        ({"history": {"alcohol_units_per_day": 1}}, "history.smoking"),
    ],
)
def test_without_these_there_is_no_number(changes: dict[str, Any], field: str) -> None:
    for risk in both(person(**changes)):
        assert risk.percent is None
        assert risk.percent_range is None
        assert field in risk.inputs_missing
        assert field in risk.reason


@pytest.mark.parametrize(
    ("changes", "horizon", "words"),
    [
        ({"weight_kg": 110}, 10, "body mass index in kg/m² must be 20 to 40, and is 43.0"),
        ({"weight_kg": 51}, 10, "must be 20 to 40, and is 19.9"),
        ({"age_years": 29.9}, 10, "age in completed years must be 30 to 100, and is 29"),
        ({"age_years": 101}, 10, "must be 30 to 100, and is 101"),
        ({}, 19, "horizon in whole years must be 1 to 18, and is 19"),
        ({}, 0, "must be 1 to 18, and is 0"),
    ],
)
def test_outside_the_ranges_it_refuses_and_says_so(changes: dict[str, Any], horizon: int, words: str) -> None:
    for risk in both(person(**changes), horizon):
        assert risk.percent is None
        assert words in risk.reason


def test_age_counts_in_completed_years() -> None:
    assert both(person(age_years=65.99))[0].percent == both(person(age_years=65))[0].percent
    assert both(person(age_years=100.9))[0].percent is not None


@pytest.mark.parametrize(
    ("units", "level"),
    [(0, 0), (0.01, 1), (0.99, 1), (1, 2), (2.5, 2), (3, 3), (6.9, 3), (7, 4), (9, 4), (9.01, 5), (40, 5)],
)
def test_alcohol_by_units(units: float, level: int) -> None:
    assert read_record(person({**HABITS, "alcohol_units_per_day": units}))["alcohol_cat6"].values == (level,)


@pytest.mark.parametrize(
    ("history", "levels"),
    [
        ({"smoking": "never"}, (0,)),
        ({"smoking": "former"}, (1,)),
        ({"smoking": "current"}, (2, 3, 4)),
        ({"smoking": "current", "cigarettes_per_day": 0}, (2,)),
        ({"smoking": "current", "cigarettes_per_day": 9.5}, (2,)),
        ({"smoking": "current", "cigarettes_per_day": 10}, (3,)),
        ({"smoking": "current", "cigarettes_per_day": 20}, (4,)),
        ({"cigarettes_per_day": 15}, (3,)),
        ({"cigarettes_per_day": 0}, ()),
    ],
)
def test_smoking(history: dict[str, Any], levels: tuple[int, ...]) -> None:
    assert read_record(person(history))["smoke_cat"].values == levels


ETHRISK: dict[Ethnicity, tuple[int, ...]] = {
    "white": (1,),
    "indian": (2,),
    "pakistani": (3,),
    "bangladeshi": (4,),
    "other_asian": (5,),
    "black_caribbean": (6,),
    "black_african": (7,),
    "chinese": (8,),
    "other": (9,),
    "asian": (2, 3, 4, 5, 8),
    "black": (6, 7),
    "hispanic": (1, 9),
}


@pytest.mark.parametrize("ethnicity", ETHRISK)
def test_ethnicity_is_mapped_or_left_open(ethnicity: Ethnicity) -> None:
    one = person(NO_TO_ALL, ethnicity=ethnicity)
    assert read_record(one)["ethrisk"].values == ETHRISK[ethnicity]
    major, _ = both(one)
    each = [
        risk_percent(
            Inputs(sex="female", age=65, bmi=BMI, alcohol_cat6=0, smoke_cat=0, ethrisk=level), "major_osteoporotic"
        )
        for level in ETHRISK[ethnicity]
    ]
    if len(each) == 1:
        assert (major.percent, major.percent_range, major.inputs_missing) == (each[0], None, ())
    else:
        assert major.percent is None
        assert major.percent_range == (min(each), max(each))
        assert major.inputs_missing == ("ethnicity",)
        assert "ethnicity" in major.reason


def test_a_smoker_without_a_count_gets_the_range_that_fits() -> None:
    open_, _ = both(person({**NO_TO_ALL, "smoking": "current"}))
    light, _ = both(person({**NO_TO_ALL, "smoking": "current", "cigarettes_per_day": 5}))
    heavy, _ = both(person({**NO_TO_ALL, "smoking": "current", "cigarettes_per_day": 25}))
    assert open_.percent is None
    assert open_.percent_range == (light.percent, heavy.percent)
    assert open_.inputs_missing == ("history.cigarettes_per_day",)


@pytest.mark.parametrize(
    ("history", "values"),
    [
        ({"previous_fragility_fracture": True, "fragility_fracture_sites": ["wrist"]}, (1,)),
        ({"fragility_fracture_sites": ["rib", "shoulder"]}, (1,)),
        ({"fragility_fracture_sites": ["rib"]}, (0,)),
        ({"fragility_fracture_sites": []}, (0,)),
        ({"previous_fragility_fracture": False}, (0,)),
        ({"previous_fragility_fracture": True}, (0, 1)),
        ({"previous_fragility_fracture": True, "fragility_fracture_sites": []}, (0, 1)),
        ({}, (0,)),
    ],
)
def test_only_fractures_of_four_sites_count(history: dict[str, Any], values: tuple[int, ...]) -> None:
    assert read_record(person({**HABITS, **history}))["b_fracture4"].values == values


@pytest.mark.parametrize(
    ("history", "name", "value", "missing"),
    [
        ({"oestrogen": "current", "oestrogen_only": True}, "b_hrt_oest", 1, ()),
        ({"oestrogen": "current", "oestrogen_only": False}, "b_hrt_oest", 0, ()),
        ({"oestrogen": "current"}, "b_hrt_oest", 0, ("history.oestrogen_only",)),
        ({"oestrogen": "former"}, "b_hrt_oest", 0, ()),
        ({"diabetes": "type1"}, "b_type1", 1, ()),
        ({"diabetes": "type1"}, "b_type2", 0, ()),
        ({"lupus": True}, "b_ra_sle", 1, ()),
        ({"lupus": False}, "b_ra_sle", 0, ("history.rheumatoid_arthritis",)),
        ({"falls_last_year": 2}, "b_falls", 1, ()),
        ({"glucocorticoid_prednisone_mg_per_day": 7.5}, "b_corticosteroids", 1, ()),
        ({"glucocorticoid_prednisone_mg_per_day": 0}, "b_corticosteroids", 0, ()),
        ({"parent_osteoporosis": True}, "fh_osteoporosis", 1, ()),
    ],
)
def test_single_readings(history: dict[str, Any], name: str, value: int, missing: tuple[str, ...]) -> None:
    reading = read_record(person({**HABITS, **history}))[name]
    assert (reading.values, reading.missing) == ((value,), missing)


def test_nothing_is_not_a_number_for_anybody() -> None:
    for risk in both(Person(sex="male", age_years=18)):
        assert risk.percent is None
        assert risk.model_dump_json()
