"""The prior population: simulated once for each sex and set of known traits, then kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.person import Sex
from osteon.twin.variability.draws import normals
from osteon.twin.variability.traits import CELL_TRAITS, correlated, model_parameters, trait_values
from osteon.twin.variability.trajectories import LAST_YEARS, Trajectories, untreated_lives

Floats = NDArray[np.float64]

STUDY = "prior population"
PEOPLE = 2000
KEPT_BY_YEARS = 5.0


@dataclass(frozen=True, slots=True)
class Particles:
    """People who might be the person: standard normal coordinates ``(4, n)``, traits, and untreated lives."""

    sex: Sex
    fixed: Mapping[str, float]
    z: Floats
    lives: Trajectories

    @property
    def count(self) -> int:
        """How many."""
        return int(self.z.shape[1])

    def traits(self) -> dict[str, Floats]:
        """Traits of the cells by name."""
        return trait_values(self.z)

    def parameters(self) -> dict[str, Any]:
        """Overrides of the bone model's parameters."""
        return model_parameters(self.sex, self.traits(), self.fixed)

    def chosen(self, index: NDArray[np.int64]) -> Particles:
        """Some of them, also repeatedly."""
        lives = Trajectories(self.lives.states[:, :, index], self.lives.logs[:, :, index])
        return Particles(self.sex, self.fixed, self.z[:, index], lives)


def particles_at(sex: Sex, fixed: Mapping[str, float], z: Floats, last_years: float) -> Particles:
    """Simulate the untreated lives of people at these coordinates."""
    lives = untreated_lives(model_parameters(sex, trait_values(z), fixed), z.shape[1], last_years)
    return Particles(sex, fixed, z, lives)


def prior_population(sex: Sex, fixed: Mapping[str, float], age_years: float, people: int = PEOPLE) -> Particles:
    """The prior population up to this age at least, from memory when it was asked for before.

    It takes one or two seconds to simulate and about 30 MB to keep; a hundredth of a millisecond from memory.
    """
    last = min(LAST_YEARS, KEPT_BY_YEARS * math.ceil((age_years + 1.0) / KEPT_BY_YEARS))
    return _kept(sex, tuple(sorted(fixed.items())), last, people)


@lru_cache(maxsize=6)
def _kept(sex: Sex, fixed: tuple[tuple[str, float], ...], last_years: float, people: int) -> Particles:
    z = correlated(sex, _standardised(normals(STUDY, "traits of the cells", np.arange(people), len(CELL_TRAITS))))
    return particles_at(sex, dict(fixed), z, last_years)


def _standardised(independent: Floats) -> Floats:
    """The same numbers with mean 0, SD 1 and no correlation among them, so that chance does not move the prior.

    As many people as there are traits, or fewer, cannot be without correlation; they stay as they were drawn.
    """
    if independent.shape[1] <= independent.shape[0]:
        return independent
    centred = independent - independent.mean(axis=1, keepdims=True)
    root = np.linalg.cholesky(centred @ centred.T / centred.shape[1])
    return np.asarray(np.linalg.solve(root, centred))
