from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osteon.errors import ModelError
from osteon.risk.open_model import RiskFactors, path, probabilities
from osteon.risk.open_model.density import mean_t_score
from osteon.risk.open_model.engine import from_hazards, hazards
from osteon.risk.open_model.parameters import drawn

SEX = st.sampled_from(["female", "male"])
AGE = st.floats(50, 89.9)
T_SCORE = st.floats(-5, 2)
MAYBE = st.one_of(st.none(), st.booleans())
FACTORS = st.builds(
    RiskFactors,
    previous_fracture=MAYBE,
    years_since_fracture=st.one_of(st.none(), st.floats(0, 40)),
    parent_hip_fracture=MAYBE,
    current_smoker=MAYBE,
    alcohol_over_2_units=MAYBE,
    glucocorticoids=MAYBE,
    glucocorticoid_mg_per_day=st.one_of(st.none(), st.floats(0, 60)),
    rheumatoid_arthritis=MAYBE,
    falls_last_year=MAYBE,
    diabetes=st.sampled_from([None, "none", "type1", "type2"]),
    bmi=st.one_of(st.none(), st.floats(14, 55)),
)


@given(SEX, AGE, FACTORS, st.one_of(st.none(), T_SCORE), st.integers(1, 10))
def test_fracture_death_and_neither_make_one(sex, age, factors, bone, horizon):
    found = probabilities(sex, age, factors, bone=bone, horizon_years=horizon, parameters=drawn(3))
    for parts in (
        (found.hip, found.death_before_hip, found.neither_hip_nor_death),
        (found.major, found.death_before_major, found.neither_major_nor_death),
    ):
        assert np.allclose(sum(parts), 1.0, rtol=0, atol=1e-12)
        assert all(np.isfinite(part).all() and (part >= 0).all() for part in parts)
        assert parts[0].shape == (3, horizon)
    assert (found.hip <= found.major).all()


@given(SEX, AGE, FACTORS, T_SCORE, st.floats(0.01, 1.5))
def test_lower_bone_density_means_a_higher_risk(sex, age, factors, t_score, drop):
    high, low = (probabilities(sex, age, factors, bone=t) for t in (t_score, t_score - drop))
    assert (low.hip > high.hip).all()
    assert (low.major > high.major).all()


@given(SEX, AGE, st.one_of(st.none(), T_SCORE))
def test_each_risk_factor_raises_the_hazard(sex, age, bone):
    """Where it does not shorten life, the risk too; a smoker of 80 may die before the fracture."""
    for name in ("previous_fracture", "parent_hip_fracture", "current_smoker", "alcohol_over_2_units"):
        yes, no = (hazards(sex, age, RiskFactors(**{name: state}), bone=bone) for state in (True, False))
        assert (yes.hip > no.hip).all()
        assert (yes.other > no.other).all()
        if name == "current_smoker":
            assert (yes.death > no.death).all()
        else:
            assert (from_hazards(yes).major > from_hazards(no).major).all()


@given(SEX, st.floats(50, 88), st.floats(0.5, 1.5))
def test_older_means_a_higher_hazard_in_the_average_person(sex, age, later):
    young, old = (hazards(sex, a, RiskFactors(), horizon_years=1) for a in (age, age + later))
    assert old.hip.item() > young.hip.item()
    assert old.other.item() >= young.other.item()
    assert old.death.item() >= young.death.item()


@given(SEX, AGE, T_SCORE)
def test_todays_t_score_is_the_path_beside_the_population(sex, age, t_score):
    """A single T-score means: the same distance to the mean of one's age all along."""
    t_years = np.arange(0, 10.5, 0.5)
    beside = t_score + mean_t_score(sex, age + t_years) - mean_t_score(sex, age)
    one = probabilities(sex, age, RiskFactors(), bone=t_score)
    other = probabilities(sex, age, RiskFactors(), bone=path(t_years, beside))
    assert np.allclose(one.hip, other.hip, rtol=1e-12)
    assert np.allclose(one.major, other.major, rtol=1e-12)


@given(SEX, AGE, st.integers(1, 9))
def test_a_longer_horizon_keeps_the_earlier_years(sex, age, horizon):
    short, long = (probabilities(sex, age, RiskFactors(), bone=-1.5, horizon_years=years) for years in (horizon, 10))
    assert np.allclose(short.major, long.major[:, :horizon], rtol=1e-12)


def test_many_paths_give_what_each_gives_alone():
    generator = np.random.Generator(np.random.Philox(key=5))
    t_years = np.array([0.0, 1.0, 2.5, 4.0, 10.0])
    scores = -1.5 + generator.normal(0, 0.5, (2, 3, 5))
    ratios = drawn(4)
    together = probabilities("female", 66.0, RiskFactors(), bone=path(t_years, scores), parameters=ratios)
    assert together.hip.shape == (4, 2, 3, 10)
    for i in range(2):
        for j in range(3):
            alone = probabilities("female", 66.0, RiskFactors(), bone=path(t_years, scores[i, j]), parameters=ratios)
            assert np.allclose(alone.hip, together.hip[:, i, j], rtol=1e-13)
            assert np.allclose(alone.major, together.major[:, i, j], rtol=1e-13)


def test_a_population_of_paths_has_the_population_rate():
    """People with the population's spread of bone density, average factors: the mean hazard is the population's."""
    generator = np.random.Generator(np.random.Philox(key=6))
    spread = 0.1249 / 0.120
    scores = mean_t_score("female", 70.5) + spread * generator.standard_normal(400_000)
    found = hazards(
        "female", 70.0, RiskFactors(), bone=path([0.0, 1.0], np.repeat(scores[:, None], 2, axis=1)), horizon_years=1
    )
    average = hazards("female", 70.0, RiskFactors(), horizon_years=1)
    assert found.hip.mean() == pytest.approx(average.hip.item(), rel=0.02)
    assert found.other.mean() == pytest.approx(average.other.item(), rel=0.01)


def test_many_paths_at_once_give_what_each_gives_alone():
    scores = np.linspace(-1, -3, 5)[:, None] * np.ones(11)
    together = probabilities("female", 66.0, RiskFactors(), bone=path(np.arange(11), scores))
    for number, one in enumerate(scores):
        alone = probabilities("female", 66.0, RiskFactors(), bone=path(np.arange(11), one[None, :]))
        assert together.hip[:, number] == pytest.approx(alone.hip[:, 0], rel=1e-12)
        assert together.major[:, number] == pytest.approx(alone.major[:, 0], rel=1e-12)


def test_outside_its_reach_it_refuses():
    with pytest.raises(ModelError, match="ages 50 to 100"):
        probabilities("female", 49.9, RiskFactors())
    with pytest.raises(ModelError, match="Ask for at most 5 years"):
        probabilities("male", 95.0, RiskFactors())
    with pytest.raises(ModelError, match="ends before"):
        probabilities("male", 60.0, RiskFactors(), bone=path([0.0, 5.0], [-1.0, -1.2]))
    with pytest.raises(ModelError, match="at least one year"):
        probabilities("male", 60.0, RiskFactors(), horizon_years=0)


@pytest.mark.parametrize(
    ("times", "scores"),
    [([1, 2], [0, 0]), ([0, 0], [0, 0]), ([0, 1], [0]), ([0, 1], [0, np.nan]), ([0, np.inf], [0, 0])],
)
def test_an_impossible_path_is_refused(times, scores):
    with pytest.raises(ValueError, match="must"):
        path(times, scores)
