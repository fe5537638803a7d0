"""The engine against CVODE: an independent transcription of the equations and an independent solver."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.twin.engine.simulate import simulate
from osteon.twin.reference.joerg2022 import Joerg2022
from twin import referee
from twin.regimens import REGIMENS

YEARS = 4.0


@pytest.mark.parametrize("name", REGIMENS)
@pytest.mark.parametrize("age_years", [48.35, 66.6])
def test_every_observable_agrees_with_cvode(name: str, age_years: float) -> None:
    model = Joerg2022()
    t_years = np.arange(0, int(12 * YEARS) + 1) / 12.0
    ours = simulate(model, age_years, REGIMENS[name], output_years=t_years).require_ok()
    y0 = model.initial_state(np.array([age_years]), model.parameters)[:, 0]
    theirs = referee.observables(referee.solve(y0, age_years, REGIMENS[name], t_years * 365.0))
    for observable, values in theirs.items():
        # Ratios to day 0: the referee does not know the unit of BMD.
        expected = values / values[0]
        found = ours.observables[observable][0] / ours.observables[observable][0, 0]
        assert np.max(np.abs(found / expected - 1.0)) < 1e-6, observable
    bmd = ours.observables["bmd_total_hip"][0]
    assert np.max(np.abs(bmd / bmd[0] / (theirs["bmd_total_hip"] / theirs["bmd_total_hip"][0]) - 1.0)) < 1e-7


@pytest.mark.parametrize("age_years", [30.0, 50.0, 50.4, 57.0, 80.0, 99.5])
def test_untreated_state_agrees_with_cvode_from_age_zero(age_years: float) -> None:
    model = Joerg2022()
    start = model.initial_state(np.array([0.0]), model.parameters)[:, 0]
    theirs = referee.solve(start, 0.0, REGIMENS["natural history"], [age_years * 365.0])[-1, :9]
    ours = model.initial_state(np.array([age_years]), model.parameters)[:, 0]
    np.testing.assert_allclose(ours, theirs, rtol=3e-8, atol=1e-12)


def test_own_parameters_agree_with_the_kept_trajectory_and_with_cvode(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Joerg2022()
    ages = np.array([44.0, 52.5, 71.0])
    own = {**model.parameters, "e_s": np.full(3, model.parameters["e_s"] * (1 + 1e-15))}
    np.testing.assert_allclose(
        model.initial_state(ages, own), model.initial_state(ages, model.parameters), rtol=1e-9, atol=1e-12
    )
    faster = {**model.parameters, "tau_e": np.array([2.6, 1.3, 1.3])}
    monkeypatch.setitem(referee._P, "tau_e", 1.3)
    start = model.initial_state(np.array([0.0]), model.parameters)[:, 0]
    theirs = referee.solve(start, 0.0, REGIMENS["natural history"], [71.0 * 365.0])[-1, :9]
    np.testing.assert_allclose(model.initial_state(ages, faster)[:, 2], theirs, rtol=1e-8, atol=1e-12)
