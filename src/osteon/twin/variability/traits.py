"""The traits in which people differ, and how a draw becomes parameters of the bone model.

Two kinds. **Traits of the cells** (age at menopause, turnover, menopausal loss, drug response) act inside the bone
model. **Traits of level and drift** (peak BMD of each site, and the personal yearly change after 65 that the model's
biology does not explain: weight, activity, illness) stand outside::

    log BMD(site, age) = log peak(site) + log model(site, age; traits of the cells) + drift(site) * years past 65

The second kind is Gaussian and linear on the logarithm, so a person's fit solves it exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import table
from osteon.person import Sex
from osteon.twin.engine.model import Array
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.sites import SITES

Floats = NDArray[np.float64]

DRIFT_FROM_YEARS = 65.0
"""Personal drift begins around this age: MrOS measured it from 65 on, and before, the survey's SDs leave no room."""

DRIFT_ROUNDING_YEARS = 4.0
GENERATIONS = (50.0, 85.0)
"""The ages between which peak BMD differs by generation in the survey; beyond them it is held."""

REFERENCE_AGE_YEARS = 65.0

CELL_TRAITS = ("menopause_age", "turnover", "menopausal_loss", "drug_response")
LEVELS = tuple(f"peak_{site}" for site in SITES) + tuple(f"drift_{site}" for site in SITES)


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait of the cells: its distribution between people, within plausible limits.

    ``spread`` is the standard deviation of the logarithm (``log``) or of the number (``linear``). Far from the centre
    the value bends towards ``low`` and ``high`` and never passes them.
    """

    name: str
    log: bool
    centre: float
    spread: float
    low: float
    high: float

    def value(self, z: Floats) -> Floats:
        """The trait of people who are ``z`` standard deviations from the centre."""
        lower, upper = (
            (np.log(self.low / self.centre), np.log(self.high / self.centre))
            if self.log
            else (self.low - self.centre, self.high - self.centre)
        )
        room = np.where(z >= 0.0, upper, -lower)
        off = room * np.tanh(self.spread * z / room)
        found = self.centre * np.exp(off) if self.log else self.centre + off
        return np.asarray(found, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class LevelPrior:
    """Log peak BMD (g/cm²) and yearly drift of the log, of one sex: six Gaussian numbers in the order of ``LEVELS``.

    ``generation`` is added per year of age away from 65: in a survey, generations differ in their peak.
    """

    mean: Floats
    generation: Floats
    covariance: Floats

    def mean_at(self, age_years: Array) -> Floats:
        """The mean for people of this age at the time of the survey, ``(6,)`` or ``(6, n)``."""
        years = np.clip(np.asarray(age_years, dtype=np.float64), *GENERATIONS) - REFERENCE_AGE_YEARS
        return (self.mean.T + np.multiply.outer(years, self.generation)).T


@cache
def cell_traits() -> Mapping[str, Trait]:
    """The traits of the cells, by name."""
    found = {
        row["name"]: Trait(
            row["name"],
            row["scale"] == "log",
            *(float(row[key]) for key in ("centre", "spread", "low", "high")),
        )
        for row in table("variability_traits.csv")
    }
    return MappingProxyType({name: found[name] for name in CELL_TRAITS})


def correlation(sex: Sex, names: tuple[str, ...]) -> Floats:
    """The correlation matrix of these traits."""
    found = np.eye(len(names))
    for row in table("variability_correlations.csv"):
        if row["sex"] in ("both", sex) and row["first"] in names and row["second"] in names:
            i, j = names.index(row["first"]), names.index(row["second"])
            found[i, j] = found[j, i] = float(row["value"])
    return found


@cache
def level_prior(sex: Sex) -> LevelPrior:
    """The tuned prior of peak BMD and drift; see :mod:`osteon.twin.variability.tune`."""
    rows = {(row["sex"], row["trait"]): row for row in table("variability_tuned.csv")}
    mean, generation, spread = (
        np.array([float(rows[sex, name][key]) for name in LEVELS]) for key in ("mean", "per_year_of_age", "spread")
    )
    return LevelPrior(mean, generation, correlation(sex, LEVELS) * np.outer(spread, spread))


def drift_years(age_years: Array) -> Floats:
    """Years for which the personal drift has acted: 0 at 20, nearly ``age - 65`` later, smooth in between."""

    def ramp(over: Array) -> Array:
        return 0.5 * (over + np.sqrt(over * over + DRIFT_ROUNDING_YEARS**2))

    age = np.asarray(age_years, dtype=np.float64)
    return np.asarray(ramp(age - DRIFT_FROM_YEARS) - ramp(20.0 - DRIFT_FROM_YEARS), dtype=np.float64)


def correlated(sex: Sex, independent: Floats) -> Floats:
    """Turn independent standard normal numbers ``(4, n)`` into those of the traits of the cells."""
    return np.asarray(np.linalg.cholesky(correlation(sex, CELL_TRAITS)) @ independent)


def trait_values(z: Floats) -> dict[str, Floats]:
    """The traits of the cells of people at ``z``, ``(4, n)``, by name."""
    return {name: trait.value(row) for (name, trait), row in zip(cell_traits().items(), z, strict=True)}


def model_parameters(sex: Sex, values: Mapping[str, Array], fixed: Mapping[str, float]) -> dict[str, Any]:
    """The bone model's parameters for these people: an override of each that a trait moves.

    Parameters
    ----------
    sex
        Of everybody.
    values
        Traits of the cells by name, numbers or ``(n,)``.
    fixed
        What is known and the same for all: traits of the model such as ``smoking`` or ``surgical_menopause``.
    """
    nominal = OsteonModel().parameters
    loss = values["menopausal_loss"]
    return {
        "male": 1.0 if sex == "male" else 0.0,
        "menopause_age": values["menopause_age"],
        "turnover": values["turnover"],
        **{
            name: nominal[name] * loss
            for name in ("oestrogen_on_osteoclast", "oestrogen_on_osteoblast", "oestrogen_on_preosteoclast")
        },
        **fixed,
    }
