"""The exercise prescription: how often, how much, how hard, and what holds it back."""

from __future__ import annotations

from typing import Any

from osteon.care import Option, options
from osteon.densitometry import assess
from osteon.evidence import cite
from osteon.person import Person


def exercise(t_score: float, **history: Any) -> Option:
    person = Person.model_validate(
        {
            "sex": "female",
            "age_years": 68,
            "menopause_age_years": 50,
            "history": history,
            "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": t_score}]}],
        }
    )
    return next(one for one in options(person, assess(person), []) if one.therapy == "exercise")


def test_it_says_how_often_how_much_and_how_hard() -> None:
    said = " ".join(exercise(-1.8).reasons)
    for part in (
        "at least 2 days a week",
        "2 sets of 8 to 12",
        "15 to 20 minutes a day",
        "150 minutes of exercise a week",
    ):
        assert part in said
    assert {"giangregorio2014_exercise", "watson2018_liftmor"} <= {
        one.key for one in cite(exercise(-1.8).evidence.sources)
    }


def test_heavy_lifting_is_for_low_density_without_a_spine_fracture_and_supervised() -> None:
    heavy = "5 sets of 5 lifts above 85 %"
    assert heavy in " ".join(exercise(-1.8).reasons)
    assert "only under supervision" in " ".join(exercise(-1.8).reasons)
    assert heavy not in " ".join(exercise(-0.4).reasons)
    broken = " ".join(exercise(-2.7, fragility_fracture_sites=["spine"]).reasons)
    assert heavy not in broken
    assert "begin with a physiotherapist" in broken
