"""Fit the level and the drift of the virtual population to NHANES and MrOS: ``python -m osteon.twin.variability.tune``.

Run it again whenever the bone model is calibrated anew. It is deterministic and takes seconds:

1. **Drift**: mean and spread of the yearly change are set so that the change of femoral-neck BMD over 4.6 years in men
   of 73 has the mean and the spread that MrOS printed (the three groups of Table 2 together), the bone model's own mean
   and spread included. At the other sites, and in women, for whom no such spread was found, the mean is 0 and the
   spread is that with which the SDs of the survey's bands grow with age, but from half to all of the men's.
2. **Peak**: for each sex and site, mean, generation trend and spread by least squares on the bands of NHANES 2017-2020:
   their means, their SDs, and at the hip the prevalence of osteoporosis and of low bone mass.

It writes ``variability_tuned.csv``. The trend over generations also takes up whatever the model's ageing gets wrong in
the cross-section; the docs print its size.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.csv_text import csv_text
from osteon.evidence.loader import row, table, value
from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.variability.draws import normals
from osteon.twin.variability.nhanes import bands
from osteon.twin.variability.traits import (
    CELL_TRAITS,
    REFERENCE_AGE_YEARS,
    correlated,
    drift_years,
    model_parameters,
    trait_values,
)
from osteon.twin.variability.trajectories import Trajectories, untreated_lives

Floats = NDArray[np.float64]

PEOPLE = 1500
MEAN_SCALE, SD_SCALE, PREVALENCE_SCALE = 0.015, 0.10, 2.0
"""What counts as one unit of misfit: a share of the mean, a share of the SD, points of prevalence."""

SMALLEST_STEP = 1e-5
LEAST_SPREAD = 0.05
TUNED_FILE = "variability_tuned.csv"
HEADING = (
    "Tuned by osteon.twin.variability.tune to NHANES 2017-2020 and MrOS.",
    "peak: mean and SD of log BMD in g/cm2 at 20, and its trend per year of age at the survey; drift: log BMD a year.",
)


@dataclass(frozen=True, slots=True)
class Level:
    """What the fit finds for one trait of level or drift."""

    mean: float
    per_year_of_age: float
    spread: float


def mros_change() -> tuple[float, float]:
    """Mean and SD of the change (in per cent) that the three groups of MrOS make together."""
    accelerated, maintained = value("mros.accelerated.share"), value("mros.maintained.share")
    shares = (maintained, 100.0 - maintained - accelerated, accelerated)
    names = ("mros.maintained.change", "mros.expected.change", "mros.accelerated.change")
    groups = [(value(name), float(row(name).spread)) for name in names]
    mean = sum(share * centre for share, (centre, _) in zip(shares, groups, strict=True)) / 100.0
    square = sum(share * (sd**2 + (centre - mean) ** 2) for share, (centre, sd) in zip(shares, groups, strict=True))
    return mean, math.sqrt(square / 100.0)


def lives_of(sex: Sex) -> Trajectories:
    """The untreated lives on which the fit rests."""
    z = correlated(sex, normals("tune", "traits of the cells", np.arange(PEOPLE), len(CELL_TRAITS)))
    return untreated_lives(model_parameters(sex, trait_values(z), {}), PEOPLE)


def fit_drift(men: Trajectories) -> tuple[float, float]:
    """Mean and spread of the yearly drift of log BMD at the femoral neck of men, from MrOS."""
    years, age, age_sd = (value(f"mros.{name}") for name in ("years", "age.mean", "age.sd"))
    site = SITES.index("femoral_neck")
    changes, length = [], []
    for one in (age - age_sd, age, age + age_sd):
        changes.append(men.logs_at(one + years)[site] - men.logs_at(one)[site])
        length.append(float(drift_years(one + years) - drift_years(one)))
    mean, sd = (each / 100.0 for each in mros_change())
    # On the logarithm: the mean of a change in per cent lies half a variance above it.
    left = math.log1p(mean) - 0.5 * sd**2 - float(np.mean(changes))
    spread = math.sqrt(max(sd**2 - float(np.var(np.concatenate(changes))), 0.0))
    return left / float(np.mean(length)), spread / float(np.mean(length))


def fit_drift_survey(sex: Sex, site: SiteName, lives: Trajectories, men: float) -> float:
    """The spread of the yearly drift with which the survey's SDs grow with age, half to all of what MrOS gives."""
    number = SITES.index(site)
    left, squares, weights = [], [], []
    for band in bands(sex, site):
        logs = np.stack([lives.logs_at(age)[number] for age in band.ages])
        left.append(math.log1p((band.sd / band.mean) ** 2) - float(np.var(logs)))
        squares.append(float(np.mean(drift_years(np.array(band.ages)) ** 2)))
        weights.append(math.sqrt(band.n))
    slope, _ = np.polyfit(squares, left, 1, w=np.array(weights))
    return min(max(math.sqrt(max(float(slope), 0.0)), 0.5 * men), men)


@dataclass(frozen=True, slots=True)
class _Goal:
    """One band: what the survey printed, and what the bone model and the drift bring to it."""

    years: float
    share: float
    mean: float
    sd: float
    model_mean: float
    model_variance: float
    osteoporosis: float | None
    low_bone_mass: float | None
    prevalence_se: float


def _goals(sex: Sex, site: SiteName, lives: Trajectories, drift: Level) -> tuple[_Goal, ...]:
    printed = {
        one["band"]: one
        for one in table("nhanes2017_2020_prevalence_by_age.csv")
        if (one["sex"], one["site"]) == (sex, site)
    }
    shares = {
        one["band"]: float(one["weight_pct"]) / 100.0
        for one in table("nhanes2017_2020_band_weights.csv")
        if (one["sex"], one["site"]) == (sex, site)
    }
    number, found = SITES.index(site), []
    for band in bands(sex, site):
        logs = np.stack([lives.logs_at(age)[number] for age in band.ages])
        acted = drift_years(np.array(band.ages))
        own = printed.get(band.label)
        found.append(
            _Goal(
                years=float(np.mean(band.ages)) - REFERENCE_AGE_YEARS,
                share=shares.get(band.label, 0.0),
                mean=band.mean,
                sd=band.sd,
                model_mean=float(np.mean(logs)) + drift.mean * float(np.mean(acted)),
                model_variance=float(np.var(logs)) + drift.spread**2 * float(np.mean(acted**2)),
                osteoporosis=float(own["osteoporosis_pct"]) if own else None,
                low_bone_mass=float(own["low_bone_mass_pct"]) if own else None,
                prevalence_se=float(own["low_bone_mass_se"]) if own else 0.0,
            )
        )
    return tuple(found)


def _misfit(point: Floats, goals: tuple[_Goal, ...], site: SiteName) -> float:
    """Sum of squares over bands of mean, SD and the two prevalences, each in units of what is allowed."""
    level, slope, spread = point
    total, overall = 0.0, [0.0, 0.0]
    for goal in goals:
        centre = goal.model_mean + level + slope * goal.years
        variance = goal.model_variance + spread**2
        mean = math.exp(centre + 0.5 * variance)
        total += ((mean / goal.mean - 1.0) / MEAN_SCALE) ** 2
        total += ((mean * math.sqrt(math.expm1(variance)) / goal.sd - 1.0) / SD_SCALE) ** 2
        if goal.osteoporosis is None or goal.low_bone_mass is None:
            continue
        young = f"nhanes3.{site}.female_white_20_29"
        cuts = [value(f"{young}.mean") + t * value(f"{young}.sd") for t in (-2.5, -1.0)]
        below = [50.0 * (1.0 + math.erf((math.log(cut) - centre) / math.sqrt(2.0 * variance))) for cut in cuts]
        off = (below[0] - goal.osteoporosis, below[1] - below[0] - goal.low_bone_mass)
        total += sum(each**2 for each in off) / (PREVALENCE_SCALE**2 + goal.prevalence_se**2)
        overall = [was + goal.share * now for was, now in zip(overall, off, strict=True)]
    return total + len(goals) * sum(each**2 for each in overall) / PREVALENCE_SCALE**2


def fit_peak(sex: Sex, site: SiteName, lives: Trajectories, drift: Level) -> Level:
    """Mean, generation trend and spread of the log of peak BMD, from the survey's bands.

    A search along the three coordinates with halved steps: no chance, and nothing but arithmetic.
    """
    goals = _goals(sex, site, lives, drift)
    offsets = [math.log(goal.mean) - goal.model_mean - 0.5 * math.log1p((goal.sd / goal.mean) ** 2) for goal in goals]
    point = np.array([float(np.mean(offsets)), 0.0, 0.14])
    best, step = _misfit(point, goals, site), np.array([0.02, 0.002, 0.02])
    while step[0] > SMALLEST_STEP:
        better = False
        for axis in range(3):
            for side in (-1.0, 1.0):
                trial = point.copy()
                trial[axis] += side * step[axis]
                if trial[2] >= LEAST_SPREAD and (cost := _misfit(trial, goals, site)) < best:
                    point, best, better = trial, cost, True
        if not better:
            step = step / 2.0
    return Level(*(float(each) for each in point))


def fit() -> dict[tuple[Sex, str], Level]:
    """The tuned levels of both sexes, by sex and trait."""
    found: dict[tuple[Sex, str], Level] = {}
    lives: dict[Sex, Trajectories] = {"female": lives_of("female"), "male": lives_of("male")}
    mean, men = fit_drift(lives["male"])
    for sex, own in lives.items():
        drifts = {site: Level(0.0, 0.0, fit_drift_survey(sex, site, own, men)) for site in SITES}
        if sex == "male":
            drifts["femoral_neck"] = Level(mean, 0.0, men)
        for site in SITES:
            found[sex, f"peak_{site}"] = fit_peak(sex, site, own, drifts[site])
        for site in SITES:
            found[sex, f"drift_{site}"] = drifts[site]
    return found


def write(found: dict[tuple[Sex, str], Level], path: Path) -> None:
    """Write the tuned levels as a data set."""
    rows = (
        (sex, trait, f"{one.mean:.6f}", f"{one.per_year_of_age:.6f}", f"{one.spread:.6f}")
        for (sex, trait), one in found.items()
    )
    text = csv_text(("sex", "trait", "mean", "per_year_of_age", "spread"), rows, heading=HEADING)
    path.write_text(text, encoding="utf-8", newline="")


def main() -> None:
    """Tune, write, and say how long it took."""
    begun, path = time.perf_counter(), Path(str(files("osteon.evidence").joinpath("data", TUNED_FILE)))
    write(fit(), path)
    print(f"wrote {path.name} in {time.perf_counter() - begun:.0f} s")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
