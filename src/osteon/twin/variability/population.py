"""A virtual population: people drawn by number, and their BMD at an age or at several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.variability.draws import normals
from osteon.twin.variability.traits import (
    CELL_TRAITS,
    LEVELS,
    correlated,
    drift_years,
    level_prior,
    model_parameters,
    trait_values,
)
from osteon.twin.variability.trajectories import LAST_YEARS, Trajectories, untreated_lives

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class VirtualPeople:
    """``n`` people of one sex.

    Attributes
    ----------
    sex
        Of everybody.
    numbers
        Which people of the study they are, ``(n,)``.
    traits
        Traits of the cells by name, ``(n,)`` each.
    levels
        Log peak BMD (g/cm²) of the three sites, then yearly drift of the three, ``(6, n)``, before the difference
        between generations.
    fixed
        Traits of the model that are the same for all.
    """

    sex: Sex
    numbers: NDArray[np.int64]
    traits: Mapping[str, Floats]
    levels: Floats
    fixed: Mapping[str, float] = field(default_factory=dict)

    def parameters(self) -> dict[str, Any]:
        """The overrides of the bone model's parameters."""
        return model_parameters(self.sex, self.traits, self.fixed)

    def lives(self, last_years: float = LAST_YEARS) -> Trajectories:
        """Their untreated lives from 20 on."""
        return untreated_lives(self.parameters(), self.numbers.size, last_years)

    def log_bmd(self, lives: Trajectories, age_years: float, *, surveyed_years: float) -> Floats:
        """Log BMD (g/cm²) of the three sites at an age, ``(3, n)``.

        ``surveyed_years`` is their age at the time of the survey, which says to which generation they belong.
        """
        prior = level_prior(self.sex)
        shift = (prior.mean_at(surveyed_years) - prior.mean)[:, None]
        return log_bmd(lives.logs_at(age_years)[: len(SITES)], self.levels + shift, age_years)


def log_bmd(of_model: Floats, levels: Floats, age_years: float) -> Floats:
    """Log BMD from the bone model's part, ``(3, n)``, and the levels, ``(6, n)``."""
    sites = len(SITES)
    return of_model + levels[:sites] + levels[sites:] * float(drift_years(age_years))


def draw_people(
    study: str,
    sex: Sex,
    numbers: NDArray[np.int64],
    *,
    fixed: Mapping[str, float] | None = None,
    stretch: float = 1.0,
) -> VirtualPeople:
    """Draw people: the same numbers of the same study are the same people, whoever else is drawn.

    Parameters
    ----------
    study
        Name of the study.
    sex
        Of everybody.
    numbers
        Which people, from 0 up, ``(n,)``.
    fixed
        Traits of the bone model that are the same for all, e.g. ``{"smoking": 1.0}``.
    stretch
        Multiplies every spread: for tests of what happens far from the usual.
    """
    who = np.asarray(numbers, dtype=np.int64)
    z = stretch * correlated(sex, normals(study, "traits of the cells", who, len(CELL_TRAITS)))
    prior = level_prior(sex)
    root = np.linalg.cholesky(prior.covariance)
    levels = prior.mean[:, None] + stretch * root @ normals(study, "level and drift", who, len(LEVELS))
    return VirtualPeople(sex, who, trait_values(z), levels, dict(fixed or {}))


def bmd_at(people: VirtualPeople, lives: Trajectories, age_years: float) -> dict[SiteName, Floats]:
    """BMD in g/cm² of people who are surveyed at this age, by site."""
    found = np.exp(people.log_bmd(lives, age_years, surveyed_years=age_years))
    return dict(zip(SITES, found, strict=True))
