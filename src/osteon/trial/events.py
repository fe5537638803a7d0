"""From paths of BMD to first fractures: hazards year by year, death beside them, and each woman's own luck.

A woman's luck is one exponential number for each site and one for death, keyed by who she is. It is the same in every
arm: where the treated hazard is lower, her fracture comes later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.risk.open_model.engine import path
from osteon.risk.open_model.factors import RiskFactors
from osteon.risk.open_model.treatment_link import Link, SiteHazards, site_hazards
from osteon.trial.design import Endpoint
from osteon.trial.draws import uniforms
from osteon.trial.people import Women, hip_t_scores
from osteon.twin.osteon_model.sites import SiteName

Floats = NDArray[np.float64]

FRACTURES = ("hip", "spine", "limb")
PARTS: Mapping[Endpoint, tuple[str, ...]] = {
    "major": FRACTURES,
    "spine": ("spine",),
    "nonvertebral": ("hip", "limb"),
}


@dataclass(frozen=True, slots=True)
class YearlyHazards:
    """Events per person-year of every woman in each year of one arm, ``(n, years)`` each, and death."""

    by_site: Mapping[str, Floats]
    death: Floats


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was seen of every woman in one arm: years until fracture, death or the end, and whether it was fracture."""

    years: Floats
    fracture: NDArray[np.bool_]


def yearly_hazards(
    women: Women,
    treated: Mapping[SiteName, Floats],
    untreated: Mapping[SiteName, Floats],
    t_years: Floats,
    link: Link,
) -> YearlyHazards:
    """Hazards along each woman's path, every risk factor average.

    Parameters
    ----------
    women
        At enrolment.
    treated, untreated
        BMD by site under the arm and under no treatment, ``(n, times)``.
    t_years
        Times of the paths, from 0 to the end of the trial.
    link
        How density leads to fracture.
    """
    years = int(np.ceil(t_years[-1] - 1e-9))
    neck, without = (hip_t_scores("femoral_neck", one["femoral_neck"]) for one in (treated, untreated))
    gain = 100.0 * (treated["total_hip"] / untreated["total_hip"] - 1.0)
    times, neck, without, gain = _to_whole_years(t_years, years, neck, without, gain)
    found = {name: np.empty((women.numbers.size, years)) for name in (*FRACTURES, "death")}
    for age in np.unique(women.age_years):
        who = women.age_years == age
        each: SiteHazards = site_hazards(
            women.sex,
            float(age),
            RiskFactors(),
            treated=path(times, neck[who]),
            link=link,
            untreated=path(times, without[who]),
            hip_gain_percent=path(times, gain[who]),
            horizon_years=years,
        )
        for name in FRACTURES:
            found[name][who] = getattr(each, name)[0]
        found["death"][who] = each.death
    return YearlyHazards({name: found[name] for name in FRACTURES}, found["death"])


def _to_whole_years(t_years: Floats, years: int, *paths: Floats) -> tuple[Floats, ...]:
    """The paths up to a whole year: a trial that ends within one goes on flat, and is cut when it is counted."""
    if t_years[-1] >= years:
        return (t_years, *paths)
    return (np.append(t_years, float(years)), *(np.concatenate([one, one[:, -1:]], axis=1) for one in paths))


def luck(study: str, women: Women) -> dict[str, Floats]:
    """Each woman's exponential numbers, by cause, ``(n,)``."""
    causes = (*FRACTURES, "death")
    return {cause: -np.log(uniforms(study, f"time to {cause}", women.numbers, 1)[0]) for cause in causes}


def time_to(hazard: Floats, exponential: Floats) -> Floats:
    """When the cumulative hazard reaches the exponential number, infinity when never, ``(n,)``."""
    total = np.cumsum(hazard, axis=1)
    year = (total < exponential[:, None]).sum(axis=1)
    beyond = year == hazard.shape[1]
    inside = np.minimum(year, hazard.shape[1] - 1)
    who = np.arange(hazard.shape[0])
    before = total[who, inside] - hazard[who, inside]
    return np.where(beyond, np.inf, inside + (exponential - before) / hazard[who, inside])


def follow(hazards: YearlyHazards, own_luck: Mapping[str, Floats], years: float, endpoint: Endpoint) -> FollowUp:
    """Follow every woman to her first fracture of the endpoint, her death, or the end."""
    fracture = np.min([time_to(hazards.by_site[part], own_luck[part]) for part in PARTS[endpoint]], axis=0)
    death = time_to(hazards.death, own_luck["death"])
    seen = np.minimum(np.minimum(fracture, death), years)
    return FollowUp(seen, (fracture <= death) & (fracture <= years))


def expected_sums(hazards: YearlyHazards, years: float, endpoint: Endpoint) -> tuple[float, float]:
    """Fractures and person-years that the hazards expect of all women together; no luck.

    Follow-up of a woman ends with her first fracture, her death, or the trial.
    """
    fracture = np.sum([hazards.by_site[part] for part in PARTS[endpoint]], axis=0)
    lengths = np.clip(years - np.arange(fracture.shape[1]), 0.0, 1.0)
    both = fracture + hazards.death
    before = np.exp(-np.cumsum(both * lengths, axis=1) + both * lengths)  # under observation at the start of the year
    person_years = before * -np.expm1(-both * lengths) / both
    return float((fracture * person_years).sum()), float(person_years.sum())


def expected_rate(hazards: YearlyHazards, years: float, endpoint: Endpoint) -> tuple[float, float]:
    """Fractures per person-year that the hazards expect of all women together, and the percentage with one."""
    events, person_years = expected_sums(hazards, years, endpoint)
    return events / person_years, 100.0 * events / hazards.death.shape[0]
