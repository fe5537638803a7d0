"""BMD of every woman in one arm: the bone model's change, and her own drift, which no medicine moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from osteon.trial.design import Arm
from osteon.trial.people import Women
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model import LONG_STEPS, OsteonModel
from osteon.twin.osteon_model.drugs import channels
from osteon.twin.osteon_model.schedule import read_schedule
from osteon.twin.osteon_model.sites import BMD, SITES, SiteName
from osteon.twin.variability.traits import drift_years

Floats = NDArray[np.float64]


def bmd_paths(women: Women, arm: Arm, t_years: Floats) -> dict[SiteName, Floats]:
    """BMD in g/cm² by site, shape ``(n, times)`` each.

    Parameters
    ----------
    women
        At enrolment.
    arm
        What all of them are given.
    t_years
        Times since enrolment, from 0.

    Raises
    ------
    ModelError
        A woman's run gave no finite number; nobody is left out in silence.
    """
    model = OsteonModel()
    regimen = read_schedule(arm.schedule)
    medicines = {channel.drug for channel in channels(model.parameters).values()}
    run = simulate(
        model,
        women.age_years,
        regimen,
        output_years=t_years,
        observe=BMD,
        parameters=women.parameters,
        dose_multipliers={drug: women.drug_response for drug in regimen.drugs if drug in medicines},
        initial_state=women.states,
        step_scale=LONG_STEPS,
    ).require_ok()
    drifted = drift_years(women.age_years[:, None] + t_years) - drift_years(women.age_years)[:, None]
    found = {}
    for number, site in enumerate(SITES):
        of_model = run.observables[f"bmd_{site}"]
        own = np.exp(women.drift[number][:, None] * drifted)
        found[site] = women.bmd[site][:, None] * (of_model / of_model[:, :1]) * own
    return found
