"""The open fracture model for a person's record: probabilities, bands and the statement of the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError
from osteon.person import Person
from osteon.risk.open_model import baseline, density, factors, mortality
from osteon.risk.open_model.country import Country, country_named
from osteon.risk.open_model.engine import Probabilities, probabilities
from osteon.risk.open_model.factors import FACTORS, RiskFactors, Setting
from osteon.risk.open_model.parameters import Parameters, drawn, printed
from osteon.risk.open_model.result import TOOL, FactorEffect, OpenFractureRisk, State
from osteon.risk.result import FractureRisk, Outcome

Floats = NDArray[np.float64]

OUTCOMES: tuple[Outcome, Outcome] = ("major_osteoporotic", "hip")
INTERVAL = 0.9
DRAWS = 400
CHECKED_T_SCORES = (-4.0, 1.0)

_REFERENCE = (
    "The average person of that age and sex is the reference; a factor that is not recorded counts as average, and so "
    "does unknown bone density."
)
_WHO: Mapping[Country, str] = {
    "United States": "White people of the United States",
    "United Kingdom": "people of the United Kingdom, with the bone density and the habits of the United States,",
}
_RESEARCH = "An open research model built from published figures, not a validated clinical tool."

_INPUT_NAMES = {
    "previous_fracture": "history.previous_fragility_fracture",
    "parent_hip_fracture": "history.parent_hip_fracture",
    "current_smoker": "history.smoking",
    "alcohol_over_2_units": "history.alcohol_units_per_day",
    "glucocorticoids": "history.glucocorticoids",
    "rheumatoid_arthritis": "history.rheumatoid_arthritis",
    "falls_last_year": "history.falls_last_year",
    "diabetes": "history.diabetes",
}


def _body_size_missing(person: Person) -> tuple[str, ...]:
    """Which of height and weight are not recorded, each under its own name."""
    sizes = {"height_cm": person.height_cm, "weight_kg": person.weight_kg}
    return tuple(name for name, size in sizes.items() if size is None)


def risk_factors(person: Person, *, years_since_fracture: float | None = None) -> RiskFactors:
    """The model's risk factors as they stand in the record; nothing is guessed.

    Parameters
    ----------
    person
        The record.
    years_since_fracture
        Time since the latest major osteoporotic fracture; by default the record's latest fragility fracture.
    """
    history = person.history
    months, count = history.months_since_last_fragility_fracture, history.fragility_fracture_count
    fracture = history.previous_fragility_fracture
    if fracture is None and (months is not None or count):
        fracture = True  # it is dated or counted, so there was one
    if fracture is None and history.fragility_fracture_sites is not None:
        fracture = bool(history.fragility_fracture_sites)
    if fracture is None and count == 0:
        fracture = False
    since = months / 12 if years_since_fracture is None and months is not None else years_since_fracture
    units, falls = history.alcohol_units_per_day, history.falls_last_year
    return RiskFactors(
        previous_fracture=fracture,
        years_since_fracture=since if fracture else None,
        parent_hip_fracture=history.parent_hip_fracture,
        current_smoker=None if history.smoking is None else history.smoking == "current",
        alcohol_over_2_units=None if units is None else units > 2,
        glucocorticoids=history.glucocorticoids,
        glucocorticoid_mg_per_day=history.glucocorticoid_prednisone_mg_per_day,
        rheumatoid_arthritis=history.rheumatoid_arthritis,
        falls_last_year=None if falls is None else falls > 0,
        diabetes=history.diabetes,
        bmi=person.bmi,
    )


_NO_FACTOR = RiskFactors(
    previous_fracture=False,
    parent_hip_fracture=False,
    current_smoker=False,
    alcohol_over_2_units=False,
    glucocorticoids=False,
    rheumatoid_arthritis=False,
    falls_last_year=False,
    diabetes="none",
    bmi=factors.BMI_REFERENCE,
)


@lru_cache(maxsize=8)
def ratio_sets(draws: int, seed: int) -> Parameters:
    """The drawn ratios, kept for the next person."""
    return drawn(draws, seed)


def _state(name: str, known: RiskFactors) -> State:
    given = getattr(known, name)
    if given is None:
        return "not recorded"
    return "absent" if given is False or given == "none" else "present"


def _effects(person: Person, known: RiskFactors, outcome: Outcome, *, bmd_known: bool) -> tuple[FactorEffect, ...]:
    """What each factor does to the hazard in the first year, as printed."""
    age = np.array([person.age_years + 0.5])
    at = Setting(person.sex, age, np.array([0.5]), bmd_known, printed())
    found = factors.multipliers(known, at)
    country = country_named(person.country)
    hip, other = baseline.hip_hazard(person.sex, age, country), baseline.other_hazard(person.sex, age, country)
    effects = []
    for name in FACTORS:
        ratio = 1.0
        if name in found:
            by_hip, by_other = found[name]
            whole = by_hip if outcome == "hip" else (by_hip * hip + by_other * other) / (hip + other)
            ratio = float(whole.reshape(-1)[0])
        effects.append(FactorEffect(name=name, state=_state(name, known), relative_hazard=ratio))
    return tuple(effects)


def at_end(found: Probabilities, outcome: Outcome) -> tuple[Floats, Floats, Floats]:
    """Fracture, death before it, neither, at the horizon, in percent."""
    if outcome == "hip":
        each = found.hip, found.death_before_hip, found.neither_hip_nor_death
    else:
        each = found.major, found.death_before_major, found.neither_major_nor_death
    fracture, death, neither = (100.0 * one[..., -1] for one in each)
    return fracture, death, neither


def assess(
    person: Person,
    *,
    femoral_neck_t_score: float | None = None,
    horizon_years: int = 10,
    years_since_fracture: float | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[OpenFractureRisk, OpenFractureRisk]:
    """Major osteoporotic and hip fracture for one person, from today's bone density or without one.

    Parameters
    ----------
    person
        The record; its country says whose rates, those of the United States when it is not stated.
    femoral_neck_t_score
        Against White women aged 20-29 (men too); none when there is no usable scan.
    horizon_years
        Whole years ahead.
    years_since_fracture
        As in :func:`risk_factors`.
    draws, seed
        Sets of ratios behind the band.

    Raises
    ------
    ModelError
        The person is younger than 50, the horizon passes 100, or the model has no rates of the country.
    """
    known = risk_factors(person, years_since_fracture=years_since_fracture)
    sex, age, country = person.sex, person.age_years, country_named(person.country)

    def ask(who: RiskFactors, bone: float | None, ratios: Parameters) -> Probabilities:
        return probabilities(
            sex,
            age,
            who,
            bone=bone,
            horizon_years=horizon_years,
            parameters=ratios,
            country=country,
        )

    as_printed = printed()
    own = ask(known, femoral_neck_t_score, as_printed)
    band = ask(known, femoral_neck_t_score, ratio_sets(draws, seed))
    average = ask(RiskFactors(), None, as_printed)
    free = ask(_NO_FACTOR, float(density.mean_t_score(sex, age)), as_printed)
    missing = tuple(_INPUT_NAMES[name] for name in FACTORS if name != "bmi" and getattr(known, name) is None)
    if known.bmi is None:
        missing = (*missing, *_body_size_missing(person))
    if femoral_neck_t_score is None:
        missing = ("femoral neck T-score", *missing)
    notice = _notice(country) + _range_notice(femoral_neck_t_score, known)

    def one(outcome: Outcome) -> OpenFractureRisk:
        percent, death, neither = (float(part[0]) for part in at_end(own, outcome))
        low, high = np.quantile(at_end(band, outcome)[0], [(1 - INTERVAL) / 2, (1 + INTERVAL) / 2])
        return OpenFractureRisk(
            outcome=outcome,
            horizon_years=horizon_years,
            percent=percent,
            lower=min(float(low), percent),
            upper=max(float(high), percent),
            interval=INTERVAL,
            average_person_percent=float(at_end(average, outcome)[0][0]),
            no_risk_factor_percent=float(at_end(free, outcome)[0][0]),
            death_percent=death,
            neither_percent=neither,
            femoral_neck_t_score=femoral_neck_t_score,
            factors=_effects(person, known, outcome, bmd_known=femoral_neck_t_score is not None),
            inputs_missing=missing,
            baseline=f"{baseline.statement(country)} {_REFERENCE}",
            notice=notice,
            sources=_sources(known, country),
        )

    return one(OUTCOMES[0]), one(OUTCOMES[1])


def _notice(country: Country) -> str:
    elsewhere = "rates elsewhere, and in other groups, differ widely."
    return f"{_RESEARCH} It describes {_WHO[country]} in {baseline.years(country)}; {elsewhere}"


def _range_notice(t_score: float | None, known: RiskFactors) -> str:
    notes = []
    if t_score is not None and not CHECKED_T_SCORES[0] <= t_score <= CHECKED_T_SCORES[1]:
        notes.append(f" The T-score {t_score:g} lies outside the range in which the model was checked (-4 to +1).")
    if known.bmi is not None and not factors.BMI_LOW <= known.bmi <= factors.BMI_HIGH:
        notes.append(f" A BMI of {known.bmi:.1f} counts as the nearer of {factors.BMI_LOW:g} and {factors.BMI_HIGH:g}.")
    return "".join(notes)


def _sources(known: RiskFactors, country: Country) -> tuple[str, ...]:
    extra = []
    if known.years_since_fracture is not None:
        extra.append("johansson2017_imminent")
    if known.glucocorticoids and known.glucocorticoid_mg_per_day is not None:
        extra.append("kanis2011_glucocorticoid_dose")
    return (
        *dict.fromkeys((*baseline.sources(country), *density.SOURCES, *factors.SOURCES, *mortality.SOURCES, *extra)),
    )


def fracture_risks(
    person: Person,
    *,
    femoral_neck_t_score: float | None = None,
    horizon_years: int = 10,
    years_since_fracture: float | None = None,
) -> tuple[FractureRisk, FractureRisk]:
    """The same in the form of all tools; beyond the model's reach ``percent`` is none and ``reason`` says why."""
    try:
        found = assess(
            person,
            femoral_neck_t_score=femoral_neck_t_score,
            horizon_years=horizon_years,
            years_since_fracture=years_since_fracture,
        )
    except ModelError as error:
        reason = error.problem
        major, hip = (
            FractureRisk(
                tool=TOOL,
                outcome=outcome,
                horizon_years=horizon_years,
                percent=None,
                inputs_missing=(),
                reason=reason,
                notice=_RESEARCH,
                sources=baseline.SOURCES,
                outside=(error.where,),
            )
            for outcome in OUTCOMES
        )
        return major, hip
    return found[0].as_fracture_risk(), found[1].as_fracture_risk()
