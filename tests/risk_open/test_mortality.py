"""Death in the open model: the life table for the average person, earlier with what shortens life."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.evidence import value
from osteon.risk.open_model import RiskFactors, path, probabilities
from osteon.risk.open_model.baseline import death_hazard
from osteon.risk.open_model.engine import hazards
from osteon.risk.open_model.parameters import drawn

AGES = np.arange(70.5, 80.0)
FACTORS = {
    "current_smoker": (True, False),
    "glucocorticoids": (True, False),
    "rheumatoid_arthritis": (True, False),
}


def death(sex="female", **known):
    return hazards(sex, 70.0, RiskFactors(**known)).death[0]


def test_the_average_person_dies_by_the_life_table():
    for sex in ("female", "male"):
        assert death(sex) == pytest.approx(death_hazard(sex, AGES))
        assert death(sex, bmi=30.0, falls_last_year=True, diabetes="type2") == pytest.approx(death_hazard(sex, AGES))


@pytest.mark.parametrize("name", ["glucocorticoids", "rheumatoid_arthritis"])
def test_the_ratio_is_the_printed_one_and_the_population_keeps_its_rate(name):
    yes, no = FACTORS[name]
    present, absent = death(**{name: yes}), death(**{name: no})
    assert present / absent == pytest.approx(value(f"fracture.death.{name}"))
    tail = "" if name == "rheumatoid_arthritis" else ".female"
    share = value(f"fracture.prevalence.{name}{tail}")
    assert share * present + (1 - share) * absent == pytest.approx(death())


@pytest.mark.parametrize("sex", ["female", "male"])
def test_smokers_are_compared_with_all_who_do_not_smoke_now(sex):
    ratio = (death(sex, current_smoker=True) / death(sex, current_smoker=False)).mean()
    against_former, against_never = 1.83 / 1.34, 1.83
    assert against_former < ratio < against_never


def test_who_dies_earlier_breaks_fewer_bones_at_the_same_hazard():
    sick = RiskFactors(rheumatoid_arthritis=True, glucocorticoids=True, current_smoker=True)
    found = probabilities("male", 82.0, sick)
    each = hazards("male", 82.0, sick)
    # The closed form with the life table's own death rate gives more fractures.
    without = -np.expm1(-(each.hip + each.other).cumsum(axis=-1))
    assert (found.major < without).all()
    assert found.death_before_major[0, -1] > probabilities("male", 82.0, RiskFactors()).death_before_major[0, -1]


def test_a_path_of_density_does_not_change_death():
    bone = path([0.0, 10.0], [[-1.0, -3.0], [-1.0, 0.0]])
    found = hazards("female", 70.0, RiskFactors(current_smoker=True), bone=bone, parameters=drawn(3))
    assert np.broadcast_to(found.death, found.hip.shape).shape == (3, 2, 10)
    assert found.death.shape == (3, 1, 10)
