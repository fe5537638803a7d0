"""What must hold for every person, whatever the record holds."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from screening_cases import ALL_NO

from osteon.care.screening import BodyOpinion, screen
from osteon.evidence import cite
from osteon.person import Person

YES: dict[str, Any] = {
    "parent_hip_fracture": True,
    "parent_osteoporosis": True,
    "smoking": "current",
    "alcohol_units_per_day": 5.0,
    "falls_last_year": 2,
    "height_loss_cm": 6.0,
    "back_pain": True,
    "aromatase_inhibitor": True,
    "rheumatoid_arthritis": True,
    "diabetes": "type1",
    "thyrotoxicosis": True,
    "hyperparathyroidism": True,
    "cushing": True,
    "malabsorption": True,
    "chronic_liver_disease": True,
    "glucocorticoids": True,
    "androgen_deprivation": True,
    "care_home": True,
    "previous_fragility_fracture": True,
}


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    sex = draw(st.sampled_from(["female", "male"]))
    age = draw(st.integers(20, 100))
    record: dict[str, Any] = {"sex": sex, "age_years": age}
    if sex == "female":
        choice = draw(st.sampled_from(["age", "status", "none"]))
        if choice == "age" and age >= 38:
            record["menopause_age_years"] = draw(st.integers(35, min(age, 60)))
        elif choice == "status" and age <= 62:
            record["menopausal_status"] = draw(st.sampled_from(["premenopausal", "transition", "postmenopausal"]))
    if draw(st.booleans()):
        record |= {"height_cm": 165.0, "weight_kg": float(draw(st.integers(45, 110)))}
    history = {}
    for field, no in ALL_NO.items():
        answer = draw(st.sampled_from([None, no, YES[field]]))
        if answer is not None:
            history[field] = answer
    record["history"] = history
    score = draw(st.one_of(st.none(), st.floats(-4, 2)))
    if score is not None:
        sites = [{"site": "femoral_neck", "t_score": score, "z_score": score / 2}]
        record["scans"] = [{"date": "2026-03-02", "sites": sites}]
    return record


def opinions(record: dict[str, Any]) -> dict[str, BodyOpinion]:
    return {one.body: one for one in screen(Person.model_validate(record)).bodies}


@settings(max_examples=60)
@given(records())
def test_screening_answers_for_everybody_and_cites_what_exists(record: dict[str, Any]) -> None:
    result = screen(Person.model_validate(record))
    assert result.bodies
    assert cite(result.sources)
    for one in result.bodies:
        assert one.reason
        assert (one.standing == "depends") == bool(one.missing)
        assert (one.advised is True) == (one.standing == "advised")
        assert one.asks_from_age is None or one.asks_from_age > record["age_years"]
    for image in result.spine_imaging:
        assert image.reason
        assert image.advised == "uncertain" or not image.missing
    assert (result.next_look is None) == (result.scan_date is None)


@settings(max_examples=60)
@given(records(), st.data())
def test_a_settled_answer_stays_when_more_is_recorded(record: dict[str, Any], data: st.DataObject) -> None:
    """Except that a fracture or a medicine may take a person out of a recommendation's scope."""
    open_ = [field for field in ALL_NO if field not in record["history"]]
    if not open_:
        return
    field = data.draw(st.sampled_from(open_))
    value = data.draw(st.sampled_from([ALL_NO[field], YES[field]]))
    before, after = opinions(record), opinions({**record, "history": {**record["history"], field: value}})
    for body, one in before.items():
        if one.standing not in ("depends", "outside its scope"):
            assert after[body].standing in (one.standing, "outside its scope"), (body, field, value)


@settings(max_examples=60)
@given(records(), st.sampled_from(sorted(YES)))
def test_one_more_risk_factor_never_takes_advice_away(record: dict[str, Any], field: str) -> None:
    without = opinions({**record, "history": {**record["history"], field: ALL_NO[field]}})
    with_it = opinions({**record, "history": {**record["history"], field: YES[field]}})
    for body, one in without.items():
        if one.standing == "advised":
            assert with_it[body].standing in ("advised", "outside its scope"), (body, field)


@settings(max_examples=60)
@given(records())
def test_the_answer_does_not_hang_on_a_scan(record: dict[str, Any]) -> None:
    without = {key: value for key, value in record.items() if key != "scans"}
    assert opinions(record) == opinions(without)


@settings(max_examples=60)
@given(records(), st.sampled_from(["US", "UK", "Canada", "Australia", "Germany", "France"]))
def test_a_country_is_a_part_of_all_countries(record: dict[str, Any], country: str) -> None:
    person = Person.model_validate(record)
    everywhere, here = screen(person), screen(person, country)
    assert [one for one in everywhere.bodies if one.country in (here.country, "International")] == list(here.bodies)
