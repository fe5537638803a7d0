"""Readings of one digitised curve: independent after whitening, and as correlated as the calibration takes them."""

import numpy as np
import pytest

from osteon.twin.osteon_model.calibrate import theta_in_use
from osteon.twin.osteon_model.fit_problem import build_problem
from osteon.twin.osteon_model.series import SHARED_ERROR, Series, collect, shared_error, whiten


def made_up(shared: float, arms: int = 4000, readings: int = 6) -> tuple[np.ndarray, tuple[Series, ...]]:
    """Errors of unit size with this correlation within each arm; the observable is one that shares as much."""
    rng = np.random.default_rng(5)
    errors = np.sqrt(shared) * rng.normal(size=(arms, 1)) + np.sqrt(1 - shared) * rng.normal(size=(arms, readings))
    name = next(name for name, value in SHARED_ERROR.items() if value == shared)
    return errors.ravel(), collect([(arm, name) for arm in range(arms) for _ in range(readings)])


@pytest.mark.parametrize("shared", sorted(set(SHARED_ERROR.values())))
def test_whitened_errors_have_unit_size_and_no_correlation(shared: float) -> None:
    errors, series = made_up(shared)
    assert shared_error(errors, series) == pytest.approx(shared, abs=0.03)
    table = whiten(errors, series).reshape(len(series), -1)
    np.testing.assert_allclose(np.cov(table.T), np.eye(table.shape[1]), atol=0.07)


def test_a_whole_curve_too_high_costs_less_than_as_many_separate_misses_and_its_shape_costs_more() -> None:
    series = collect([(0, "bmd_total_hip")] * 9)
    aloft, bent = np.ones(9), np.array([1.0, -1.0] * 4 + [0.0])
    assert np.sum(whiten(aloft, series) ** 2) == pytest.approx(9 / (1 + 8 * 0.5))
    assert np.sum(whiten(bent, series) ** 2) == pytest.approx(8 / (1 - 0.5))


def test_residuals_outside_a_series_and_series_of_one_reading_stay_as_they_are() -> None:
    series = collect([None, (0, "ctx"), None])
    np.testing.assert_allclose(whiten(np.array([1.0, 2.0, 3.0]), series), [1.0, 2.0, 3.0])


@pytest.mark.parametrize(("kind", "shared"), [("bmd", 0.5), ("ctx", 0.3), ("p1np", 0.0), ("bsap", 0.2)])
def test_the_correlation_is_the_one_that_the_residuals_of_the_fit_show(kind: str, shared: float) -> None:
    problem = build_problem(whitened=False)
    residuals = problem.residuals(theta_in_use())[0]
    found = shared_error(residuals, [one for one in problem.series if one.observable.startswith(kind)])
    assert found == pytest.approx(shared, abs=0.1)
    assert {value for name, value in SHARED_ERROR.items() if name.startswith(kind)} == {shared}
