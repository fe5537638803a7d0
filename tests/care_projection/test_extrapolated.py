"""What lies outside the trials and surveys is said to be extrapolated."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.care.projection.extrapolated import TRIED_IN_MEN, why_extrapolated
from osteon.densitometry import assess
from osteon.evidence import THERAPIES
from osteon.evidence.loader import table
from osteon.person import Person


def woman(t_score: float | None, **more: Any) -> Person:
    sites = [] if t_score is None else [{"site": "total_hip", "t_score": t_score}]
    scans = [{"date": "2026-03-02", "sites": sites}] if sites else []
    return Person.model_validate({"sex": "female", "age_years": 66, "scans": scans, **more})


def test_the_medicines_tried_in_men_are_those_of_the_arms() -> None:
    arms = " ".join(row["regimen"] for row in table("trials_arms.csv") if row["sex"] == "male")
    medicines = {name for name, one in THERAPIES.items() if one.group in ("antiresorptive", "anabolic")}
    assert set(TRIED_IN_MEN) == {name for name in medicines if name in arms}


@pytest.mark.parametrize(
    ("person", "therapies", "says"),
    [
        (woman(-1.5), ("zoledronate",), ""),
        (woman(-5.0), ("zoledronate",), ""),
        (woman(None), ("zoledronate",), ""),
        (woman(-5.1), ("none",), "a T-score below −5.0"),
        (woman(4.5), ("none",), "a T-score above +4.0"),
        (woman(0.5), ("none",), ""),
        (woman(0.5), ("exercise", "calcium_vitamin_d"), ""),
        (woman(0.5), ("risedronate",), ""),
        (woman(0.5), ("alendronate",), ""),
        (woman(-0.5), ("zoledronate",), ""),
        (woman(0.5), ("zoledronate",), "(T-score 0.0 or below); here the lowest is +0.5"),
        (woman(-0.5), ("zoledronate", "denosumab"), "(T-score −1.0 or below); here the lowest is −0.5"),
        (woman(0.5), ("exercise", "teriparatide"), "here the lowest is +0.5"),
        (woman(-1.5, age_years=48, menopausal_status="premenopausal"), ("alendronate",), "past the menopause"),
        (woman(-1.5, age_years=88), ("alendronate",), "older than 85"),
        (woman(-1.5, sex="male"), ("alendronate",), ""),
        (woman(-1.5, sex="male"), ("exercise", "raloxifene"), "no trial of raloxifene behind the model was in men"),
        (woman(-5.5, age_years=88), ("alendronate",), "−5.0"),
    ],
)
def test_what_no_trial_or_survey_covered_says_so(person: Person, therapies: tuple[str, ...], says: str) -> None:
    treated = therapies != ("none",)
    found = why_extrapolated(person, assess(person), therapies, 5.0, treated=treated)
    assert (says in found) if says else not found
    assert not found or found.startswith("Extrapolated: ")
