"""Fit the level and the drift of the virtual population to NHANES and MrOS: ``python -m osteon.twin.variability.tune``.

Run it again whenever the bone model is calibrated anew. It is deterministic and takes seconds:

1. **Drift**: the spread of the yearly change is set so that the change of femoral-neck BMD over 4.6 years in men of 73
   has the spread that MrOS printed (the three groups of Table 2 together), the bone model's own spread included. In
   women it is the spread with which the SDs of the survey's bands grow best with age, at least half that of men and at
   most the same (no cohort of women with a printed spread of change was found). All sites have the same.
2. **Peak**: for each sex and site, mean and generation trend by weighted least squares on the log of the band means of
   NHANES 2017-2020, spread from the band SDs.

It writes ``variability_tuned.csv``. The trend over generations also takes up whatever the model's ageing gets wrong in
the cross-section; the docs print its size.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import row, value
from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.variability.draws import normals
from osteon.twin.variability.nhanes import HIP_SITES, bands
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
TUNED_FILE = "variability_tuned.csv"
HEADER = """\
# Tuned by osteon.twin.variability.tune to NHANES 2017-2020 and MrOS.
# peak: mean and SD of log BMD in g/cm2 at 20, and its trend per year of age at the survey; drift: log BMD a year.
"""


@dataclass(frozen=True, slots=True)
class Level:
    """What the fit finds for one trait of level or drift."""

    mean: float
    per_year_of_age: float
    spread: float


def mros_change_sd() -> float:
    """SD of the change (in per cent) that the three groups of MrOS make together."""
    accelerated, maintained = value("mros.accelerated.share"), value("mros.maintained.share")
    shares = (maintained, 100.0 - maintained - accelerated, accelerated)
    names = ("mros.maintained.change", "mros.expected.change", "mros.accelerated.change")
    groups = [(value(name), float(row(name).spread)) for name in names]
    mean = sum(share * centre for share, (centre, _) in zip(shares, groups, strict=True)) / 100.0
    square = sum(share * (sd**2 + (centre - mean) ** 2) for share, (centre, sd) in zip(shares, groups, strict=True))
    return math.sqrt(square / 100.0)


def lives_of(sex: Sex) -> Trajectories:
    """The untreated lives on which the fit rests."""
    z = correlated(sex, normals("tune", "traits of the cells", np.arange(PEOPLE), len(CELL_TRAITS)))
    return untreated_lives(model_parameters(sex, trait_values(z), {}), PEOPLE)


def fit_drift(men: Trajectories) -> float:
    """The spread of the yearly drift of log BMD, from MrOS."""
    years, age, age_sd = (value(f"mros.{name}") for name in ("years", "age.mean", "age.sd"))
    site = SITES.index("femoral_neck")
    changes, length = [], []
    for one in (age - age_sd, age, age + age_sd):
        changes.append(men.logs_at(one + years)[site] - men.logs_at(one)[site])
        length.append(float(drift_years(one + years) - drift_years(one)))
    of_model = float(np.var(np.concatenate(changes)))
    wanted = (mros_change_sd() / 100.0) ** 2
    return math.sqrt(max(wanted - of_model, 0.0)) / float(np.mean(length))


def fit_drift_women(women: Trajectories, men: float) -> float:
    """The spread of the yearly drift with which the SDs at the hip grow with age as in the survey."""
    found, weights = [], []
    for site in HIP_SITES:
        number = SITES.index(site)
        left, squares, people = [], [], []
        for band in bands("female", site):
            logs = np.stack([women.logs_at(age)[number] for age in band.ages])
            left.append(math.log1p((band.sd / band.mean) ** 2) - float(np.var(logs)))
            squares.append(float(np.mean(drift_years(np.array(band.ages)) ** 2)))
            people.append(band.n)
        slope, _ = np.polyfit(squares, left, 1, w=np.sqrt(people))
        found.append(float(slope))
        weights.append(sum(people))
    return math.sqrt(min(max(float(np.average(found, weights=weights)), (0.5 * men) ** 2), men**2))


def fit_peak(sex: Sex, site: SiteName, lives: Trajectories, drift: float) -> Level:
    """Mean, generation trend and spread of the log of peak BMD, from the survey's bands."""
    number = SITES.index(site)
    known = bands(sex, site)
    offsets, variances, ages, weights = [], [], [], []
    for band in known:
        logs = np.stack([lives.logs_at(age)[number] for age in band.ages])
        drifts = np.array([float(drift_years(age)) for age in band.ages]) * drift
        log_sd = math.log1p((band.sd / band.mean) ** 2)
        variances.append(log_sd - float(np.var(logs)) - float(np.mean(drifts**2)))
        # The mean of a lognormal number: what drift and the model's own spread add to it is taken off.
        of_model = float(np.mean(np.exp(logs + 0.5 * drifts[:, None] ** 2)))
        offsets.append(math.log(band.mean) - math.log(of_model))
        ages.append(float(np.mean(band.ages)) - REFERENCE_AGE_YEARS)
        weights.append(band.n)
    spread = math.sqrt(max(float(np.average(variances, weights=weights)), 0.05**2))
    slope, level = np.polyfit(ages, offsets, 1, w=np.sqrt(weights))
    return Level(float(level) - 0.5 * spread**2, float(slope), spread)


def fit() -> dict[tuple[Sex, str], Level]:
    """The tuned levels of both sexes, by sex and trait."""
    found: dict[tuple[Sex, str], Level] = {}
    lives: dict[Sex, Trajectories] = {"female": lives_of("female"), "male": lives_of("male")}
    men = fit_drift(lives["male"])
    drifts: dict[Sex, float] = {"female": fit_drift_women(lives["female"], men), "male": men}
    for sex, own in lives.items():
        drift = drifts[sex]
        for site in SITES:
            found[sex, f"peak_{site}"] = fit_peak(sex, site, own, drift)
        for site in SITES:
            found[sex, f"drift_{site}"] = Level(0.0, 0.0, drift)
    return found


def write(found: dict[tuple[Sex, str], Level], path: Path) -> None:
    """Write the tuned levels as a data set."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(HEADER)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("sex", "trait", "mean", "per_year_of_age", "spread"))
        for (sex, trait), one in found.items():
            writer.writerow((sex, trait, f"{one.mean:.6f}", f"{one.per_year_of_age:.6f}", f"{one.spread:.6f}"))


if __name__ == "__main__":
    write(fit(), Path(str(files("osteon.evidence").joinpath("data", TUNED_FILE))))
