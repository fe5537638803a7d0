"""A woman before the menopause with thin bone: periods, food, weight and sport are asked for and can be recorded."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care import options, questions, risk_profile
from osteon.care.projection import project_options
from osteon.densitometry import assess
from osteon.exchange import person_from_json
from osteon.person import Person

HORMONES = "Oestradiol/FSH/LH/prolactin"
HISTORY = "History of periods/eating/weight/exercise"


def woman(age: float = 38, z: float = -2.2, status: str | None = "premenopausal", **history: Any) -> Person:
    site = {"site": "total_hip", "bmd_g_cm2": 0.72, "t_score": -1.8, "z_score": z}
    return Person.model_validate(
        {
            "sex": "female",
            "age_years": age,
            "menopausal_status": status,
            "history": history,
            "scans": [{"date": "2026-09-14", "device": "Hologic Horizon", "sites": [site]}],
        }
    )


def looked_for(person: Person) -> set[str]:
    return {one.name for one in risk_profile(person, assess(person)).tests} & {HORMONES, HISTORY}


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (woman(), {HORMONES, HISTORY}),
        (woman(z=-1.0), set()),
        (woman(z=-1.0, eating_disorder=True), {HORMONES, HISTORY}),
        (woman(z=-1.0, periods_absent=True), {HORMONES, HISTORY}),
        (woman(z=-1.0, fragility_fracture_sites=["wrist"]), {HISTORY}),
        (woman(age=60, status="postmenopausal", eating_disorder=True), set()),
    ],
)
def test_what_is_looked_for(person: Person, expected: set[str]) -> None:
    assert looked_for(person) == expected


def test_an_eating_disorder_and_absent_periods_can_be_recorded_and_are_factors() -> None:
    history = {"eating_disorder": True, "periods_absent": True}
    person = person_from_json({"sex": "female", "age_years": 38, "history": history}, "person.json").person
    assert person.history.eating_disorder
    burdened = woman(eating_disorder=True, periods_absent=True)
    states = {one.key: one.state for one in risk_profile(burdened, assess(burdened)).factors}
    assert states["eating_disorder"] == states["periods_absent"] == "present"
    older = woman(age=60, status="postmenopausal", periods_absent=True)
    states = {one.key: one.state for one in risk_profile(older, assess(older)).factors}
    assert states["periods_absent"] == "absent"


def test_the_cause_is_asked_for() -> None:
    asked = "Could my weight, my eating, my sport or missed periods be the cause?"
    low, within = woman(), woman(z=-1.0)
    assert asked in questions(low, assess(low), ())
    assert asked not in questions(within, assess(within), ())


@pytest.mark.parametrize(
    ("history", "standing"),
    [
        ({}, "advised"),
        ({"periods_absent": True}, "consider"),
        ({"eating_disorder": True}, "consider"),
        ({"eating_disorder": True, "periods_absent": False}, "advised"),
    ],
)
def test_exercise_waits_where_it_may_be_the_cause(history: dict[str, bool], standing: str) -> None:
    person = woman(**history)
    exercise = next(one for one in options(person, assess(person)) if one.therapy == "exercise")
    assert exercise.standing == standing
    assert (exercise.eligible is True) == (standing == "advised")


@pytest.mark.parametrize(
    "who",
    [
        {"sex": "female", "age_years": 70, "menopause_age_years": 50},
        {"sex": "female", "age_years": 62, "menopausal_status": "postmenopausal"},
        {"sex": "male", "age_years": 60},
    ],
)
def test_nobody_without_periods_to_come_is_asked_whether_they_come(who: dict[str, Any]) -> None:
    sites = [{"site": "total_hip", "t_score": -1.8}]
    history = {"eating_disorder": True}
    person = Person.model_validate({**who, "history": history, "scans": [{"date": "2026-09-14", "sites": sites}]})
    exercise = next(one for one in options(person, assess(person)) if one.therapy == "exercise")
    assert exercise.standing == "advised"
    assert not any("periods" in text for text in (*exercise.reasons, *exercise.checks))


def test_the_projection_gives_no_t_score_where_t_scores_do_not_count() -> None:
    def scores(person: Person) -> list[object]:
        found = project_options(person, options(person, assess(person)), years=1).therapies
        return [one.t_score for one in found if one.site == "total_hip"]

    assert set(scores(woman())) == {None}
    assert None not in scores(woman(age=60, status="postmenopausal"))
