"""The person who would receive the cells, as far as it matters here, and how their bones are simulated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError, UsageError
from osteon.person import Sex
from osteon.twin.engine.regimen import Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model import LONG_STEPS, OsteonModel
from osteon.twin.osteon_model.history import OLDEST_YEARS, YOUNGEST_YEARS
from osteon.twin.osteon_model.sites import SITES, SiteName

Floats = NDArray[np.float64]

USUAL_AGE_YEARS = 60.0
USUAL_LOSS = 0.2
"""The recipient to whom a stated size applies as it stands: 60 years old, a fifth of peak hip density lost."""


@dataclass(frozen=True)
class Recipient:
    """One person.

    Attributes
    ----------
    age_years
        Age at the first dose.
    sex
        ``female`` or ``male``.
    menopause_age_years
        None takes the model's usual age.
    inflammatory_disease
        0 none, 1 a disease that doubles the inflammation of bone.
    own_pool
        Own stem-cell pool relative to others of the same age.

    Raises
    ------
    UsageError
        A value outside its range.
    ModelError
        An age that the model does not cover.
    """

    age_years: float
    sex: Sex = "female"
    menopause_age_years: float | None = None
    inflammatory_disease: float = 0.0
    own_pool: float = 1.0

    def __post_init__(self) -> None:
        if self.sex not in get_args(Sex):
            raise UsageError(f"{self.sex!r} is not a sex that the model knows", mend="Write female or male")
        if not YOUNGEST_YEARS <= self.age_years <= OLDEST_YEARS:
            raise ModelError(
                f"the bone model covers adults of {YOUNGEST_YEARS:g} to {OLDEST_YEARS:g} years, not {self.age_years:g}",
                mend="Choose another age",
            )
        ranges = {
            "menopause_age_years": (self.menopause_age_years or 50.0, 20.0, 65.0),
            "inflammatory_disease": (self.inflammatory_disease, 0.0, 2.0),
            "own_pool": (self.own_pool, 0.1, 10.0),
        }
        for name, (number, low, high) in ranges.items():
            if not (math.isfinite(number) and low <= number <= high):
                raise UsageError(
                    f"{number:g} is not plausible", where=name, mend=f"Write a number from {low:g} to {high:g}"
                )

    @cached_property
    def model(self) -> OsteonModel:
        """The bone model."""
        return OsteonModel()

    @cached_property
    def traits(self) -> dict[str, float]:
        """The model's parameters with this person's traits."""
        own = {"male": 1.0 if self.sex == "male" else 0.0, "inflammatory_disease": self.inflammatory_disease}
        if self.menopause_age_years is not None:
            own["menopause_age"] = self.menopause_age_years
        return {**self.model.parameters, **own}

    @cached_property
    def state_today(self) -> Floats:
        """The untreated state today, ``(S, 1)``."""
        return np.asarray(self.model.initial_state(np.array([self.age_years]), self.traits), dtype=np.float64)

    @cached_property
    def pool(self) -> float:
        """Own stem-cell pool relative to a healthy adult of 20."""
        return float(self.state_today[0, 0]) * self.own_pool

    @cached_property
    def hip_lost(self) -> float:
        """Share of peak total-hip density that is lost today."""
        return 1.0 - float(self.densities([Regimen("none")], {}, [0.0], ("total_hip",))[0, 0, 0])

    def covariates(self) -> dict[str, float]:
        """What may make this person respond more or less; each is 0 for the usual recipient.

        Age in decades from 60; the own pool in doublings; inflammatory disease; severity in tenths of peak hip density
        lost beyond a fifth.
        """
        return {
            "age": (self.age_years - USUAL_AGE_YEARS) / 10.0,
            "pool": math.log2(self.pool),
            "inflammation": self.inflammatory_disease,
            "severity": (self.hip_lost - USUAL_LOSS) / 0.1,
        }

    def densities(
        self,
        regimens: Sequence[Regimen],
        parameters: Mapping[str, float | Floats],
        t_years: Sequence[float] | Floats,
        sites: Sequence[SiteName] = SITES,
    ) -> Floats:
        """BMD relative to peak for ``n`` variants of this person.

        Parameters
        ----------
        regimens
            One for all variants, or one for each.
        parameters
            Overrides, scalars or ``(n,)``.
        t_years
            Rising times, ``(J,)``.
        sites
            The sites to read.

        Returns
        -------
        ``(len(sites), n, J)``.

        Raises
        ------
        ModelError
            The person would be older than the model covers, or the model gave no finite answer.
        """
        oldest = self.age_years + t_years[-1]
        if oldest > OLDEST_YEARS:
            raise ModelError(
                f"the bone model ends at {OLDEST_YEARS:g} years of age, and this would end at {oldest:g}",
                mend="Ask for a shorter time",
            )
        count = max([len(regimens), *(np.size(number) for number in parameters.values())])
        names = tuple(f"bmd_{site}" for site in sites)
        run = simulate(
            self.model,
            np.full(count, self.age_years),
            list(regimens) if len(regimens) > 1 else regimens[0],
            output_years=t_years,
            observe=names,
            parameters={**self.traits, **parameters},
            initial_state=np.repeat(self.state_today, count, axis=1),
            step_scale=LONG_STEPS,
        ).require_ok()
        return np.stack([run.observables[name] for name in names])
