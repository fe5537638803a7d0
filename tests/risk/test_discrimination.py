"""The measures of ``bench/discrimination.py`` against their definitions and against known answers."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import norm


@pytest.fixture
def measures(root):
    spec = importlib.util.spec_from_file_location("bench_discrimination", root / "bench/discrimination.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_auc_is_the_share_of_pairs_in_the_right_order(measures):
    generator = np.random.default_rng(3)
    score = generator.integers(0, 8, 120).astype(float)
    broke = generator.random(120) < 0.3
    pairs = [(a > b) + 0.5 * (a == b) for a in score[broke] for b in score[~broke]]
    assert measures.auc(score, broke) == pytest.approx(np.mean(pairs))
    assert measures.auc(np.array([1.0, 2.0]), np.array([False, True])) == 1.0


def test_the_interval_holds_the_known_area(measures):
    """Two normal distributions one SD apart have an area of Phi(1/sqrt 2)."""
    generator = np.random.default_rng(5)
    score = np.concatenate([generator.normal(1, 1, 400), generator.normal(0, 1, 400)])
    found = measures.auc_with_interval(score, np.arange(800) < 400)
    truth = norm.cdf(1 / np.sqrt(2))
    assert found.low < truth < found.high
    assert found.low < found.area < found.high
    assert found == measures.auc_with_interval(score, np.arange(800) < 400)


def test_the_slope_is_that_of_the_likelihood_and_outlives_enrichment(measures):
    generator = np.random.default_rng(7)
    chance = 1 / (1 + np.exp(-generator.normal(-3, 1, 40_000)))
    broke = generator.random(chance.size) < chance
    slope, error = measures.calibration_slope(100 * chance, broke)
    assert slope == pytest.approx(1.0, abs=3 * error)

    few = np.arange(2000)
    logit = np.log(chance[few] / (1 - chance[few]))

    def minus_log_likelihood(weights):
        line = weights[0] + weights[1] * logit
        return np.logaddexp(0, line).sum() - line[broke[few]].sum()

    direct = minimize(minus_log_likelihood, [0.0, 1.0], tol=1e-10)
    assert measures.calibration_slope(100 * chance[few], broke[few])[0] == pytest.approx(direct.x[1], abs=1e-4)
    kept = broke | (generator.random(chance.size) < 0.1)
    enriched, error = measures.calibration_slope(100 * chance[kept], broke[kept])
    assert enriched == pytest.approx(1.0, abs=3 * error)


def test_fifths_hold_everybody_in_order(measures):
    percent = np.array([5.0, 1, 4, 2, 3, 9, 8, 7, 6, 10, 11])
    found = measures.fifths(percent, percent > 5)
    assert sum(people for people, _, _ in found) == 11
    assert [mean for _, mean, _ in found] == sorted(mean for _, mean, _ in found)
    assert (found[0][2], found[-1][2]) == (0.0, 100.0)
