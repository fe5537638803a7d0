"""The fitting machinery: its runs are those of the engine, and the stored fit is an optimum."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.calibrate import linearise
from osteon.twin.osteon_model.fit_grid import GridArm, GridHistory, run_arms
from osteon.twin.osteon_model.fit_problem import Problem, build_problem, natural_values
from osteon.twin.osteon_model.parameters import nominal, priors
from osteon.twin.osteon_model.schedule import read_schedule

MODEL = OsteonModel()


@pytest.fixture(scope="module")
def problem() -> Problem:
    return build_problem()


@pytest.mark.parametrize(
    "text", ["none", "zoledronate 5 x1", "denosumab 60 x4/6m", "teriparatide 20/d 0-18m + alendronate 10/d 18-24m"]
)
def test_the_grid_agrees_with_the_engine(text: str) -> None:
    regimen = read_schedule(text)
    p = dict(MODEL.parameters)
    past = GridHistory(MODEL, p, [{}], 72.0)
    days = (30.0, 365.25, 730.5)
    own = run_arms(MODEL, p, [GridArm(70.0, {}, regimen)], past, [(0, "bmd_total_hip", day) for day in days])
    run = simulate(MODEL, [70.0], regimen, output_years=np.array(days) / 365.25, observe=("bmd_total_hip",))
    engine = run.require_ok().observables["bmd_total_hip"][0]
    np.testing.assert_allclose(own[:, 0], engine, rtol=4e-4)  # doses are moved by up to two and a half days


def test_sets_of_parameters_do_not_disturb_each_other(problem: Problem) -> None:
    alone = np.zeros(len(problem.fitted))
    other = alone.copy()
    other[3] = 0.7
    together = problem.residuals(np.vstack([alone, other]))
    np.testing.assert_allclose(together[0], problem.residuals(alone)[0], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(together[1], problem.residuals(other)[0], rtol=1e-9, atol=1e-9)


def test_the_parameters_in_use_are_an_optimum(problem: Problem) -> None:
    values = nominal()
    theta = np.array(
        [(one.to_scale(values[one.name]) - one.to_scale(one.centre)) / one.spread for one in problem.fitted]
    )
    found, slopes = linearise(problem, theta)
    weights = np.where(np.abs(found) > 3.0, 3.0 / np.maximum(np.abs(found), 3.0), 1.0)
    weights[-theta.size :] = 1.0
    normal = slopes.T @ (slopes * weights[:, None])
    step = np.linalg.solve(normal, slopes.T @ (found * weights))
    assert np.max(np.abs(step)) < 0.35, "calibrate anew: the optimum lies elsewhere"
    again = natural_values(theta[None], problem.fitted)
    assert all(again[name] == pytest.approx(values[name], rel=1e-6) for name in priors())
