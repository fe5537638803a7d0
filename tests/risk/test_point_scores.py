"""The point scores of a record: GLOW and the FRACTURE Index, what they lack, and for whom they were made."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from osteon.errors import ModelError
from osteon.evidence import cite
from osteon.person import Person
from osteon.risk import point_scores
from osteon.risk.fracture_index import SOURCES, T_SOURCES, fracture_index, most_points

NO = {"fracture": False, "mother_hip_fracture": False, "smoker": False, "arms_to_stand": False}
YES = dict.fromkeys(NO, True)


def person(history: dict[str, Any] | None = None, **fields: Any) -> Person:
    asked = {
        "previous_fragility_fracture": False,
        "parent_hip_fracture": False,
        "smoking": "never",
        "arms_to_stand": False,
    }
    data = {"sex": "female", "age_years": 72, "weight_kg": 70, "history": {**asked, **(history or {})}}
    return Person.model_validate({**data, **fields})


def test_the_points_of_age() -> None:
    ages = (60, 64, 65, 69, 70, 75, 80, 84, 85, 95)
    assert [fracture_index(age, 70, **NO) for age in ages] == [0, 0, 1, 1, 2, 3, 4, 4, 5, 5]


def test_the_points_of_each_answer_and_of_weight() -> None:
    worth = {name: fracture_index(60, 70, **{**NO, name: True}) for name in NO}
    assert worth == {"fracture": 1, "mother_hip_fracture": 1, "smoker": 1, "arms_to_stand": 2}
    assert (fracture_index(60, 56.69, **NO), fracture_index(60, 56.71, **NO)) == (1, 0)  # 125 pounds are 56.699 kg


def test_the_points_of_the_total_hip() -> None:
    scores = (0.3, -1.0, -1.1, -2.0, -2.1, -2.5, -2.6)
    assert [fracture_index(60, 70, **NO, total_hip_t_score=one) for one in scores] == [0, 0, 2, 2, 3, 3, 4]
    with pytest.raises(ModelError, match="no T-score"):
        fracture_index(60, 70, **NO, total_hip_t_score=-21)


def test_the_most_that_there_is() -> None:
    assert fracture_index(90, 50, **YES) == most_points(with_scan=False) == 11
    assert fracture_index(90, 50, **YES, total_hip_t_score=-3) == most_points(with_scan=True) == 15
    assert {one.key for one in cite((*SOURCES, *T_SOURCES))} == {"black2001_fracture_index", "medalg_fracture_index"}


def test_a_record_that_answers_everything_is_scored() -> None:
    glow, plain, scanned = point_scores(person(), -1.5)
    assert (glow.points, plain.points, scanned.points) == (3, 2, 4)
    assert (glow.most, plain.most, scanned.most) == (12, 11, 15)
    assert "hard blow" in plain.reason


def test_what_is_not_recorded_is_named_and_nothing_is_guessed() -> None:
    glow, plain, scanned = point_scores(person({"parent_hip_fracture": True, "smoking": None}, weight_kg=None))
    lacks = ("weight_kg", "history.mother_hip_fracture", "history.smoking")
    assert glow.points is None
    assert glow.inputs_missing == plain.inputs_missing == lacks
    assert scanned.inputs_missing == (*lacks, "total_hip.t_score")


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"sex": "male"}, ("Made for women.",) * 2),
        ({"age_years": 54, "menopause_age_years": 50}, ("Made for women of 55 years or more.", "65 or more")),
        ({"age_years": 56, "menopausal_status": "premenopausal"}, ("", "Made for women after the menopause.")),
    ],
)
def test_whom_they_were_not_made_for(fields: dict[str, Any], reasons: tuple[str, str]) -> None:
    glow, plain, _ = point_scores(person(**fields))
    assert reasons[0] in glow.reason
    assert reasons[1] in plain.reason


def test_a_mother_is_a_parent() -> None:
    history = {"parent_hip_fracture": None, "mother_hip_fracture": True}
    assert person(history).history.parent_hip_fracture is True
    with pytest.raises(ValidationError, match="mother_hip_fracture is true and parent_hip_fracture is false"):
        person({"mother_hip_fracture": True})
