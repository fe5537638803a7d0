"""What must hold whatever the parameters: steady state, mass balance, positive bone, and the shape of a life."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteon.errors import ModelError
from osteon.twin.engine.regimen import Bolus, Infusion, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model import OsteonModel, bone
from osteon.twin.osteon_model.history import peak_state
from osteon.twin.osteon_model.parameters import nominal, priors
from osteon.twin.osteon_model.sites import CELL_STATES, STATE_NAMES

MODEL = OsteonModel()


def untreated(ages: list[float], name: str, **traits: float) -> np.ndarray:
    p = {**MODEL.parameters, **traits}
    state = MODEL.initial_state(np.array(ages), p)
    none = dict.fromkeys(MODEL.channels(p), 0.0)
    forcing = MODEL.forcing(np, np.array(ages), none, p)
    return np.asarray(MODEL.observe(np, (name,), tuple(state), forcing, p)[0])


def test_it_is_small() -> None:
    assert len(STATE_NAMES) == 20
    assert len(CELL_STATES) == 8


def test_nothing_moves_in_a_healthy_adult_of_twenty_who_does_not_age() -> None:
    p = {**MODEL.parameters, "calcium_deficit": 0.0, "ageing_progenitor": 1e12, "load_loss": 0.0, "male": 1.0}
    p["male_deficit"] = 0.0
    none = dict.fromkeys(MODEL.channels(p), 0.0)
    forcing = MODEL.forcing(np, 20.0, none, p)
    rates = MODEL.derivatives(np, tuple(np.float64(x) for x in peak_state(p)), forcing, p)
    np.testing.assert_allclose(rates, 0.0, atol=1e-14)


@given(
    young=st.floats(1e-6, 2.0),
    mature=st.floats(1e-6, 2.0),
    resorption=st.floats(0.0, 0.05),
    formation=st.floats(0.0, 0.05),
    load=st.floats(0.1, 2.0),
)
def test_bone_is_formed_resorbed_and_matured_and_nothing_else(
    young: float, mature: float, resorption: float, formation: float, load: float
) -> None:
    def rates(f: float, r: float, m: float) -> tuple[float, float]:
        return bone.derivatives(young, mature, resorption=r, formation=f, set_point=0.5, load=load, maturation=m)

    resorbed = rates(0.0, resorption, 0.001)
    assert sum(resorbed) == pytest.approx(-resorption * (young + mature), rel=1e-9, abs=1e-15)
    assert sum(rates(0.0, 0.0, 0.001)) == pytest.approx(0.0, abs=1e-15)  # maturation moves matrix, it makes none
    assert rates(formation, 0.0, 0.0)[1] == 0.0  # what is formed is young
    assert rates(formation, 0.0, 0.0)[0] >= 0.0


def test_an_empty_compartment_stays_empty_and_never_turns_negative() -> None:
    young, mature = bone.derivatives(
        0.0, 0.0, resorption=0.05, formation=0.05, set_point=0.5, load=1.0, maturation=0.001
    )
    assert (young, mature) == (0.0, 0.0)


def test_pores_that_widen_quicken_cortical_turnover_and_compact_bone_has_that_of_its_peak() -> None:
    p = MODEL.parameters
    compact, porous, hollow = (bone.inner_surface(np, (0.1 * v, 0.9 * v), p) for v in (1.05, 0.8, 0.0))
    assert compact == 1.0
    assert 1.0 < porous < hollow == 1.0 + p["pores_on_turnover"]


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_states_stay_positive_and_finite_far_from_the_calibration(seed: int) -> None:
    rng = np.random.default_rng(seed)
    overrides = {
        name: prior.from_scale(prior.to_scale(nominal()[name]) + 0.15 * rng.standard_normal())
        for name, prior in priors().items()
        if prior.fitted
    }
    regimen = Regimen(
        "all at once",
        (
            Bolus("denosumab", 60.0, 0.0, 182.5, 2),
            Infusion("teriparatide", 20.0, 0.0, 400.0),
            Bolus("romosozumab", 210.0, 400.0, 30.0, 6),
            Infusion("glucocorticoid", 30.0, 100.0, 500.0),
        ),
    )
    run = simulate(
        MODEL,
        [70.0],
        regimen,
        output_years=np.linspace(0.0, 2.0, 5),
        parameters=overrides,
        backend="float",
        keep_checkpoint=True,
    ).require_ok()
    assert run.checkpoint is not None
    assert np.all(run.checkpoint.state > 0.0)


def test_no_endless_loss_the_rate_of_loss_stays_bounded_and_bone_remains() -> None:
    bmd = untreated([50.0, 60.0, 70.0, 80.0, 90.0, 100.0], "bmd_total_hip")
    assert np.all(np.diff(bmd) < 0.0)
    assert bmd[-1] > 0.3


def test_loss_is_small_before_the_menopause_fast_around_it_and_slower_after() -> None:
    spine = untreated([40.0, 45.0, 48.5, 51.5, 54.5, 57.5], "bmd_lumbar_spine", menopause_age=49.5)
    yearly = np.diff(spine) / np.array([5.0, 3.5, 3.0, 3.0, 3.0])
    assert abs(yearly[0]) < 0.003
    assert yearly[2] < 3.0 * yearly[0]
    assert yearly[2] < yearly[3] < yearly[4] < 0.0


def test_surgery_costs_more_bone_early_than_a_natural_menopause_at_the_same_age() -> None:
    natural = untreated([45.0, 46.5], "bmd_lumbar_spine", menopause_age=45.0)
    surgical = untreated([45.0, 46.5], "bmd_lumbar_spine", menopause_age=45.0, surgical_menopause=1.0)
    assert surgical[0] > natural[0]  # nothing was lost before the operation
    assert surgical[1] / surgical[0] < natural[1] / natural[0]


def test_an_early_menopause_leaves_less_bone_at_seventy() -> None:
    assert untreated([70.0], "bmd_total_hip", menopause_age=42.0)[0] < untreated([70.0], "bmd_total_hip")[0]


def test_men_lose_less_and_their_spine_does_not_fall_on_dxa() -> None:
    assert untreated([75.0], "bmd_total_hip", male=1.0)[0] > untreated([75.0], "bmd_total_hip")[0]
    spine = untreated([30.0, 75.0], "bmd_lumbar_spine", male=1.0)
    assert spine[1] == pytest.approx(spine[0], abs=0.03)


def test_turnover_rises_at_the_menopause() -> None:
    ctx = untreated([47.0, 52.0], "ctx")
    assert 1.1 < ctx[1] / ctx[0] < 2.0


@pytest.mark.parametrize("age", [19.0, 101.0])
def test_ages_outside_the_model_are_refused(age: float) -> None:
    with pytest.raises(ModelError, match="20 to 100"):
        MODEL.initial_state(np.array([age]), MODEL.parameters)


def test_people_in_a_batch_start_where_each_would_alone() -> None:
    ages = np.linspace(45.0, 85.0, 12)
    together = MODEL.initial_state(ages, MODEL.parameters)
    alone = np.concatenate([MODEL.initial_state(ages[i : i + 1], MODEL.parameters) for i in range(12)], axis=1)
    np.testing.assert_allclose(together, alone, rtol=1e-13)
