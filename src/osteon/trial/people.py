"""Virtual women who fit a trial: drawn by number, aged, screened as the trial screened.

A woman is a number in a study, so she is the same in every arm and whoever else is drawn. Candidates are drawn until
enough of them fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.densitometry import NHANES_SCALE
from osteon.densitometry.reference import t_score
from osteon.errors import ModelError
from osteon.person import Sex
from osteon.trial.design import Design
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.variability.draws import normals, uniforms
from osteon.twin.variability.population import draw_people
from osteon.twin.variability.traits import drift_years, level_prior
from osteon.twin.variability.trajectories import FIRST_YEARS, KEPT_EVERY_YEARS

Floats = NDArray[np.float64]

CANDIDATES_AT_ONCE = 1024
FEWEST_THAT_FIT = 0.02
"""When less than this share of the candidates fits, the inclusion is taken for impossible."""


@dataclass(frozen=True, slots=True)
class Women:
    """``n`` women at enrolment.

    Attributes
    ----------
    numbers
        Who they are in the study, ``(n,)``.
    age_years
        ``(n,)``.
    bmd
        By site, g/cm², ``(n,)`` each.
    drift
        Personal yearly change of log BMD by site, ``(3, n)``.
    states
        The bone model's state, ``(S, n)``.
    parameters
        The bone model's parameters that differ between them.
    drug_response
        Multiplier of every dose of a bone medicine, ``(n,)``.
    sex
        Of everybody.
    """

    numbers: NDArray[np.int64]
    age_years: Floats
    bmd: Mapping[SiteName, Floats]
    drift: Floats
    states: Floats
    parameters: Mapping[str, Any]
    drug_response: Floats
    sex: Sex = "female"

    def t_scores(self, site: SiteName) -> Floats:
        """T-scores at a hip site, ``(n,)``."""
        return hip_t_scores(site, self.bmd[site])


def hip_t_scores(site: SiteName, bmd: Floats) -> Floats:
    """T-scores at a hip site from BMD on the survey's scale, against White women of 20 to 29."""
    found = t_score(site, bmd, NHANES_SCALE)
    if found is None:
        raise ModelError(f"there is no T-score reference for {site} on the survey's scale", where="inclusion.sites")
    return found


def draw_women(design: Design, count: int) -> Women:
    """The first ``count`` virtual women of the study who fit the trial.

    Raises
    ------
    ModelError
        Hardly any candidate fits.
    """
    found: list[Women] = []
    have = first = 0
    while have < count:
        batch = _screen(design, np.arange(first, first + CANDIDATES_AT_ONCE))
        first += CANDIDATES_AT_ONCE
        found.append(batch)
        have += batch.numbers.size
        if have < FEWEST_THAT_FIT * first:
            raise ModelError(
                f"only {have} of {first} virtual women fit the trial", where=design.name, mend="Widen its inclusion"
            )
    return _first(found, count)


def _screen(design: Design, numbers: NDArray[np.int64]) -> Women:
    study, rule = design.name, design.inclusion
    age = rule.ages.at(
        uniforms(study, "age", numbers, 1)[0],
        normals(study, "age in a printed spread", numbers, 1)[0],
    )
    people = draw_people(study, "female", numbers)
    lives = people.lives(float(age.max()))
    kept = np.round((age - FIRST_YEARS) / KEPT_EVERY_YEARS).astype(np.int64)
    who = np.arange(numbers.size)
    prior = level_prior("female")
    levels = people.levels + (prior.mean_at(age) - prior.mean[:, None])
    of_model = lives.logs[kept, : len(SITES), who].T
    logs = of_model + levels[: len(SITES)] + levels[len(SITES) :] * drift_years(age)
    bmd = dict(zip(SITES, np.exp(logs), strict=True))
    lowest = np.min([hip_t_scores(site, bmd[site]) for site in rule.sites], axis=0)
    after_menopause = people.traits["menopause_age"] < age
    fits = (lowest >= rule.lowest) & (lowest <= rule.highest) & after_menopause
    every = people.parameters()
    return Women(
        numbers=numbers[fits],
        age_years=age[fits],
        bmd={site: values[fits] for site, values in bmd.items()},
        drift=levels[len(SITES) :, fits],
        states=lives.states[kept, :, who].T[:, fits],
        parameters={name: values[fits] if np.ndim(values) else values for name, values in every.items()},
        drug_response=people.traits["drug_response"][fits],
    )


def _first(batches: list[Women], count: int) -> Women:
    def joined(parts: list[Floats]) -> Floats:
        return np.concatenate(parts, axis=-1)[..., :count]

    one = batches[0]
    return Women(
        numbers=np.concatenate([batch.numbers for batch in batches])[:count],
        age_years=joined([batch.age_years for batch in batches]),
        bmd={site: joined([batch.bmd[site] for batch in batches]) for site in SITES},
        drift=joined([batch.drift for batch in batches]),
        states=joined([batch.states for batch in batches]),
        parameters={
            name: joined([batch.parameters[name] for batch in batches]) if np.ndim(values) else values
            for name, values in one.parameters.items()
        },
        drug_response=joined([batch.drug_response for batch in batches]),
    )
