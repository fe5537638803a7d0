"""The open fracture model along paths of bone density: a probability for each therapy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.person import Person
from osteon.risk.open_model.assess import INTERVAL, OUTCOMES, at_end, ratio_sets, risk_factors
from osteon.risk.open_model.country import country_named
from osteon.risk.open_model.engine import Path, Probabilities, from_hazards, path, probabilities
from osteon.risk.open_model.parameters import Parameters, printed
from osteon.risk.open_model.treatment_link import site_hazards

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PathRisk:
    """Percent within the horizon for every path, arrays of the shape of the paths without their last axis."""

    major_osteoporotic: Floats
    major_lower: Floats
    major_upper: Floats
    hip: Floats
    hip_lower: Floats
    hip_upper: Floats


def path_risks(
    person: Person,
    t_years: ArrayLike,
    femoral_neck_t_scores: ArrayLike,
    *,
    untreated_t_scores: ArrayLike | None = None,
    hip_gain_percent: ArrayLike | None = None,
    horizon_years: int = 10,
    years_since_fracture: float | None = None,
    draws: int = 0,
    seed: int = 0,
) -> PathRisk:
    """Probabilities for paths of bone density, one for each therapy, draw or both.

    Parameters
    ----------
    person
        The record; its country says whose rates.
    t_years
        Times of the path, from 0 to the horizon or beyond, shape (times,).
    femoral_neck_t_scores
        T-scores, shape (..., times).
    untreated_t_scores
        None: risk follows density alone. One path without treatment, shape (times,): the ``trials`` link of
        :mod:`osteon.risk.open_model.treatment_link`, by the gain over it.
    hip_gain_percent
        For the ``trials`` link, which was found at the total hip: how much more total-hip density each path holds than
        without treatment, percent, in the shape of the T-scores. By default the gain at the femoral neck stands for it.
    horizon_years, years_since_fracture
        As in :func:`assess`.
    draws, seed
        With ``draws`` above 0 the bands hold the uncertainty of the printed ratios; the same sets are used for every
        path, so therapies can be compared. With 0 the bands are the values themselves.

    Raises
    ------
    ModelError
        The person is younger than 50, the horizon passes 100, the path ends before it, or the model has no rates of
        the country.
    ValueError
        Times and T-scores do not fit together, or are not finite; gains without ``untreated_t_scores``.
    """
    bone: Path = path(t_years, femoral_neck_t_scores)
    known = risk_factors(person, years_since_fracture=years_since_fracture)

    sex, age, country = person.sex, person.age_years, country_named(person.country)

    reference = None if untreated_t_scores is None else path(t_years, untreated_t_scores)
    if reference is not None and reference.t_scores.ndim != 1:
        raise ValueError("give one untreated path")
    gain = None if hip_gain_percent is None else path(t_years, hip_gain_percent)
    if gain is not None and (reference is None or gain.t_scores.shape != bone.t_scores.shape):
        raise ValueError("hip_gain_percent needs the untreated path, and one gain for each T-score")

    def ask(ratios: Parameters) -> Probabilities:
        if reference is None:
            return probabilities(
                sex,
                age,
                known,
                bone=bone,
                horizon_years=horizon_years,
                parameters=ratios,
                country=country,
            )
        by_site = site_hazards(
            sex,
            age,
            known,
            treated=bone,
            link="trials",
            untreated=reference,
            hip_gain_percent=gain,
            horizon_years=horizon_years,
            parameters=ratios,
            country=country,
        )
        return from_hazards(by_site.major())

    centre = ask(printed())
    spread = ask(ratio_sets(draws, seed)) if draws else centre
    bounds = [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2]
    parts = []
    for outcome in OUTCOMES:
        value = at_end(centre, outcome)[0][0]
        low, high = np.quantile(at_end(spread, outcome)[0], bounds, axis=0)
        parts += [value, np.minimum(low, value), np.maximum(high, value)]
    return PathRisk(*parts)
