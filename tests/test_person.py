"""The record: what it refuses, what it computes, what it leaves alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from osteon.person import History, Labs, Person, Scan, SiteMeasurement, Treatment

SCAN = {"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}
BASE: dict[str, Any] = {"sex": "female", "age_years": 58, "scans": [SCAN]}


def refusal(model: type[Any], data: dict[str, Any]) -> str:
    """Places, problems and mends of a refusal as one text."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return "\n".join(
        f"{'.'.join(map(str, one['loc']))}: {one['msg']} {one.get('ctx', {}).get('mend', '')}"
        for one in caught.value.errors()
    )


@pytest.mark.parametrize(
    ("site", "words"),
    [
        ({"t_score": 18}, "Perhaps -1.8 or 1.8 was meant"),
        ({"t_score": -18}, "Perhaps -1.8 was meant"),
        ({"z_score": 120}, "Check the printout"),
        ({"bmd_g_cm2": 76}, "Perhaps 0.76 was meant"),
        ({"bmd_g_cm2": 761}, "Perhaps 0.761 was meant: values in mg/cm²"),
        ({"bmd_g_cm2": -0.761}, "a positive number"),
        ({"bmd_g_cm2": 0.05}, "Write the bone density in g/cm²"),
        ({"t_score": "-1.8"}, "valid number"),
        ({"t_score": True}, "valid number"),
        ({"t_score": float("nan")}, "finite"),
        ({"t_score": float("inf")}, "finite"),
        ({}, "the site has no measurement"),
        ({"t_score": -1, "vertebrae": ["L1", "L2"]}, "belong to the lumbar spine"),
        ({"site": "lumbar_spine", "t_score": -1, "vertebrae": ["L1", "L1"]}, "named twice"),
        ({"bmd_g_cm2": 0.741, "bmc_g": 3.32, "area_cm2": 5.49}, "Correct the one that was misread"),
        ({"t_score": -1, "tscore": -1}, "tscore"),
    ],
)
def test_a_measurement_that_is_a_slip_is_refused_with_its_mend(site: dict[str, Any], words: str) -> None:
    assert words in refusal(SiteMeasurement, {"site": "femoral_neck", **site})


def test_printed_rows_of_area_content_and_density_are_accepted() -> None:
    """GE enCORE 16, person P1 (examples/README.md): the printed quotient is rounded."""
    SiteMeasurement(site="femoral_neck", side="mean", bmd_g_cm2=0.747, bmc_g=3.35, area_cm2=4.48, t_score=-2.1)


@pytest.mark.parametrize(
    "day", ["2125-01-01", "02.03.2026", "2026-13-01", "2026-02-30", "1826-03-02", 0, 1.7e9, True, ""]
)
def test_a_day_that_is_none_is_refused(day: object) -> None:
    assert "date" in refusal(Scan, {**SCAN, "date": day})


def test_one_region_stands_once_in_a_scan() -> None:
    spine = {"site": "lumbar_spine", "vertebrae": ["L1", "L2"], "t_score": -1.0}
    swapped = {**spine, "vertebrae": ["L2", "L1"]}
    assert "stands twice" in refusal(Scan, {"date": "2026-03-02", "sites": [spine, swapped]})
    both = [{"site": "total_hip", "side": side, "t_score": -1.0} for side in ("left", "right")]
    assert len(Scan.model_validate({"date": "2026-03-02", "sites": both}).sites) == 2


@pytest.mark.parametrize(
    ("model", "data", "words"),
    [
        (History, {"smoking": "never", "cigarettes_per_day": 5}, "Set smoking to current"),
        (History, {"previous_fragility_fracture": False, "fragility_fracture_sites": ["hip"]}, "there was none"),
        (History, {"glucocorticoids": False, "glucocorticoid_prednisone_mg_per_day": 5}, "leave the dose out"),
        (
            History,
            {"glucocorticoids": False, "glucocorticoid_prednisone_mg_per_day": 5, "glucocorticoid_months": 3},
            "for a course that ends before three months",
        ),
        (History, {"oestrogen": "former", "oestrogen_only": True}, "Set oestrogen to current"),
        (History, {"glucocorticoids": False, "glucocorticoid_months": 6}, "or leave the months out"),
        (
            Person,
            {"sex": "male", "age_years": 70, "history": {"surgical_menopause": True}},
            "Leave history.surgical_menopause out",
        ),
        (
            Person,
            {
                "sex": "female",
                "age_years": 45,
                "menopausal_status": "premenopausal",
                "history": {"surgical_menopause": True},
            },
            "Set menopausal_status to postmenopausal",
        ),
        (History, {"rheumatoid_arthritis": 1}, "valid boolean"),
        (History, {"falls_last_year": 1.5}, "valid integer"),
        (Labs, {"vitamin_d_nmol_l": -4}, "greater than 0"),
        (Treatment, {"therapy": "alendronate", "start": "2024-01-01", "stop": "2020-01-01"}, "Swap start and stop"),
        (Person, {**BASE, "sex": "male", "menopause_age_years": 50}, "a man has no menopause"),
        (Person, {**BASE, "menopause_age_years": 60}, "lies after the present age"),
        (Person, {**BASE, "menopause_age_years": 50, "menopausal_status": "premenopausal"}, "postmenopausal"),
        (Person, {**BASE, "age_years": 70, "menopausal_status": "premenopausal"}, "not plausible"),
        (Person, {**BASE, "scans": [SCAN, SCAN]}, "two scans have the same date"),
        (Person, {**BASE, "birth_date": "1940-01-01"}, "the birth date makes it"),
        (Person, {"sex": "female", "birth_date": "2015-01-01", "scans": [SCAN]}, "the birth date makes the age 11"),
        (Person, {**BASE, "height_cm": 160, "weight_kg": 80, "bmi_kg_m2": 24}, "height and weight make it 31"),
        (
            Person,
            {**BASE, "birth_date": "1968-01-01", "treatments": [{"therapy": "alendronate", "start": "1950-01-01"}]},
            "starts before the birth date",
        ),
        (
            Person,
            {
                **BASE,
                "treatments": [{"therapy": "alendronate", "start": "1950-01-01"}],
                "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}],
            },
            "alendronate starts in 1950, before somebody of",
        ),
        (
            Person,
            {
                **BASE,
                "scans": [
                    {"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8}]},
                    {"date": "1950-03-02", "sites": [{"site": "femoral_neck", "t_score": -1.8}]},
                ],
            },
            "the scan of 1950-03-02 was taken before",
        ),
        (Person, {**BASE, "history": {"months_since_last_fragility_fracture": 1000}}, "1000 months ago"),
    ],
)
def test_contradictions_are_refused(model: type[Any], data: dict[str, Any], words: str) -> None:
    assert words in refusal(model, data)


def test_age_follows_from_the_birth_date_on_the_day_of_the_latest_scan() -> None:
    older = {**SCAN, "date": "2020-01-01"}
    person = Person.model_validate({"sex": "female", "birth_date": "1968-03-02", "scans": [older, SCAN]})
    assert person.age_years == pytest.approx(58, abs=0.01)
    assert person.latest_scan is not None
    assert person.latest_scan.date == dt.date(2026, 3, 2)
    built = Person(sex="female", birth_date=dt.date(1968, 3, 2), scans=(Scan.model_validate(SCAN),))  # type: ignore[call-arg]
    assert built.age_years == person.age_years


def test_body_mass_index_comes_from_height_and_weight_first() -> None:
    assert Person.model_validate({**BASE, "bmi_kg_m2": 24.2}).bmi == 24.2
    assert Person.model_validate({**BASE, "height_cm": 160, "weight_kg": 61.44}).bmi == pytest.approx(24.0)
    assert Person.model_validate({**BASE, "height_cm": 160}).bmi is None


def test_what_was_not_recorded_stays_missing() -> None:
    person = Person.model_validate(BASE)
    assert set(person.history.model_dump().values()) == {None}
    assert set(person.labs.model_dump().values()) == {None}
    assert person.height_cm is None
    assert person.bmi is None


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_score_is_kept_exactly_or_refused(score: float) -> None:
    try:
        kept = SiteMeasurement(site="total_hip", t_score=score)
    except ValidationError:
        assert not -7 <= score <= 8
    else:
        assert kept.t_score == score
        assert -7 <= score <= 8


def test_a_woman_without_ovaries_is_past_the_menopause() -> None:
    data = {"sex": "female", "age_years": 44, "history": {"surgical_menopause": True}}
    found = Person.model_validate(data)
    assert found.menopausal_status == "postmenopausal"
    assert Person.model_validate(found.model_dump()) == found
    again = Person(sex="female", age_years=44, history=History(surgical_menopause=True))
    assert again.menopausal_status == "postmenopausal"
    assert Person.model_validate({**data, "history": {"surgical_menopause": False}}).menopausal_status is None
