"""Student's t and the two analyses beside SciPy and least squares."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from osteon.errors import ModelError
from osteon.trial.estimates import contrast, estimate, moments
from osteon.trial.student import quantile, two_sided_p


@pytest.mark.parametrize("freedom", [1, 2.5, 10, 97, 1e5, 1e8])
def test_students_t_is_scipys(freedom):
    for t in (0.01, 0.7, 1.96, 5.0, 20.0):
        assert two_sided_p(t, freedom) == pytest.approx(2 * stats.t.sf(t, freedom), rel=1e-6)
    for probability in (0.6, 0.95, 0.975, 0.9995):
        assert quantile(probability, freedom) == pytest.approx(stats.t.ppf(probability, freedom), rel=1e-6)


def two_arms(seed):
    generator = np.random.default_rng(seed)
    x = [generator.normal(0.8, 0.1, n) for n in (40, 55)]
    y = [2.0 - 3.0 * one + generator.normal(0, 1.0 + arm, one.size) + 1.5 * arm for arm, one in enumerate(x)]
    return x, y


def test_ancova_is_least_squares():
    x, y = two_arms(1)
    found = estimate(contrast(moments(x[0], y[0]), moments(x[1], y[1]), "ancova"), 0.05)
    arm = np.repeat([0.0, 1.0], [40, 55])
    design = np.stack([np.ones(95), np.concatenate(x), arm], axis=1)
    outcome = np.concatenate(y)
    coefficients, residual, *_ = np.linalg.lstsq(design, outcome, rcond=None)
    error = np.sqrt(residual[0] / 92 * np.linalg.inv(design.T @ design)[2, 2])
    assert found.difference == pytest.approx(coefficients[2], rel=1e-9)
    half = stats.t.ppf(0.975, 92) * error
    assert (found.low, found.high) == pytest.approx((coefficients[2] - half, coefficients[2] + half), rel=1e-9)
    assert found.p == pytest.approx(2 * stats.t.sf(abs(coefficients[2] / error), 92), rel=1e-8)


def test_the_difference_of_means_is_welchs():
    x, y = two_arms(2)
    found = estimate(contrast(moments(x[0], y[0]), moments(x[1], y[1]), "difference"), 0.05)
    welch = stats.ttest_ind(y[1], y[0], equal_var=False)
    assert found.p == pytest.approx(welch.pvalue, rel=1e-8)
    assert (found.low, found.high) == pytest.approx(tuple(welch.confidence_interval()), rel=1e-8)


def test_an_arm_without_people_is_refused():
    x, y = two_arms(3)
    with pytest.raises(ModelError, match="hardly anybody"):
        contrast(moments(x[0][:2], y[0][:2]), moments(x[1], y[1]), "ancova")


def test_a_drawn_trial_finds_a_difference_where_its_p_value_lies_below_the_level():
    drawn = np.random.default_rng(5)
    control, active = (
        moments(drawn.normal(size=(2000, n)), drawn.normal(shift, sd, size=(2000, n)))
        for n, shift, sd in ((4, 0.0, 1.0), (7, 2.0, 3.0))
    )
    found = contrast(control, active, "difference")
    p = np.array([estimate(contrast(a, b, "difference"), 0.05).p for a, b in zip(control, active, strict=True)])
    clear = np.abs(p - 0.05) > 5e-4
    assert np.array_equal(found.significant(0.05)[clear], (p < 0.05)[clear])
    assert clear.mean() > 0.99
