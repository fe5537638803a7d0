"""An independent sampler for one person's fit: affine-invariant walkers on all nine unknowns at once.

It shares the bone model with the fit and nothing else: no library of particles, no weights, no levels integrated out.
The bone model is tabulated on a grid of the three traits that matter without treatment, read by linear interpolation.
The walkers stretch towards each other (Goodman and Weare 2010, with the parallel halves of Foreman-Mackey 2013).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator

from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.sites import BMD, SITES
from osteon.twin.personalise import PersonData
from osteon.twin.personalise.likelihood import marker_scale, precision
from osteon.twin.variability.traits import (
    CELL_TRAITS,
    correlation,
    drift_years,
    level_prior,
    model_parameters,
    trait_values,
)

Floats = NDArray[np.float64]

GRID = (np.linspace(-4.5, 4.5, 13), np.linspace(-4.0, 4.0, 7), np.linspace(-4.0, 4.0, 7))
WALKERS, STEPS, BURN_IN, THIN = 240, 1500, 500, 10
TRAITS = 3


@dataclass(frozen=True)
class Referee:
    """Samples of log BMD at the wanted age, ``(samples, 3)``, and the share of accepted moves."""

    log_bmd: Floats
    accepted: float


def sample(data: PersonData, wanted_years: float, seed: int) -> Referee:
    """Sample the posterior of one untreated person."""
    ages = sorted({wanted_years, *(v.age_years for v in data.visits), *(r.age_years for r in data.readings)})
    tables = {age: _tabulate(data, age) for age in ages}
    prior = level_prior(data.sex)
    level_mean, level_inverse = prior.mean_at(data.age_years), np.linalg.inv(prior.covariance)
    trait_inverse = np.linalg.inv(correlation(data.sex, CELL_TRAITS)[:TRAITS, :TRAITS])

    def log_posterior(x: Floats) -> Floats:
        z, levels = x[:, :TRAITS], x[:, TRAITS:] - level_mean
        total = -0.5 * np.einsum("ni,ij,nj->n", z, trait_inverse, z)
        total -= 0.5 * np.einsum("ni,ij,nj->n", levels, level_inverse, levels)
        inside = np.all(np.abs(z) <= 4.0, axis=1)
        z = np.clip(z, -4.0, 4.0)
        traits = trait_values(np.vstack([z.T, np.zeros(len(z))]))
        for visit in data.visits:
            of_model = tables[visit.age_years](z)
            for site, bmd in visit.bmd_g_cm2.items():
                i = SITES.index(site)
                here = of_model[:, i] + x[:, TRAITS + i] + x[:, TRAITS + 3 + i] * float(drift_years(visit.age_years))
                total -= 0.5 * ((math.log(bmd) - here) / precision(site)) ** 2
        for reading in data.readings:
            centre, spread = marker_scale(data.sex, reading.marker)
            here = centre + np.log(traits["turnover"]) + tables[reading.age_years](z)[:, 3]
            total -= 0.5 * ((math.log(reading.value) - here) / spread) ** 2
        if data.menopause_years is not None:
            total -= 0.5 * (traits["menopause_age"] - data.menopause_years) ** 2
        return np.where(inside, total, -np.inf)

    rng = np.random.default_rng(seed)
    spread = np.sqrt(np.diag(prior.covariance))
    walkers = np.hstack(
        [0.5 * rng.standard_normal((WALKERS, TRAITS)), level_mean + 0.5 * spread * rng.standard_normal((WALKERS, 6))]
    )
    logs, kept, moved = log_posterior(walkers), [], 0
    half = WALKERS // 2
    for step in range(STEPS):
        for own, other in ((slice(0, half), slice(half, None)), (slice(half, None), slice(0, half))):
            partner = walkers[other][rng.integers(half, size=half)]
            stretch = (1.0 + rng.random(half)) ** 2 / 2.0
            trial = partner + stretch[:, None] * (walkers[own] - partner)
            found = log_posterior(trial)
            gain = (walkers.shape[1] - 1) * np.log(stretch) + found - logs[own]
            yes = np.log(rng.random(half)) < gain
            walkers[own] = np.where(yes[:, None], trial, walkers[own])
            logs[own] = np.where(yes, found, logs[own])
            moved += int(yes.sum())
        if step >= BURN_IN and step % THIN == 0:
            z = np.clip(walkers[:, :TRAITS], -4.0, 4.0)
            of_model = tables[wanted_years](z)[:, :3]
            kept.append(of_model + walkers[:, 3:6] + walkers[:, 6:] * float(drift_years(wanted_years)))
    return Referee(np.concatenate(kept), moved / (WALKERS * STEPS))


def _tabulate(data: PersonData, age: float) -> RegularGridInterpolator:
    """Log BMD of the three sites, then log CTX, on the grid of menopause age, turnover and menopausal loss."""
    nodes = np.array(list(itertools.product(*GRID))).T
    traits = trait_values(np.vstack([nodes, np.zeros(nodes.shape[1])]))
    model = OsteonModel()
    parameters = {**model.parameters, **model_parameters(data.sex, traits, data.fixed)}
    ages = np.full(nodes.shape[1], age)
    state = tuple(model.initial_state(ages, parameters))
    forcing = model.forcing(np, age, dict.fromkeys(model.channels(parameters), 0.0), parameters)
    found = np.log(np.stack(model.observe(np, (*BMD, "ctx"), state, forcing, parameters), axis=-1))
    return RegularGridInterpolator(GRID, found.reshape(*(len(axis) for axis in GRID), 4), method="linear")
