"""The published model: its steady state, its natural history, and its limits."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteon.errors import ModelError
from osteon.evidence.loader import row
from osteon.twin.engine.regimen import Bolus, Infusion, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.reference.joerg2022 import (
    PARAMETER_NAMES,
    Joerg2022,
    bmd_at_25,
    equilibrium,
    published_parameters,
    turnover,
)


def bmd(age_years: float) -> float:
    run = simulate(Joerg2022(), age_years, output_years=[0.0], observe=["bmd_total_hip"])
    return float(run.observables["bmd_total_hip"][0, 0])


def test_steady_state_is_the_published_one(root: Path) -> None:
    found = equilibrium(published_parameters())
    formation, resorption = turnover(found, published_parameters())
    with (root / "tests/data/joerg2022/steady_state_premenopause.csv").open() as file:
        expected = [float(one["value"]) for one in csv.DictReader(file)]
    np.testing.assert_allclose([*found, formation, resorption], expected[:11], rtol=1e-7)
    assert 100.0 * 365.0 * (formation - resorption) == pytest.approx(expected[11], rel=1e-9)


def test_nothing_but_bone_density_moves_at_the_steady_state() -> None:
    model = Joerg2022()
    forcing = model.forcing(np, 30.0, dict.fromkeys(model.channels(model.parameters), 0.0), model.parameters)
    rates = model.derivatives(np, equilibrium(model.parameters), forcing, model.parameters)
    assert np.max(np.abs(np.delete(rates, 7))) < 1e-12


@pytest.mark.parametrize(
    ("age", "relative"), [(25, 1.0), (35, 0.9837), (45, 0.9675), (50, 0.959297), (55, 0.9211), (65, 0.8500)]
)
def test_natural_history_is_the_published_one(age: float, relative: float) -> None:
    assert bmd(age) == pytest.approx(relative, abs=6e-5)


def test_late_loss_is_about_three_quarters_of_a_per_cent_a_year() -> None:
    assert 100 * (1 - bmd(76) / bmd(75)) == pytest.approx(0.78, abs=0.1)


def test_every_parameter_has_a_source() -> None:
    for name in PARAMETER_NAMES:
        assert row(f"joerg2022.{name}").status == "read"
        assert row(f"joerg2022.{name}").locator


def test_extreme_teriparatide_cannot_turn_cell_death_round() -> None:
    regimen = Regimen("tenfold", (Infusion("teriparatide", 400.0),))
    model = Joerg2022()
    forcing = model.forcing(
        np, 60.0, {**dict.fromkeys(model.channels(model.parameters), 0.0), "teriparatide": 9.0}, model.parameters
    )
    assert forcing.osteoblast_apoptosis == 0.0
    run = simulate(model, [60.0], regimen, output_years=[1.0, 10.0]).require_ok()
    assert np.all(run.observables["bmd_total_hip"] > 0)


@pytest.mark.parametrize("age", [-1.0, 120.5])
def test_ages_without_a_state_are_refused(age: float) -> None:
    with pytest.raises(ModelError, match="no untreated state"):
        bmd(age)


drugs = st.sampled_from(["alendronate", "blosozumab", "denosumab", "romosozumab", "teriparatide"])
boluses = st.builds(Bolus, drugs, st.floats(0.1, 500.0), st.floats(0, 2000), st.floats(0.5, 400.0), st.integers(1, 20))
daily = st.builds(
    lambda drug, amount, start, length: Infusion(drug, amount, start, start + length),
    drugs,
    st.floats(0.1, 100.0),
    st.floats(0, 2000),
    st.floats(0.5, 3000.0),
)


@settings(max_examples=25)
@given(
    courses=st.lists(st.one_of(boluses, daily), max_size=4, unique_by=lambda course: course.drug),
    ages=st.lists(st.floats(25.0, 95.0), min_size=1, max_size=4),
)
def test_any_regimen_at_any_age_gives_positive_finite_bone(courses: list[Bolus | Infusion], ages: list[float]) -> None:
    run = simulate(Joerg2022(), ages, Regimen("any", tuple(courses)), output_years=[0.1, 1.0, 4.0], backend="float")
    assert not np.any(run.status)
    for values in run.observables.values():
        assert np.all(np.isfinite(values))
        assert np.all(values > 0.0)


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_people_stay_finite(seed: int) -> None:
    rng = np.random.default_rng(seed)
    nominal = published_parameters()
    people = 40
    varied = {
        name: nominal[name] * rng.lognormal(0.0, 0.2, people)
        for name in ("eta_B", "eta_C", "omega_pB", "e_s", "lambda_C", "lambda_B", "gamma", "E_denosumab", "T_denosumab")
    }
    regimen = Regimen("d", (Bolus("denosumab", 60.0, 0.0, 182.5, None),))
    run = simulate(
        Joerg2022(), rng.uniform(30, 90, people), regimen, output_years=[1.0, 2.0], parameters=varied, step_scale=3.0
    )
    assert not np.any(run.status)
    assert all(np.all(np.isfinite(values)) for values in run.observables.values())


def test_bmd_is_one_at_25_for_each_persons_own_parameters() -> None:
    own = {**published_parameters(), "lambda_C": np.array([3.7e-6, 3.9e-6])}
    assert np.ndim(bmd_at_25(own)) == 1
    run = simulate(
        Joerg2022(),
        [25.0, 25.0],
        output_years=[0.0],
        observe=["bmd_total_hip"],
        parameters={"lambda_C": own["lambda_C"]},
    )
    np.testing.assert_allclose(run.observables["bmd_total_hip"][:, 0], 1.0, rtol=1e-12)
