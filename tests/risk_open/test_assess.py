from __future__ import annotations

import numpy as np
import pytest

from osteon.evidence import cite
from osteon.person import Person
from osteon.risk.open_model import assess, fracture_risks, path_risks, risk_factors
from osteon.risk.open_model.treatment_link import modelled_reduction, spine_share, t_score_gain, trial_ratio

EXAMPLE = {
    "sex": "female",
    "age_years": 64,
    "height_cm": 163,
    "weight_kg": 61,
    "history": {
        "parent_hip_fracture": True,
        "smoking": "former",
        "alcohol_units_per_day": 1,
        "glucocorticoids": False,
        "rheumatoid_arthritis": False,
        "previous_fragility_fracture": False,
        "falls_last_year": 1,
    },
}


@pytest.fixture
def person() -> Person:
    return Person.model_validate(EXAMPLE)


def test_the_record_is_read_as_it_stands(person):
    known = risk_factors(person)
    assert (known.previous_fracture, known.parent_hip_fracture, known.current_smoker) == (False, True, False)
    assert known.alcohol_over_2_units is False
    assert known.falls_last_year is True
    assert known.diabetes is None
    assert known.bmi == pytest.approx(22.96, abs=0.01)
    assert risk_factors(Person(sex="male", age_years=70)).previous_fracture is None
    broken = Person.model_validate({**EXAMPLE, "history": {"fragility_fracture_sites": ["wrist"]}})
    assert risk_factors(broken, years_since_fracture=2).years_since_fracture == 2
    dated = {"previous_fragility_fracture": True, "months_since_last_fragility_fracture": 18}
    assert risk_factors(Person.model_validate({**EXAMPLE, "history": dated})).years_since_fracture == 1.5
    assert risk_factors(person, years_since_fracture=2).years_since_fracture is None


@pytest.mark.parametrize(
    ("history", "previous", "since"),
    [
        ({"months_since_last_fragility_fracture": 6}, True, 0.5),
        ({"fragility_fracture_count": 2}, True, None),
        ({"fragility_fracture_count": 0}, False, None),
        ({"fragility_fracture_sites": []}, False, None),
        ({"fragility_fracture_sites": [], "fragility_fracture_count": 1}, True, None),
        ({}, None, None),
    ],
)
def test_a_fracture_that_is_only_dated_or_counted_is_a_previous_fracture(history, previous, since):
    known = risk_factors(Person.model_validate({**EXAMPLE, "history": history}))
    assert (known.previous_fracture, known.years_since_fracture) == (previous, since)


def test_a_result_states_its_parts(person):
    major, hip = assess(person, femoral_neck_t_score=-1.8)
    for one in (major, hip):
        assert one.lower <= one.percent <= one.upper
        assert one.percent + one.death_percent + one.neither_percent == pytest.approx(100.0)
        assert one.no_risk_factor_percent < one.average_person_percent
        assert one.inputs_missing == ("history.diabetes",)
        assert "United States, 2006" in one.baseline
        assert "research model" in one.notice
        assert cite(one.sources)
        states = {effect.name: effect.state for effect in one.factors}
        assert states["parent_hip_fracture"] == "present"
        assert states["glucocorticoids"] == "absent"
        assert states["diabetes"] == "not recorded"
        effects = {effect.name: effect.relative_hazard for effect in one.factors}
        assert effects["diabetes"] == 1.0
        assert effects["parent_hip_fracture"] > 1 > effects["glucocorticoids"]
    assert hip.percent < major.percent
    assert hip.upper - hip.lower > 0.3


def test_the_average_person_is_the_population():
    nobody = Person(sex="male", age_years=70)
    for one in assess(nobody):
        assert one.percent == pytest.approx(one.average_person_percent)
        assert one.lower == pytest.approx(one.upper)
        assert one.inputs_missing[0] == "femoral neck T-score"
        assert len(one.inputs_missing) == 11


def test_same_input_same_output(person):
    assert assess(person, femoral_neck_t_score=-1.8) == assess(person, femoral_neck_t_score=-1.8)


def test_the_common_form(person):
    major, hip = fracture_risks(person, femoral_neck_t_score=-1.8)
    assert (major.outcome, hip.outcome) == ("major_osteoporotic", "hip")
    assert major.percent == assess(person, femoral_neck_t_score=-1.8)[0].percent
    young = fracture_risks(person.model_copy(update={"age_years": 45.0}))
    assert all(one.percent is None and "50 to 100" in one.reason for one in young)


def test_a_value_outside_the_checked_range_is_named(person):
    assert "outside the range" in assess(person, femoral_neck_t_score=-4.6)[0].notice
    heavy = person.model_copy(update={"weight_kg": 150.0})
    assert "counts as the nearer" in assess(heavy)[0].notice


def test_paths_of_several_therapies(person):
    t_years = np.arange(11.0)
    untreated = -1.8 - 0.05 * t_years
    treated = np.array([untreated, untreated + 0.8 * (t_years > 0), np.full(11, -1.8)])
    found = path_risks(person, t_years, treated, draws=100)
    assert found.hip.shape == (3,)
    assert found.hip[0] > found.hip[2] > found.hip[1]
    assert (found.hip_lower <= found.hip).all()
    assert (found.hip <= found.hip_upper).all()
    assert (found.hip < found.major_osteoporotic).all()
    bare = path_risks(person, t_years, treated)
    assert np.array_equal(bare.hip, found.hip)
    assert np.array_equal(bare.hip_lower, bare.hip)


def test_the_trials_link(person):
    t_years = np.arange(11.0)
    untreated = -1.8 - 0.05 * t_years
    gains = np.array([0.0, 2.0, 6.0, 9.0, -3.0])
    treated = np.array([untreated + np.array([t_score_gain(t, gain) for t in untreated]) for gain in gains])
    density, trials = (
        path_risks(person, t_years, treated, untreated_t_scores=reference) for reference in (None, untreated)
    )
    assert trials.major_osteoporotic[0] == pytest.approx(density.major_osteoporotic[0])
    assert (trials.hip[1:4] < density.hip[1:4]).all()
    assert trials.hip[1] > trials.hip[2]
    assert trials.hip[2] == pytest.approx(trials.hip[3])  # nothing is claimed beyond the printed range
    assert trials.hip[4] == pytest.approx(density.hip[4])  # a loss follows the gradient
    # Hip fractures are rare here, so the ratio of risks is close to the printed ratio of rates.
    assert trials.hip[1] / trials.hip[0] == pytest.approx(0.84, abs=0.01)
    assert trials.hip[2] / trials.hip[0] == pytest.approx(0.60, abs=0.01)
    with pytest.raises(ValueError, match="one untreated path"):
        path_risks(person, t_years, treated, untreated_t_scores=treated)


def test_the_trials_link_goes_by_the_total_hip_where_its_gain_is_known(person):
    t_years = np.arange(11.0)
    untreated = -1.8 - 0.05 * t_years
    neck = np.array([untreated + np.array([t_score_gain(t, 3.0) for t in untreated])] * 2)
    gains = np.array([[2.0] * 11, [6.0] * 11])
    two, six = path_risks(person, t_years, neck, untreated_t_scores=untreated, hip_gain_percent=gains).hip
    none = path_risks(person, t_years, untreated, untreated_t_scores=untreated).hip
    assert (two / none, six / none) == (pytest.approx(0.84, abs=0.01), pytest.approx(0.60, abs=0.01))
    for bad in ({"hip_gain_percent": gains}, {"hip_gain_percent": gains[0], "untreated_t_scores": untreated}):
        with pytest.raises(ValueError, match="one gain for each"):
            path_risks(person, t_years, neck, **bad)


def test_meta_regression_points():
    assert trial_ratio("hip", [0, 2, 6, 20]) == pytest.approx([1.0, 0.84, 0.60, 0.60])
    assert trial_ratio("vertebral", [-5, 2, 6]) == pytest.approx([1.0, 0.72, 0.34])
    assert spine_share("female") == pytest.approx(15.4 / 50.2)


def test_density_alone_explains_part_of_what_trials_saw():
    """The model's reduction has the right sign and about 60 % of the size at the hip; it never exceeds the trials'."""
    for age in (60, 70, 80):
        for gain, seen in ((2, 16), (6, 40)):
            own = modelled_reduction("hip", gain, sex="female", age_years=age, t_score=-2.0)
            assert 0.4 * seen < own < seen
    assert modelled_reduction("major", 4, sex="female", age_years=70, t_score=-2.0) == pytest.approx(6.6, abs=0.2)
