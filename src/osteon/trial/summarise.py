"""From the sums of all blocks to the summary."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from osteon import __version__
from osteon.evidence import value
from osteon.risk.open_model.treatment_link import SOURCES as LINK_SOURCES
from osteon.trial.block import Sums
from osteon.trial.courses import ArmCourses, arm_courses, hypothetical, hypothetical_difference
from osteon.trial.estimates import FEWEST, contrast, estimate
from osteon.trial.outcome import (
    ArmFound,
    ArmFractures,
    ArmMean,
    AsRandomised,
    Band,
    ChangeContrast,
    ChangeFound,
    Expected,
    FractureContrast,
    FractureFound,
    Fractures,
    HazardRatioFound,
    People,
    Threshold,
    TrialSummary,
)
from osteon.trial.protocol import ArmPlan, Protocol
from osteon.trial.worlds import prior_of, spread_over_worlds
from osteon.twin.cell_therapy import STATEMENT, CellProduct
from osteon.twin.cell_therapy.kinetics import SOURCES as CELL_KINETICS
from osteon.twin.osteon_model.regimens import model_regimen
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.personalise.fit import MARKER_SOURCES, POPULATION_SOURCES

Floats = NDArray[np.float64]

INTERVAL = 0.9
SURROGATE_FOR: tuple[Fractures, ...] = ("vertebral", "all", "non_vertebral", "hip")
"""The fractures for which a threshold of the surrogate was printed, the lowest threshold first."""

PRIOR_MEANING = (
    "Draws of what is believed of the cells, one for a whole trial: size and direction, who responds, kinetics. People "
    "and measurement are not in it."
)
MODEL_MEANING = (
    "Draws of what the calibration of the bone model leaves open, for a typical person who takes every dose. People "
    "and measurement are not in it."
)
NAMED = 1000
"""So many people who failed are named in the summary; all of them are marked in people.parquet."""

LEFT_OUT = (
    "Everybody who fits is equally willing; nobody is left out for other diseases, and risk factors count as average.",
    "Who stops or is lost is chance, the same for everybody in an arm, whatever the treatment does.",
)
NO_SPINE = "Only the hip has T-scores: the virtual people's spine has no reference on their scale."
RATES = "Fracture and death rates are those of the United States in 2006."


def added(parts: Iterable[tuple[Mapping[str, Floats], list[int]]]) -> tuple[Sums, list[int]]:
    """The sums of the blocks, added in their order, and everybody who failed."""
    total: Sums = {}
    failed: list[int] = []
    for sums, bad in parts:
        for key, one in sums.items():
            total[key] = total[key] + one if key in total else one
        failed += bad
    return total, failed


def summarise(
    protocol: Protocol,
    sums: Sums,
    failed: list[int],
    *,
    shifts: Mapping[tuple[int, int], Floats],
    ratios: Mapping[tuple[int, int], HazardRatioFound],
) -> TrialSummary:
    """The summary of a run.

    Parameters
    ----------
    protocol
        The trial.
    sums, failed
        Of all blocks.
    shifts
        From :func:`osteon.trial.model_error.model_shifts`.
    ratios
        Hazard ratios of the people as randomised, by endpoint and arm, where there are any.
    """
    unproven = any(hypothetical(arm) for arm in protocol.arms)
    courses = [arm_courses(protocol, arm) for arm in protocol.arms]
    endpoints = tuple(
        _fractures(protocol, number, sums, ratios)
        if one.measure == "fracture"
        else _change(protocol, number, sums, shifts)
        for number, one in enumerate(protocol.endpoints)
    )
    return TrialSummary(
        osteon=__version__,
        title=protocol.title,
        seed=protocol.seed,
        years=protocol.years,
        hypothetical=unproven,
        statement=STATEMENT if unproven else None,
        population=_people(sums, failed),
        estimand=protocol.analysis.estimand,
        method=protocol.analysis.method,
        alpha=protocol.analysis.alpha,
        adjust=protocol.analysis.adjust,
        arms=tuple(
            _arm(arm, given, int(count))
            for arm, given, count in zip(protocol.arms, courses, sums["allocated"], strict=True)
        ),
        endpoints=endpoints,
        left_out=(*LEFT_OUT, NO_SPINE, *((RATES,) if protocol.fractures else ())),
        sources=_sources(protocol, courses, endpoints),
    )


def _sources(
    protocol: Protocol, courses: list[ArmCourses], endpoints: tuple[ChangeFound | FractureFound, ...]
) -> tuple[str, ...]:
    """What the bone model, its people, their measurements and the arms rest on, each once."""
    stated = {site: getattr(protocol.measurement, f"{site}_percent") for site in SITES}
    found = ["osteon_calibration", *POPULATION_SOURCES]
    found += [f"variability.precision.{site}" for site, given in stated.items() if given is None]
    if any(one.measure == "ctx" for one in protocol.endpoints):
        found.append(MARKER_SOURCES[protocol.population.sex])
    found += [name for one in courses for name in one.sources]
    if any(one.product is not None for one in courses):
        found += [*CELL_KINETICS, "cells.formation.largest"]
    if protocol.fractures:
        found += LINK_SOURCES
    found += [one.evidence for each in endpoints if isinstance(each, ChangeFound) for one in each.thresholds]
    return tuple(dict.fromkeys(found))


def _arm(arm: ArmPlan, courses: ArmCourses, randomised: int) -> ArmFound:
    has_cells = courses.product is not None
    return ArmFound(
        name=arm.name,
        therapy=arm.therapy,
        label=_label(arm, courses.product),
        share=arm.share,
        dropout_per_year=arm.dropout_per_year,
        adherence=arm.adherence,
        hypothetical=hypothetical(arm),
        prior=(arm.cells.prior if arm.cells else "evidence") if has_cells else None,
        prior_meaning=prior_of(arm).meaning if has_cells else None,
        cells=courses.product.label if courses.product else None,
        notes=courses.notes,
        randomised=randomised,
    )


def _label(arm: ArmPlan, product: CellProduct | None) -> str:
    """The arm's therapy in words; cells by their product where they are all that is given."""
    plan = model_regimen(arm.therapy).plan
    return product.label if product is not None and len(plan.therapies) == 1 else plan.label


def _people(sums: Sums, failed: list[int]) -> People:
    people, bad = (int(one) for one in sums["people"])
    means = {name: _mean_sd(sums[f"baseline:{name}"]) for name in ("age", "total_hip_t", "femoral_neck_t")}
    return People(
        people=people,
        failed=bad,
        failed_people=tuple(failed[:NAMED]),
        **{f"{name}_mean": mean for name, (mean, _) in means.items()},
        **{f"{name}_sd": sd for name, (_, sd) in means.items()},
    )


def _mean_sd(sums: Floats) -> tuple[float | None, float | None]:
    """From count, sum and sum of squares; nobody has no mean, and one person no spread."""
    count, total, square = (float(one) for one in sums)
    if count < 2:
        return (total / count if count else None), None
    return total / count, math.sqrt(max(square - total * total / count, 0.0) / (count - 1.0))


def _change(protocol: Protocol, number: int, sums: Sums, shifts: Mapping[tuple[int, int], Floats]) -> ChangeFound:
    one = protocol.endpoints[number]
    arms = []
    for arm, plan in enumerate(protocol.arms):
        mean, sd = _mean_sd(sums[f"{number}:{arm}:true"])
        arms.append(ArmMean(arm=plan.name, people=int(sums[f"{number}:{arm}:true"][0]), mean=mean, sd=sd))
    return ChangeFound(
        endpoint=one.label,
        measure=one.measure,
        site=one.read_site,
        month=one.read_month or 0,
        primary=number == 0,
        thresholds=_thresholds(one.measure),
        arms=tuple(arms),
        contrasts=tuple(_contrast(protocol, number, arm, sums, shifts) for arm in protocol.actives),
    )


def _thresholds(measure: str) -> tuple[Threshold, ...]:
    if measure != "surrogate":
        return ()
    named = ((kind, f"fracture.surrogate_threshold.{kind}") for kind in SURROGATE_FOR)
    return tuple(Threshold(fractures=kind, points=value(name), evidence=name) for kind, name in named)


def _contrast(
    protocol: Protocol, number: int, arm: int, sums: Sums, shifts: Mapping[tuple[int, int], Floats]
) -> ChangeContrast:
    key = f"{number}:{arm}"
    mean, sd = _mean_sd(sums[f"{key}:paired"])
    in_worlds = spread_over_worlds(protocol, arm)
    shift = shifts.get((number, arm))
    control, active = (sums[f"{number}:{which}:randomised"] for which in (protocol.control, arm))
    enough = min(control[0], active[0]) >= FEWEST and not in_worlds
    trial = None
    if enough:
        found = estimate(contrast(control, active, protocol.analysis.method), protocol.level)
        trial = AsRandomised(
            control_people=int(control[0]),
            active_people=int(active[0]),
            difference=found.difference,
            low=found.low,
            high=found.high,
            level=protocol.level,
            p=found.p,
        )
    return ChangeContrast(
        arm=protocol.arms[arm].name,
        control=protocol.arms[protocol.control].name,
        hypothetical=hypothetical_difference(protocol, arm),
        expected=None
        if mean is None
        else Expected(
            difference=mean,
            simulation_error=None if sd is None else sd / math.sqrt(float(sums[f"{key}:paired"][0])),
            between_people_sd=sd,
        ),
        prior=_over_worlds(sums[f"{key}:worlds"]) if in_worlds else None,
        model=None if shift is None or mean is None else _band(mean + shift, MODEL_MEANING),
        as_randomised=trial,
    )


def _over_worlds(sums: Floats) -> Band | None:
    counts, totals = sums
    inhabited = counts > 0
    if not inhabited.any():
        return None
    return _band(totals[inhabited] / counts[inhabited], PRIOR_MEANING)


def _band(draws: Floats, meaning: str) -> Band:
    tail = (1.0 - INTERVAL) / 2.0
    lower, median, upper = (float(one) for one in np.quantile(draws, (tail, 0.5, 1.0 - tail)))
    return Band(
        interval=INTERVAL,
        median=median,
        lower=lower,
        upper=upper,
        share_below_zero=float(np.mean(draws < 0.0)),
        draws=draws.size,
        meaning=meaning,
    )


def _fractures(
    protocol: Protocol, number: int, sums: Sums, ratios: Mapping[tuple[int, int], HazardRatioFound]
) -> FractureFound:
    one = protocol.endpoints[number]
    rates, arms = [], []
    for arm, plan in enumerate(protocol.arms):
        events, person_years, people = (float(part) for part in sums[f"{number}:{arm}:expected"])
        rates.append(events / person_years)
        arms.append(
            ArmFractures(arm=plan.name, percent=100.0 * events / people, per_1000_person_years=1000.0 * rates[-1])
        )
    return FractureFound(
        endpoint=one.label,
        fracture=one.fracture or "major",
        primary=number == 0,
        arms=tuple(arms),
        contrasts=tuple(
            FractureContrast(
                arm=protocol.arms[arm].name,
                control=protocol.arms[protocol.control].name,
                hypothetical=hypothetical_difference(protocol, arm),
                expected_ratio=rates[arm] / rates[protocol.control],
                as_randomised=ratios.get((number, arm)),
            )
            for arm in protocol.actives
        ),
    )
