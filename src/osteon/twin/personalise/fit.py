"""Fit one person: weight the prior population by the person's data, refine when too few of it agree, resample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError
from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.personalise.data import PersonData
from osteon.twin.personalise.library import PEOPLE, Particles, particles_at, prior_population
from osteon.twin.personalise.likelihood import LevelPosterior, log_likelihood
from osteon.twin.variability.draws import normals, uniforms
from osteon.twin.variability.population import log_bmd
from osteon.twin.variability.traits import CELL_TRAITS, LEVELS, correlation

Floats = NDArray[np.float64]

ENOUGH = 250.0
"""Effective sample size from which the ends of a 90 % interval are steady."""

ROUGH = 40.0
"""Below this the reader is told that the bands are rough."""

ROUNDS = 3
REFINED_PEOPLE = 600
FROM_PRIOR = 0.2
"""Share of a refined sample that is drawn from the prior, so that no weight can grow without bound."""

TREATED_PEOPLE = 500
"""With past treatment, so many particles are simulated under it."""

DRAWS = 200
LEVELS_PER_DRAW = 8
WIDEN = 1.5
STUDY = "one person's fit"

POPULATION_SOURCES = (
    "nhanes2017_2020",
    "mros_cawthon2009",
    "appiah2021",
    "swan_finkelstein2008",
    "bell2009",
)
"""Where the spread between people comes from."""

PRECISION_SOURCE = "wilson_smith_precision"
MARKER_SOURCES: Mapping[Sex, str] = {"female": "guanabens2016", "male": "ship2013"}


@dataclass(frozen=True, slots=True)
class Posterior:
    """What the data leave open about one person.

    Attributes
    ----------
    data
        What was fitted.
    draws
        Equally likely particles, with their untreated lives.
    levels
        Log peak BMD and drift of the three sites for each draw, ``(6, LEVELS_PER_DRAW, draws)``.
    effective
        Effective sample size of the weights: how many independent particles they are worth.
    refined
        Whether the prior population alone was too poor and another was drawn around this person.
    notes
        What the reader should know about the fit.
    """

    data: PersonData
    draws: Particles
    levels: Floats
    effective: float
    refined: bool
    notes: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources behind this fit, the bone model's own apart."""
        scans = any(set(one.bmd_g_cm2) - set(one.precision_g_cm2) for one in self.data.visits)
        return (
            *POPULATION_SOURCES,
            *((PRECISION_SOURCE,) if scans else ()),
            *((MARKER_SOURCES[self.data.sex],) if self.data.readings else ()),
        )

    def traits(self) -> Mapping[str, Floats]:
        """Traits of the cells of the draws by name, ``(draws,)`` each."""
        return self.draws.traits()

    def log_bmd(self, of_model: Floats, age_years: float) -> Floats:
        """Log BMD of the sites at an age from the model's part ``(3, draws)``: ``(3, LEVELS_PER_DRAW, draws)``."""
        return np.stack(
            [log_bmd(of_model, self.levels[:, row], age_years) for row in range(self.levels.shape[1])], axis=1
        )

    def untreated_bmd(self, age_years: float) -> Floats:
        """BMD in g/cm² at an age had the person never been treated, ``(3, samples)``; ages up to the library's end."""
        of_model = self.draws.lives.logs_at(age_years)[: len(SITES)]
        return np.exp(self.log_bmd(of_model, age_years)).reshape(len(SITES), -1)


def fit_person(
    data: PersonData,
    *,
    draws: int = DRAWS,
    to_years: float | None = None,
    people: int = PEOPLE,
    enough: float = ENOUGH,
    rounds: int = ROUNDS,
) -> Posterior:
    """Fit one person.

    Parameters
    ----------
    data
        What is known.
    draws
        How many equally likely particles to keep.
    to_years
        The age up to which untreated lives are wanted; the present age by default.
    people
        Size of the prior population: fewer are quicker and rougher.
    enough, rounds
        The fit is refined, at most so many times, while its effective sample size is below ``enough``.

    Returns
    -------
    The posterior, with its effective sample size.

    Raises
    ------
    ModelError
        No person that the model can imagine has such data.
    """
    last = max(data.age_years, to_years or 0.0)
    particles = prior_population(data.sex, data.fixed, last, people)
    weights, levels = _weigh(data, particles, np.zeros(particles.count))
    effective, refined = effective_size(weights), False
    if data.past.courses:
        particles, weights, levels = _treated(data, particles)
        effective = effective_size(weights)
    for number in range(rounds):
        if effective >= min(enough, 0.4 * particles.count):
            break
        refined = True
        particles, prior_over_proposal = _around(data, particles, weights, last, number)
        weights, levels = _weigh(data, particles, prior_over_proposal)
        effective = effective_size(weights)
    index = _systematic(weights, draws)
    kept = particles.chosen(index)
    root = np.linalg.cholesky(levels.covariance + 1e-14 * np.eye(len(LEVELS)))
    noise = normals(STUDY, "levels", np.arange(draws * LEVELS_PER_DRAW), len(LEVELS))
    spread = (root @ noise).reshape(len(LEVELS), LEVELS_PER_DRAW, draws)
    notes = list(data.not_used)
    if effective < ROUGH:
        notes.append(f"the fit rests on few particles (effective sample size {effective:.0f}): bands are rough")
    return Posterior(data, kept, levels.mean[:, index][:, None, :] + spread, effective, refined, tuple(notes))


def effective_size(weights: Floats) -> float:
    """Kish's effective sample size of weights that sum to 1."""
    return float(1.0 / np.sum(weights**2))


def _weigh(data: PersonData, particles: Particles, log_extra: Floats) -> tuple[Floats, LevelPosterior]:
    log_weights, levels = log_likelihood(data, particles)
    log_weights = log_weights + log_extra
    if not np.any(np.isfinite(log_weights)):
        raise ModelError("nobody whom the bone model can simulate fits these data", mend="Check the scans and ages")
    raw = np.exp(log_weights - np.nanmax(log_weights))
    raw = np.where(np.isfinite(raw), raw, 0.0)
    return raw / raw.sum(), levels


def _treated(data: PersonData, particles: Particles) -> tuple[Particles, Floats, LevelPosterior]:
    """With past treatment, simulate fewer particles: those that agree with what was measured before it."""
    start = data.start_years
    before = PersonData(
        sex=data.sex,
        age_years=data.age_years,
        visits=tuple(one for one in data.visits if one.age_years <= start),
        readings=tuple(one for one in data.readings if one.age_years <= start),
        menopause_years=data.menopause_years,
        postmenopausal=data.postmenopausal,
        fixed=data.fixed,
    )
    weights, _ = _weigh(before, particles, np.zeros(particles.count))
    chosen = particles.chosen(_systematic(weights, TREATED_PEOPLE))
    # These particles already carry the weight of what came before: only the rest may count.
    counted, _ = log_likelihood(before, chosen)
    weights, levels = _weigh(data, chosen, -counted)
    return chosen, weights, levels


def _around(
    data: PersonData, particles: Particles, weights: Floats, last_years: float, number: int
) -> tuple[Particles, Floats]:
    """Draw new particles from a normal distribution around the weighted ones, mixed with the prior.

    The weights are flattened first until they are worth enough particles to tell a mean and a covariance.
    """
    power, floor = 1.0, min(50.0, particles.count / 4.0)
    with np.errstate(divide="ignore"):
        logs = np.log(weights)
    flat = weights
    while effective_size(flat) < floor and power > 1e-3:
        power *= 0.7
        flat = np.exp(power * (logs - logs.max()))
        flat /= flat.sum()
    mean = particles.z @ flat
    off = particles.z - mean[:, None]
    prior = correlation(data.sex, CELL_TRAITS)
    covariance = WIDEN * (off * flat) @ off.T + 0.02 * prior
    people = np.arange(REFINED_PEOPLE)
    noise = normals(STUDY, f"refined {number}", people, len(CELL_TRAITS))
    from_prior = uniforms(STUDY, f"from prior {number}", people, 1)[0] < FROM_PRIOR
    own = mean[:, None] + np.linalg.cholesky(covariance) @ noise
    z = np.where(from_prior, np.linalg.cholesky(prior) @ noise, own)
    log_prior = _log_normal(z, np.zeros(len(mean)), prior)
    log_own = _log_normal(z, mean, covariance)
    proposal = np.logaddexp(np.log(FROM_PRIOR) + log_prior, np.log1p(-FROM_PRIOR) + log_own)
    return particles_at(data.sex, data.fixed, z, last_years), log_prior - proposal


def _log_normal(z: Floats, mean: Floats, covariance: Floats) -> Floats:
    root = np.linalg.cholesky(covariance)
    scaled = np.linalg.solve(root, z - mean[:, None])
    return np.asarray(-0.5 * np.sum(scaled**2, axis=0) - np.sum(np.log(np.diag(root))))


def _systematic(weights: Floats, count: int) -> NDArray[np.int64]:
    """Systematic resampling from the middle of each stratum: no chance in it."""
    edges = np.cumsum(weights)
    edges[-1] = 1.0
    return np.searchsorted(edges, (np.arange(count) + 0.5) / count).astype(np.int64)
