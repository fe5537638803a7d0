"""The score of the GLOW study."""

from __future__ import annotations

from typing import Any

import pytest

from osteon.errors import ModelError
from osteon.evidence import cite
from osteon.risk.glow import SOURCES, glow_score

NO: dict[str, Any] = dict.fromkeys(["prior_fracture", "mother_hip_fracture", "ever_smoked", "arms_to_stand"], False)


def test_every_edge_of_age_adds_one_point() -> None:
    ages = [55, 59, 60, 64, 65, 70, 75, 80, 84, 85, 99]
    assert [glow_score(age, 70, **NO) for age in ages] == [0, 0, 1, 1, 2, 3, 4, 5, 5, 6, 6]


def test_weight_and_answers() -> None:
    assert glow_score(55, 56.7, **NO) == 1
    assert glow_score(55, 56.8, **NO) == 0
    worth = {name: glow_score(55, 70, **{**NO, name: True}) for name in NO}
    assert worth == {"prior_fracture": 1, "mother_hip_fracture": 1, "ever_smoked": 1, "arms_to_stand": 2}
    assert glow_score(90, 50, **dict.fromkeys(NO, True)) == 12


def test_younger_women_are_refused() -> None:
    with pytest.raises(ModelError, match="55 years or more"):
        glow_score(54, 70, **NO)


def test_it_cites_its_source() -> None:
    assert [one.key for one in cite(SOURCES)] == ["hosmer2013_glow500"]
