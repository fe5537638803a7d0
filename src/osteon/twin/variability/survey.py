"""The virtual population beside the surveys: NHANES by sex and age band, and the spread of change of MrOS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import table, value
from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.variability.draws import normals
from osteon.twin.variability.nhanes import HIP_SITES, bands
from osteon.twin.variability.population import VirtualPeople, draw_people
from osteon.twin.variability.trajectories import Trajectories

Floats = NDArray[np.float64]

SEXES: tuple[Sex, ...] = ("female", "male")

MEAN_TOLERANCE_PERCENT = 3.0
SD_TOLERANCE_PERCENT = 15.0
PREVALENCE_TOLERANCE_POINTS = 3.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of the survey and of the virtual population.

    ``off`` is in per cent for a mean or SD and in points for a prevalence; ``survey_se`` is the survey's own sampling
    error in the same unit.
    """

    sex: Sex
    site: SiteName
    band: str
    figure: str
    survey: float
    virtual: float
    off: float
    survey_se: float
    tolerance: float

    @property
    def within(self) -> bool:
        """Whether the virtual population is within the tolerance."""
        return abs(self.off) <= self.tolerance


@dataclass(frozen=True, slots=True)
class ChangeSpread:
    """Men of 73 over 4.6 years: the groups of MrOS, and of the virtual men. All in per cent."""

    group: str
    survey_share: float
    virtual_share: float
    survey_change: float
    virtual_change: float


def compare_nhanes(people: int = 2000, study: str = "survey") -> tuple[Comparison, ...]:
    """Every band of the survey at the hip sites beside as many virtual people as asked."""
    found: list[Comparison] = []
    printed = {(row["sex"], row["site"], row["band"]): row for row in table("nhanes2017_2020_prevalence_by_age.csv")}
    for sex in SEXES:
        drawn = draw_people(study, sex, np.arange(people))
        lives = drawn.lives(90.0)
        for site in HIP_SITES:
            sums, counts = [], []
            for band in bands(sex, site):
                bmd = _band_bmd(drawn, lives, band.ages, site)
                found += _rows(printed[sex, site, band.label], bmd, np.ones_like(bmd))
                sums.append(bmd)
                counts.append(np.full(bmd.size, _survey_weight(sex, site, band.label) / bmd.size))
            found += _rows(printed[sex, site, "all"], np.concatenate(sums), np.concatenate(counts))
    return tuple(found)


def _band_bmd(drawn: VirtualPeople, lives: Trajectories, ages: tuple[float, ...], site: SiteName) -> Floats:
    number = SITES.index(site)
    logs = [drawn.log_bmd(lives, age, surveyed_years=age)[number] for age in ages]
    return np.asarray(np.exp(np.concatenate(logs)), dtype=np.float64)


def _survey_weight(sex: Sex, site: SiteName, band: str) -> float:
    """The share of a band among people of 50 and over, by the survey's examination weights."""
    rows = table("nhanes2017_2020_band_weights.csv")
    return next(float(row["weight_pct"]) for row in rows if (row["sex"], row["site"], row["band"]) == (sex, site, band))


def _rows(printed: Mapping[str, str], bmd: Floats, weight: Floats) -> Iterator[Comparison]:
    sex: Sex = "male" if printed["sex"] == "male" else "female"
    site: SiteName = "total_hip" if printed["site"] == "total_hip" else "femoral_neck"
    band = printed["band"]
    young = f"nhanes3.{site}.female_white_20_29"
    t_score = (bmd - value(f"{young}.mean")) / value(f"{young}.sd")
    mean = float(np.average(bmd, weights=weight))
    sd = float(np.sqrt(np.average((bmd - mean) ** 2, weights=weight)))
    osteoporosis = 100.0 * float(np.average(t_score <= -2.5, weights=weight))
    low = 100.0 * float(np.average((t_score > -2.5) & (t_score < -1.0), weights=weight))
    for figure, virtual, tolerance in (("mean", mean, MEAN_TOLERANCE_PERCENT), ("sd", sd, SD_TOLERANCE_PERCENT)):
        survey, se = float(printed[f"{figure}_g_cm2"]), float(printed[f"{figure}_se"])
        off = 100.0 * (virtual / survey - 1.0)
        yield Comparison(sex, site, band, figure, survey, virtual, off, 100.0 * se / survey, tolerance)
    for figure, virtual in (("osteoporosis", osteoporosis), ("low_bone_mass", low)):
        survey, se = float(printed[f"{figure}_pct"]), float(printed[f"{figure}_se"])
        yield Comparison(sex, site, band, figure, survey, virtual, virtual - survey, se, PREVALENCE_TOLERANCE_POINTS)


def compare_mros(people: int = 4000, study: str = "survey") -> tuple[ChangeSpread, ...]:
    """The groups of MrOS: men who kept their femoral-neck BMD, lost as expected, and lost at least 0.034 g/cm²."""
    men = draw_people(study, "male", np.arange(people))
    lives = men.lives(95.0)
    years = value("mros.years")
    site = SITES.index("femoral_neck")
    ages = np.clip(
        value("mros.age.mean") + value("mros.age.sd") * normals(study, "age in MrOS", men.numbers, 1)[0], 65.0, 88.0
    )
    ages = np.round(ages * 2.0) / 2.0
    before, after = np.empty(people), np.empty(people)
    for age in np.unique(ages):
        here = ages == age
        before[here] = np.exp(men.log_bmd(lives, float(age), surveyed_years=float(age))[site, here])
        after[here] = np.exp(men.log_bmd(lives, float(age) + years, surveyed_years=float(age))[site, here])
    change, percent = after - before, 100.0 * (after / before - 1.0)
    kept, fast = change >= 0.0, change <= value("mros.accelerated.cut")
    shares = {"maintained": value("mros.maintained.share"), "accelerated": value("mros.accelerated.share")}
    shares["expected"] = 100.0 - sum(shares.values())
    groups = {"maintained": kept, "expected": ~kept & ~fast, "accelerated": fast}
    return tuple(
        ChangeSpread(
            name,
            shares[name],
            100.0 * float(np.mean(group)),
            value(f"mros.{name}.change"),
            float(np.mean(percent[group])) if np.any(group) else 0.0,
        )
        for name, group in groups.items()
    )
