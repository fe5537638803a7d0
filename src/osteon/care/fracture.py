"""Fracture risk where it needs two sciences at once: the scan from densitometry, the probabilities from risk."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.densitometry import NHANES_SCALE, reference_for
from osteon.densitometry.result import Densitometry
from osteon.evidence.loader import EvidenceError
from osteon.person import Person, Site
from osteon.risk import fracture_risks as tools_without_density
from osteon.risk import open_model
from osteon.risk.open_model import PathRisk
from osteon.risk.result import FractureRisk


def lowest_t_score(densitometry: Densitometry, site: Site) -> float | None:
    """The lowest T-score at a site, over both sides; none where T-scores do not count or none is known."""
    if densitometry.rule != "T-score":
        return None
    return min(
        (one.t_score for one in densitometry.sites if one.site == site and one.t_score is not None), default=None
    )


def femoral_neck_t_score(densitometry: Densitometry) -> float | None:
    """The lowest T-score at the femoral neck, over both sides; none where T-scores do not count or none is known."""
    return lowest_t_score(densitometry, "femoral_neck")


def years_since_fracture(person: Person) -> float | None:
    """Years since the latest fragility fracture, none when it is not recorded."""
    months = person.history.months_since_last_fragility_fracture
    return None if months is None else months / 12


def fracture_risks(person: Person, densitometry: Densitometry, horizon_years: int = 10) -> tuple[FractureRisk, ...]:
    """Every tool's probability of fracture: those that know no bone density, and Osteon's open model that does.

    Parameters
    ----------
    person, densitometry
        The person and what densitometry says of them.
    horizon_years
        Whole years from now.
    """
    open_risks = open_model.fracture_risks(
        person,
        femoral_neck_t_score=femoral_neck_t_score(densitometry),
        horizon_years=horizon_years,
        years_since_fracture=years_since_fracture(person),
    )
    return (*tools_without_density(person, horizon_years), *open_risks)


def therapy_risks(
    person: Person,
    *,
    femoral_neck_t_score_today: float,
    t_years: ArrayLike,
    relative_bmd: ArrayLike,
    untreated_relative_bmd: ArrayLike,
    horizon_years: int,
    hip_gain_percent: ArrayLike | None = None,
) -> PathRisk:
    """The probability of fracture along each therapy's path of bone density, by the link that trials show.

    The femoral neck is taken to change by the same percentage as the projected site. Against the untreated path,
    a gain lowers hip and spine fractures as the meta-regression of trials expects; a loss follows the gradient of
    risk between people.

    Parameters
    ----------
    person
        The record.
    femoral_neck_t_score_today
        The T-score now.
    t_years
        Times, shape ``(J,)``, from 0 to the horizon or beyond.
    relative_bmd
        Density relative to today, one row a therapy, shape ``(K, J)``.
    untreated_relative_bmd
        The same without treatment, shape ``(J,)``.
    horizon_years
        Whole years from now.
    hip_gain_percent
        How much more total-hip density each therapy holds than no treatment, percent, shape ``(K, J)``: the trials'
        link was found at the total hip. By default the gain of the projected site stands for it.

    Raises
    ------
    ModelError
        The person is younger than 50, or the horizon passes age 100.
    """
    # Only ratios of density matter here, so any one scale serves; the open model's own is that of NHANES III.
    neck = reference_for("femoral_neck", NHANES_SCALE)
    if neck is None:
        raise EvidenceError("the NHANES III reference of the femoral neck is missing")
    today = neck.mean_g_cm2 + femoral_neck_t_score_today * neck.sd_g_cm2

    def paths(relative: ArrayLike) -> NDArray[np.float64]:
        bmd: NDArray[np.float64] = today * np.asarray(relative, dtype=np.float64)
        return (bmd - neck.mean_g_cm2) / neck.sd_g_cm2

    return open_model.path_risks(
        person,
        t_years,
        paths(relative_bmd),
        untreated_t_scores=paths(untreated_relative_bmd),
        hip_gain_percent=hip_gain_percent,
        horizon_years=horizon_years,
        years_since_fracture=years_since_fracture(person),
    )
