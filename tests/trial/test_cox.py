from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from osteon.errors import ModelError
from osteon.trial.cox import hazard_ratio


def simulated(seed, ratio, n):
    generator = np.random.default_rng(seed)
    treated = np.arange(n) % 2 == 0
    years = generator.exponential(10.0 / np.where(treated, ratio, 1.0))
    end = generator.uniform(1.0, 6.0, n)
    return np.minimum(years, end), years <= end, treated


def test_it_maximises_the_partial_likelihood():
    years, event, treated = simulated(1, 0.6, 300)

    def minus_log_likelihood(log_ratio):
        total = 0.0
        for i in np.flatnonzero(event):
            at_risk = years >= years[i]
            total += log_ratio * treated[i] - np.log(np.exp(log_ratio * treated[at_risk]).sum())
        return -total

    found = hazard_ratio(years, event, treated)
    direct = minimize_scalar(minus_log_likelihood, bracket=(-1.0, 0.0), tol=1e-12)
    assert np.log(found.ratio) == pytest.approx(direct.x, abs=1e-6)
    step = 1e-3
    curve = minus_log_likelihood(direct.x + step) - 2 * direct.fun + minus_log_likelihood(direct.x - step)
    assert np.log(found.high / found.low) == pytest.approx(2 * 1.959964 / np.sqrt(curve / step**2), rel=1e-4)
    assert found.treated_events + found.control_events == event.sum()


def test_the_interval_holds_the_truth_as_often_as_it_says():
    held = [one.low <= 0.7 <= one.high for one in (hazard_ratio(*simulated(seed, 0.7, 400)) for seed in range(400))]
    assert 0.92 < np.mean(held) < 0.98


def test_an_arm_without_fractures_has_no_ratio():
    years, event, treated = simulated(2, 0.7, 100)
    with pytest.raises(ModelError, match="both arms"):
        hazard_ratio(years, event & ~treated, treated)
