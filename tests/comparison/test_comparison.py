"""The comparison of the tools: its numbers are the tools' own, and its reasons are what switching an input does."""

from __future__ import annotations

from html import unescape
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteon.care.comparison import Comparison, compare
from osteon.care.comparison.numbers import pair
from osteon.care.fracture import fracture_risks
from osteon.densitometry import assess
from osteon.evidence import cite
from osteon.person import Person
from osteon.report.comparison_page import comparison_page, comparison_view
from osteon.report.words import number
from osteon.risk import open_model
from osteon.risk.open_model.engine import hazards
from osteon.risk.open_model.result import TOOL as OPEN_MODEL
from osteon.risk.qfracture2012 import DISCLAIMER, Inputs, risk_percent
from osteon.risk.qfracture2012.model import model

WOMAN: dict[str, Any] = {
    "sex": "female",
    "age_years": 64,
    "height_cm": 163,
    "weight_kg": 61,
    "ethnicity": "white",
    "menopause_age_years": 50,
    "history": {"smoking": "never", "alcohol_units_per_day": 0, "antidepressants": True, "parent_hip_fracture": True},
    "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -2.4}]}],
}
BMI = 61 / 1.63**2


def read(record: dict[str, Any]) -> tuple[Person, Comparison]:
    person = Person.model_validate(record)
    return person, compare(person, assess(person))


def changed(**changes: Any) -> dict[str, Any]:
    return {**WOMAN, **changes, "history": {**WOMAN["history"], **changes.get("history", {})}}


def reason(comparison: Comparison, key: str) -> Any:
    return next(one for one in comparison.reasons if one.key == key)


def effect(comparison: Comparison, key: str) -> Any:
    return next(one for one in comparison.inputs if one.key == key)


def test_the_numbers_side_by_side_are_the_tools_own() -> None:
    person, found = read(WOMAN)
    own = {(one.tool, one.outcome): one.percent for one in fracture_risks(person, assess(person))}
    for column in found.tools:
        for outcome in ("hip", "major_osteoporotic"):
            assert column.numbers.of(outcome) == pytest.approx((own[column.tool, outcome],) * 2)
    assert [one.tool for one in found.tools] == ["QFracture-2012", OPEN_MODEL]


def test_the_band_is_the_open_models_and_qfracture_states_none() -> None:
    person, found = read(WOMAN)
    _, hip = open_model.assess(person, femoral_neck_t_score=-2.4)
    assert found.tools[1].bands.hip == pytest.approx((hip.lower, hip.upper))
    assert found.tools[0].bands.hip is None


def test_switching_antidepressants_off_is_what_qfracture_says_without_them() -> None:
    _, found = read(WOMAN)
    switched = effect(found, "antidepressants")
    base = {"sex": "female", "age": 64, "bmi": BMI, "alcohol_cat6": 0, "smoke_cat": 0, "fh_osteoporosis": True}
    on = risk_percent(Inputs(**base, b_antidepressant=True), "hip")
    off = risk_percent(Inputs(**base, b_antidepressant=False), "hip")
    qfracture, own = switched.effects
    assert qfracture.present.hip == pytest.approx((on, on))
    assert qfracture.absent.hip == pytest.approx((off, off))
    assert (qfracture.counted, own.counted) == (True, False)
    assert own.present == own.absent
    text = reason(found, "antidepressants").text
    assert f"{on:.1f} %" in text
    assert f"{off:.1f} %" in text
    assert "only QFracture-2012" in text


def test_the_bone_density_is_switched_off_in_the_open_model_alone() -> None:
    person, found = read(WOMAN)
    _, without = open_model.assess(person, femoral_neck_t_score=None)
    _, with_it = open_model.assess(person, femoral_neck_t_score=-2.4)
    text = reason(found, "bone_density").text
    assert "T -2.4" in text
    assert f"{without.percent:.1f} % instead of {with_it.percent:.1f} % for the hip" in text


def test_death_is_left_out_as_the_closed_form_without_it() -> None:
    person, found = read(changed(age_years=84, menopause_age_years=50))
    each = hazards("female", 84.0, open_model.risk_factors(person), bone=-2.4)
    hip = 100 * float(-np.expm1(-each.hip.sum()))
    assert f"{hip:.1f} % instead of" in reason(found, "death").text


def test_death_matters_more_at_84_than_at_64() -> None:
    _, young = read(WOMAN)
    _, old = read(changed(age_years=84))
    assert reason(old, "death").ratio > 1.2 > reason(young, "death").ratio


@pytest.mark.parametrize("sex", ["female", "male"])
def test_what_a_tool_counts_is_found_out_and_matches_its_equation(sex: str) -> None:
    record = {**WOMAN, "sex": sex, "menopause_age_years": None}
    _, found = read(record)
    flags = {
        "antidepressants": "b_antidepressant",
        "cancer": "b_anycancer",
        "asthma_copd": "b_asthmacopd",
        "care_home": "b_carehome",
        "cardiovascular_disease": "b_cvd",
        "dementia": "b_dementia",
        "epilepsy": "b_epilepsy2",
        "parkinsons": "b_parkinsons",
        "chronic_liver_disease": "b_liver",
        "chronic_kidney_disease_4_5": "b_renal",
        "malabsorption": "b_malabsorption",
        "lupus": "b_ra_sle",
        "thyrotoxicosis": "b_endocrine",
    }
    for key, name in flags.items():
        used = any(name in model(sex, outcome).inputs for outcome in ("hip", "major_osteoporotic"))  # type: ignore[arg-type]
        qfracture, own = effect(found, key).effects
        assert qfracture.counted is used, key
        assert own.counted is False, key
    for key in ("previous_fracture", "glucocorticoids", "rheumatoid_arthritis", "diabetes", "falls", "bmi"):
        assert effect(found, key).effects[1].counted is True, key


def test_without_any_factor_only_the_population_is_left() -> None:
    nothing = {"previous_fragility_fracture": False, "parent_hip_fracture": False, "antidepressants": False}
    _, found = read({**WOMAN, "history": {**WOMAN["history"], **nothing}, "scans": []})
    keys = {one.key for one in found.reasons}
    assert "population" in keys
    assert keys.isdisjoint({"antidepressants", "parent_hip_fracture", "smoking", "previous_fracture"})
    text = reason(found, "population").text
    plain = risk_percent(Inputs(sex="female", age=64, bmi=25.0, alcohol_cat6=0, smoke_cat=0), "major_osteoporotic")
    assert f"{plain:.1f} %" in text
    assert "United States, 2006" in text
    own, _ = open_model.assess(Person.model_validate(WOMAN))
    assert f"{own.no_risk_factor_percent:.1f} %" in text
    assert "no femoral-neck T-score" in reason(found, "bone_density").text


def test_common_ground_takes_out_what_only_one_counts() -> None:
    _, found = read(WOMAN)
    qfracture = risk_percent(
        Inputs(sex="female", age=64, bmi=BMI, alcohol_cat6=0, smoke_cat=0, fh_osteoporosis=True), "major_osteoporotic"
    )
    assert found.common_ground[0].major_osteoporotic == pytest.approx((qfracture, qfracture))


def test_what_is_missing_is_named_with_what_it_could_do() -> None:
    _, found = read(WOMAN)
    text = reason(found, "missing").text
    assert "QFracture-2012 takes them as absent, the open model as average" in text
    assert "glucocorticoids" in text


def test_an_open_category_is_a_range_everywhere() -> None:
    _, found = read(changed(history={"previous_fragility_fracture": True}))
    low, high = found.tools[0].numbers.hip or (0.0, 0.0)
    assert low < high
    assert f"{low:.1f} to {high:.1f} %" in found.headline[0]


def test_a_typed_in_result_stands_beside_and_is_not_explained() -> None:
    frax = {"date": "2026-01-02", "country": "UK", "with_bmd": False, "major_osteoporotic_percent": 11.0}
    _, found = read(changed(frax=frax))
    column = found.tools[2]
    assert column.numbers.major_osteoporotic == (11.0, 11.0)
    assert column.numbers.hip is None
    assert column.counts_bone_density is False
    assert column.counts_death is None
    text = found.reasons[-1].text
    assert "UK" in text
    assert "2026-01-02" in text
    assert "without the bone density that is recorded here" in text


def test_where_a_tool_has_no_number_its_reason_stands_there() -> None:
    _, found = read({"sex": "male", "age_years": 45})
    assert [one.numbers.hip for one in found.tools] == [None, None]
    assert any("QFracture-2012 gives no number" in line for line in found.headline)
    assert any("ages 50 to 100" in line for line in found.headline)
    assert found.reasons == ()
    assert found.notices == ()


def test_the_disclaimer_stands_beside_every_score() -> None:
    _, found = read(WOMAN)
    assert DISCLAIMER in found.notices


# The reason that a clinician would name first, for small people who differ in one thing.
PLAIN = {"antidepressants": False, "parent_hip_fracture": False}
FIRST = [
    ("very low bone density", changed(history=PLAIN), -4.0, "bone_density"),
    ("very old", changed(age_years=90, history=PLAIN), None, "death"),
    ("Parkinson's disease", changed(history={**PLAIN, "parkinsons": True}), None, "parkinsons"),
    ("dementia", changed(history={**PLAIN, "dementia": True}), None, "dementia"),
    ("glucocorticoids", changed(history={**PLAIN, "glucocorticoids": True}), None, "glucocorticoids"),
]


@pytest.mark.parametrize(("who", "record", "t_score", "key"), FIRST, ids=[row[0] for row in FIRST])
def test_the_first_reason_is_the_one_that_stands_out(
    who: str, record: dict[str, Any], t_score: float | None, key: str
) -> None:
    sites = [{"site": "femoral_neck", "t_score": t_score}]
    scans = [] if t_score is None else [{"date": "2026-03-02", "sites": sites}]
    _, found = read({**record, "scans": scans})
    named = [one.key for one in found.reasons if one.key not in ("population", "common_ground", "missing")]
    assert named[0] == key, who


maybe = st.sampled_from([None, True, False])


@st.composite
def people(draw: st.DrawFn) -> Person:
    history = {
        name: draw(maybe)
        for name in ("parent_hip_fracture", "glucocorticoids", "antidepressants", "dementia", "rheumatoid_arthritis")
    }
    fracture = draw(maybe)
    record: dict[str, Any] = {
        "sex": draw(st.sampled_from(["female", "male"])),
        "age_years": draw(st.integers(25, 105)),
        "bmi_kg_m2": draw(st.one_of(st.none(), st.floats(15, 45))),
        "ethnicity": draw(st.sampled_from([None, "white", "black", "asian", "chinese"])),
        "history": {
            **history,
            "previous_fragility_fracture": fracture,
            "smoking": draw(st.sampled_from([None, "never", "former", "current"])),
            "alcohol_units_per_day": draw(st.one_of(st.none(), st.floats(0, 20))),
            "diabetes": draw(st.sampled_from([None, "none", "type1", "type2"])),
            "falls_last_year": draw(st.sampled_from([None, 0, 3])),
        },
    }
    score = draw(st.one_of(st.none(), st.floats(-4, 2)))
    if score is not None:
        sites = [{"site": "femoral_neck", "t_score": score, "z_score": 0.0}]
        record["scans"] = [{"date": "2026-03-02", "sites": sites}]
    return Person.model_validate(record)


@settings(max_examples=40)
@given(people())
def test_the_comparison_answers_for_everybody(person: Person) -> None:
    found = compare(person, assess(person))
    assert cite(found.sources)
    moved = [one for one in found.reasons if one.key not in ("common_ground", "missing", "typed_in")]
    assert [one.ratio for one in moved] == sorted((one.ratio for one in moved), reverse=True)
    for one in found.reasons:
        assert one.ratio >= 1.0
        assert not {"None", "nan", "inf"} & set(one.text.replace("(", " ").replace(",", " ").split())
    for column in found.tools:
        gives = column.numbers.hip is not None or column.numbers.major_osteoporotic is not None
        assert gives is not bool(column.reason)
    for item in found.inputs:
        for tool in item.effects:
            if tool.counted is False:
                assert tool.present == tool.absent


@settings(max_examples=25)
@given(people())
def test_an_input_that_is_recorded_stands_as_it_is_in_one_of_its_two_numbers(person: Person) -> None:
    """Present: the number with it is the tool's own. Recorded as absent: the number without it is."""
    found = compare(person, assess(person))
    own = {one.tool: one.numbers for one in found.tools}
    for item in found.inputs:
        for tool in item.effects:
            if item.state == "not recorded":
                continue
            as_is = tool.present if item.state == "present" else tool.absent
            for outcome in ("hip", "major_osteoporotic"):
                assert (as_is.of(outcome) is None) == (own[tool.tool].of(outcome) is None)
                if as_is.of(outcome) is not None:
                    assert as_is.of(outcome) == pytest.approx(own[tool.tool].of(outcome))


PAGE_PERSON = Person.model_validate(
    {
        "label": "Example <b>person</b>, not a real patient",
        "sex": "female",
        "age_years": 64,
        "height_cm": 163,
        "weight_kg": 61,
        "ethnicity": "white",
        "history": {"smoking": "never", "alcohol_units_per_day": 0, "parent_hip_fracture": True},
        "frax": {"date": "2026-03-02", "country": "UK", "with_bmd": False, "major_osteoporotic_percent": 11.0},
        "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -2.4}]}],
    }
)


def test_the_page_shows_every_tool_reason_and_notice_and_the_numbers_of_the_result() -> None:
    result = compare(PAGE_PERSON, assess(PAGE_PERSON))
    view = comparison_view(PAGE_PERSON, result, ("a remark",))
    page = unescape(comparison_page(PAGE_PERSON, result, ("a remark",)))
    assert view.tools == tuple(one.tool for one in result.tools)
    for text in (*view.headline, *view.reasons, *view.notices, "a remark"):
        assert text in page
    rows = dict(view.rows)
    assert rows["Major osteoporotic fracture"][2] == "11.0 %"
    assert rows["Hip fracture"][2] == "no number"
    for tool, cell in zip(result.tools[:2], rows["Hip fracture"][:2], strict=True):
        assert tool.numbers.hip is not None
        assert cell.startswith(f"{number(tool.numbers.hip[0], 1)} ")
    assert len(view.figures) == 2
    assert "11.0 %" in view.figures[0].alt
    assert "<script" not in page
    assert "<b>person</b>" not in comparison_page(PAGE_PERSON, result)
    parent = next(one for one in view.inputs if one.label == "A parent's broken hip")
    assert parent.recorded == "yes"
    known = next(one for one in result.inputs if one.label == "a parent's broken hip").effects[0]
    assert known.absent.hip is not None
    assert f"Hip {number(known.absent.hip[0], 1)} % without" in parent.cells[0]
    assert [one.recorded == "not recorded" for one in view.inputs] == sorted(
        one.recorded == "not recorded" for one in view.inputs
    )


def test_a_page_without_numbers_says_so() -> None:
    young = Person.model_validate({"sex": "male", "age_years": 25})
    result = compare(young, assess(young))
    view = comparison_view(young, result)
    assert view.figures == ()
    assert all(set(cells) == {"no number"} for title, cells in view.rows if "fracture" in title)
    assert any("open fracture model" in line for line in view.headline)
    assert "Fracture-risk tools side by side" in comparison_page(young, result)


def test_two_numbers_that_are_a_reason_never_look_alike() -> None:
    assert pair((0.75, 0.75), (0.83, 0.83)) == ("0.75 %", "0.83 %")
    assert pair((0.8, 0.8), (1.4, 1.4)) == ("0.8 %", "1.4 %")
    no_medicine = {"antidepressants": False, "parent_hip_fracture": False, "alcohol_units_per_day": 1}
    _, found = read(changed(age_years=61, height_cm=165, weight_kg=63, history=no_medicine))
    assert "QFracture-2012 counts it: 0.75 %, and 0.83 % without it" in reason(found, "alcohol").text


def test_a_low_density_that_lowers_the_number_is_explained() -> None:
    low = {"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}
    _, found = read(changed(age_years=61, scans=[low], history={"parent_hip_fracture": False}))
    text = reason(found, "bone_density").text
    assert "(average at this age -1.2)" in text
    assert "can still lower the number" in text
    _, lower = read(WOMAN)
    assert "can still lower" not in reason(lower, "bone_density").text


def test_without_numbers_nothing_is_said_to_differ() -> None:
    person, found = read(changed(age_years=38, weight_kg=50, menopause_age_years=None, scans=[]))
    assert not found.reasons
    assert "Why they differ" not in comparison_page(person, found)
    assert len([one for one in found.headline if "gives no number" in one]) == 2
