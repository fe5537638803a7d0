from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from osteon.risk.survival import aalen_johansen, cumulative_incidence

RATES = arrays(np.float64, (3, 6, 2), elements=st.floats(0, 5))
WIDTHS = arrays(np.float64, 6, elements=st.floats(0, 20))


@given(RATES, WIDTHS)
def test_causes_and_neither_make_one(rates, widths):
    found = cumulative_incidence(rates, widths)
    assert np.allclose(found.causes.sum(axis=-1) + found.neither, 1.0, rtol=0, atol=1e-12)
    assert (found.causes >= 0).all()
    assert (np.diff(found.causes, axis=-2) >= 0).all()
    assert (np.diff(found.neither, axis=-1) <= 0).all()


@given(RATES, WIDTHS)
def test_cutting_an_interval_changes_nothing(rates, widths):
    whole = cumulative_incidence(rates, widths)
    halves = cumulative_incidence(np.repeat(rates, 2, axis=-2), np.repeat(widths / 2, 2))
    assert np.allclose(halves.causes[..., 1::2, :], whole.causes, rtol=1e-12, atol=1e-14)


@given(RATES)
def test_a_cause_does_not_change_when_the_others_are_counted_together(rates):
    three = np.concatenate([rates, rates[..., :1]], axis=-1)
    together = np.stack([three[..., 0], three[..., 1] + three[..., 2]], axis=-1)
    assert np.allclose(cumulative_incidence(three).causes[..., 0], cumulative_incidence(together).causes[..., 0])


def test_textbook_values():
    # Constant hazards 0.2 and 0.1 for 5 years: (2/3)(1 - e^-1.5).
    found = cumulative_incidence([[0.2, 0.1]], [5.0])
    assert found.causes[0, 0] == pytest.approx(2 / 3 * (1 - np.exp(-1.5)), rel=1e-15)
    assert cumulative_incidence([[0.0, 0.0]]).neither[0] == 1.0


@pytest.mark.parametrize("rates", [[[-0.1, 0.1]], [[np.nan, 0.1]], [[np.inf, 0.1]]])
def test_impossible_hazards_are_refused(rates):
    with pytest.raises(ValueError, match="must"):
        cumulative_incidence(rates)


def test_aalen_johansen_agrees_with_the_closed_form_on_a_simulated_cohort():
    """A million people, yearly changing hazards, independent censoring: within 1e-3 everywhere."""
    hazards = np.column_stack([np.geomspace(0.005, 0.06, 10), np.geomspace(0.01, 0.2, 10)])
    generator = np.random.Generator(np.random.Philox(key=2006))
    people = 1_000_000
    spent = np.concatenate([[0.0], np.cumsum(hazards.sum(axis=1))])
    time = np.interp(generator.standard_exponential(people), spent, np.arange(11.0))
    year = np.minimum(time.astype(int), 9)
    share = hazards[:, 0] / hazards.sum(axis=1)
    cause = np.where(generator.random(people) < share[year], 1, 2)
    stop = generator.uniform(2.0, 25.0, people)
    observed = np.minimum(np.minimum(time, stop), 10.0)
    event = np.where((time < stop) & (time < 10.0), cause, 0)
    at = np.array([0.0, 0.5, 1.0, 2.25, 5.0, 7.7, 9.99])
    found = aalen_johansen(observed, event, at, causes=2)
    edges = np.linspace(0, 10, 1001)
    fine = cumulative_incidence(np.repeat(hazards, 100, axis=0), np.diff(edges))
    exact = np.vstack([[0.0, 0.0], fine.causes])[np.round(at * 100).astype(int)]
    assert np.abs(found.causes - exact).max() < 1e-3
    assert np.abs(found.neither - (1 - exact.sum(axis=1))).max() < 1e-3


COHORT = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 2)), min_size=1, max_size=30)


@given(COHORT)
def test_ties_are_one_step(cohort):
    """Against the definition, step by step, on times with many ties."""
    times = np.array([float(t) for t, _ in cohort])
    events = np.array([e for _, e in cohort])
    survival, incidence = 1.0, np.zeros(2)
    for step in sorted(set(times)):
        at_risk = (times >= step).sum()
        hits = np.array([((times == step) & (events == k)).sum() for k in (1, 2)])
        incidence = incidence + survival * hits / at_risk
        survival *= 1 - hits.sum() / at_risk
    found = aalen_johansen(times, events, [6.0], causes=2)
    assert np.allclose(found.causes[0], incidence)
    assert found.neither[0] == pytest.approx(survival)
    assert found.causes[0].sum() + found.neither[0] == pytest.approx(1.0)


@given(COHORT)
def test_without_censoring_it_is_the_plain_share(cohort):
    times = np.array([float(t) for t, _ in cohort])
    events = np.array([max(e, 1) for _, e in cohort])
    found = aalen_johansen(times, events, [3.0, 0.5], causes=2)
    for k in (1, 2):
        assert found.causes[0, k - 1] == pytest.approx(((times <= 3) & (events == k)).mean())
    assert (found.causes[1] == 0).all()


@pytest.mark.parametrize(("times", "events"), [([], []), ([1.0], [1, 2]), ([1.0], [3]), ([1.0], [-1])])
def test_an_impossible_cohort_is_refused(times, events):
    with pytest.raises(ValueError, match="must"):
        aalen_johansen(times, events, [1.0], causes=2)
