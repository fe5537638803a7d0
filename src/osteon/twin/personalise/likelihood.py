"""How well each particle explains the person's data.

Given the traits of the cells, log BMD is linear in the six levels (log peak and drift of each site) with Gaussian prior
and Gaussian error. The levels are therefore integrated out exactly, and only the traits of the cells need particles::

    y = log model(traits) + H levels + error      levels ~ N(m, S)      error ~ N(0, R)
    y - log model | traits  ~  N(H m, H S H' + R)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import value
from osteon.person import Sex
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model import LONG_STEPS, OsteonModel
from osteon.twin.osteon_model.drugs import channels as drug_channels
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.personalise.data import Marker, PersonData
from osteon.twin.personalise.library import Particles
from osteon.twin.variability.traits import (
    CELL_TRAITS,
    cell_traits,
    drift_years,
    level_prior,
    model_parameters,
    trait_values,
)
from osteon.twin.variability.trajectories import OBSERVED

Floats = NDArray[np.float64]

RECALL_SD_YEARS = 1.0
"""Assumed error of a reported age at menopause."""

Z_975 = 1.959964
LEAST_MARKER_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class LevelPosterior:
    """The levels given each particle: mean ``(6, n)``, and the covariance ``(6, 6)`` that all share."""

    mean: Floats
    covariance: Floats


def precision(site: SiteName) -> float:
    """The usual precision error of a site, as a share of its BMD."""
    return value(f"variability.precision.{site}") / 100.0


def medicines() -> frozenset[str]:
    """The drugs to which a person's drug response applies."""
    model = OsteonModel()
    return frozenset(channel.drug for channel in drug_channels(model.parameters).values())


def model_logs(data: PersonData, particles: Particles, age_years: float) -> Floats:
    """Log of the bone model's observables at an age, in the order of ``OBSERVED``, ``(5, n)``, treatment included."""
    if age_years <= data.start_years or not data.past.courses:
        return particles.lives.logs_at(age_years)
    run = simulate(
        OsteonModel(),
        np.full(particles.count, data.start_years),
        data.past,
        output_years=[age_years - data.start_years],
        observe=OBSERVED,
        parameters=particles.parameters(),
        dose_multipliers=response(data.past.drugs, particles),
        initial_state=particles.lives.states_at(data.start_years),
        step_scale=LONG_STEPS,
    ).require_ok()
    return np.log(np.stack([run.observables[name][:, 0] for name in OBSERVED]))


def response(drugs: tuple[str, ...], particles: Particles) -> dict[str, Floats]:
    """Each particle's multiplier of the doses of bone medicines."""
    own = particles.traits()["drug_response"]
    return {drug: own for drug in drugs if drug in medicines()}


def log_likelihood(data: PersonData, particles: Particles) -> tuple[Floats, LevelPosterior]:
    """Log likelihood of each particle with the levels integrated out, and the levels given each particle."""
    ages = {one.age_years for one in data.visits} | {one.age_years for one in data.readings}
    logs = {age: model_logs(data, particles, age) for age in ages}
    scans, levels = _scans(data, particles, logs)
    total = scans + _menopause(data, particles)
    for reading in data.readings:
        number = OBSERVED.index(reading.marker)
        centre, spread = marker_scale(data.sex, reading.marker)
        expected = centre + np.log(particles.traits()["turnover"]) + logs[reading.age_years][number]
        total = total - 0.5 * ((math.log(reading.value) - expected) / spread) ** 2
    return total, levels


def _scans(data: PersonData, particles: Particles, logs: Mapping[float, Floats]) -> tuple[Floats, LevelPosterior]:
    prior = level_prior(data.sex)
    mean = prior.mean_at(data.age_years)
    rows, errors, residuals = [], [], []
    for visit in data.visits:
        for site, bmd in visit.bmd_g_cm2.items():
            number = SITES.index(site)
            row = np.zeros(mean.size)
            row[number], row[len(SITES) + number] = 1.0, float(drift_years(visit.age_years))
            own = visit.precision_g_cm2.get(site)
            rows.append(row)
            errors.append((own / bmd if own is not None else precision(site)) ** 2)
            residuals.append(math.log(bmd) - logs[visit.age_years][number])
    if not rows:
        return np.zeros(particles.count), LevelPosterior(
            np.repeat(mean[:, None], particles.count, axis=1), prior.covariance
        )
    design = np.array(rows)
    spread = design @ prior.covariance @ design.T + np.diag(errors)
    off = np.array(residuals) - (design @ mean)[:, None]
    solved = np.linalg.solve(spread, off)
    gain = prior.covariance @ design.T
    levels = LevelPosterior(mean[:, None] + gain @ solved, prior.covariance - gain @ np.linalg.solve(spread, gain.T))
    return -0.5 * np.sum(off * solved, axis=0), levels


def _menopause(data: PersonData, particles: Particles) -> Floats:
    found = np.zeros(particles.count)
    if data.sex == "male" or "menopause_age" in data.fixed:
        return found
    own = particles.traits()["menopause_age"]
    if data.menopause_years is not None:
        found -= 0.5 * ((own - data.menopause_years) / RECALL_SD_YEARS) ** 2
    elif data.postmenopausal is not None:
        since = (data.age_years - own) / RECALL_SD_YEARS * (1.0 if data.postmenopausal else -1.0)
        # A logistic curve stands for the normal one: the tail must not underflow.
        found -= np.logaddexp(0.0, -1.702 * since)
    return found


@cache
def marker_scale(sex: Sex, marker: Marker) -> tuple[float, float]:
    """The log of the marker's concentration where the bone model says 1, and the spread around a person's own level.

    The bone model gives markers relative to a healthy adult of 20. Their unit is set so that the typical person of the
    published reference population has its (geometric) middle. The spread is what the lasting trait ``turnover`` leaves.
    """
    low, high = (math.log(value(f"variability.{marker}.{sex}.{end}")) for end in ("low", "high"))
    typical = {name: float(found[0]) for name, found in trait_values(np.zeros((len(CELL_TRAITS), 1))).items()}
    run = simulate(
        OsteonModel(),
        value(f"variability.marker_age.{sex}"),
        output_years=[0.0],
        observe=(marker,),
        parameters=model_parameters(sex, typical, {}),
        backend="float",
    ).require_ok()
    total = (high - low) / (2.0 * Z_975)
    spread = math.sqrt(max(total**2 - cell_traits()["turnover"].spread ** 2, LEAST_MARKER_SPREAD**2))
    return 0.5 * (low + high) - math.log(float(run.observables[marker][0, 0])), spread
