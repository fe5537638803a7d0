"""The three drivers answer alike: NumPy, JAX, and plain Python floats."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.twin.engine.regimen import Regimen
from osteon.twin.engine.simulate import Backend, simulate
from osteon.twin.engine.simulation import Simulation
from osteon.twin.reference.joerg2022 import Joerg2022
from twin.regimens import REGIMENS

T_YEARS = np.arange(0, 37) / 12.0
AGES = np.array([26.0, 47.3, 49.99, 50.0, 58.2, 66.6, 81.0])


def both(backend: Backend, regimen: Regimen, **more: object) -> tuple[Simulation, Simulation]:
    model = Joerg2022()
    first = simulate(model, AGES, regimen, output_years=T_YEARS, **more)  # type: ignore[arg-type]
    second = simulate(model, AGES, regimen, output_years=T_YEARS, backend=backend, **more)  # type: ignore[arg-type]
    return first.require_ok(), second.require_ok()


def assert_alike(first: Simulation, second: Simulation) -> None:
    for name, values in first.observables.items():
        np.testing.assert_allclose(second.observables[name], values, rtol=1e-12, atol=0.0, err_msg=name)


@pytest.mark.parametrize(("backend", "name"), [("jax", "odd times"), *(("float", name) for name in REGIMENS)])
def test_drivers_agree(backend: Backend, name: str) -> None:
    assert_alike(*both(backend, REGIMENS[name]))


@pytest.mark.parametrize("backend", ["jax", "float"])
def test_drivers_agree_where_people_differ_in_kinetics_parameters_and_adherence(backend: Backend) -> None:
    rng = np.random.default_rng(7)
    nominal = Joerg2022().parameters
    people = AGES.size
    parameters = {
        "T_denosumab": nominal["T_denosumab"] * rng.lognormal(0.0, 0.2, people),
        "E_denosumab": nominal["E_denosumab"] * rng.lognormal(0.0, 0.3, people),
        "E_teriparatide": nominal["E_teriparatide"] * 1.1,
        "eta_C": nominal["eta_C"] * rng.lognormal(0.0, 0.1, people),
        "a_e": rng.uniform(44.0, 56.0, people),
    }
    adherence = {
        "denosumab": rng.integers(0, 2, (6, people)).astype(float),
        "teriparatide": rng.uniform(0.3, 1.0, people),
    }
    # Six doses need a horizon of three years and the lookahead of the plan needs the seventh.
    adherence["denosumab"] = np.vstack([adherence["denosumab"], np.ones((1, people))])
    assert_alike(*both(backend, REGIMENS["combination"], parameters=parameters, dose_multipliers=adherence))


def test_drivers_agree_on_a_regimen_each() -> None:
    model = Joerg2022()
    each = list(REGIMENS.values())[: AGES.size]
    runs = [simulate(model, AGES, each, output_years=T_YEARS, backend=backend) for backend in ("numpy", "jax", "float")]
    assert_alike(runs[0], runs[1])
    assert_alike(runs[0], runs[2])
    for number, (age, regimen) in enumerate(zip(AGES, each, strict=True)):
        alone = simulate(model, age, regimen, output_years=T_YEARS)
        for name, values in alone.observables.items():
            assert np.array_equal(values[0], runs[0].observables[name][number]), (regimen.name, name)


def _jax_setting() -> bool:
    import jax

    return bool(jax.config.jax_enable_x64)


@pytest.mark.parametrize("backend", ["numpy", "jax", "float"])
def test_a_person_who_fails_is_reported_and_harms_nobody(backend: Backend) -> None:
    model = Joerg2022()
    ages = np.array([60.0, 61.0, 62.0])
    setting = _jax_setting()
    state = model.initial_state(ages, model.parameters)
    state[4, 1] = np.nan
    run = simulate(model, ages, REGIMENS["denosumab"], output_years=[1.0, 2.0], backend=backend, initial_state=state)
    assert run.status.tolist() == [0, 1, 0]
    healthy = simulate(model, ages[[0, 2]], REGIMENS["denosumab"], output_years=[1.0, 2.0], backend=backend)
    for name, values in healthy.observables.items():
        np.testing.assert_allclose(run.observables[name][[0, 2]], values, rtol=1e-12)
        assert np.isnan(run.observables[name][1]).all()
        assert values.dtype == np.float64
    assert _jax_setting() == setting  # double precision is asked for inside, and the caller's setting is kept
    with pytest.raises(Exception, match="no finite answer for 1 of 3"):
        run.require_ok()
