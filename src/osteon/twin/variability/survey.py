"""The virtual population beside the surveys: NHANES by sex and age band, and the spread of change of MrOS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import table, value
from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.variability.draws import normals
from osteon.twin.variability.nhanes import HIP_SITES, bands
from osteon.twin.variability.population import draw_people

Floats = NDArray[np.float64]

SEXES: tuple[Sex, ...] = ("female", "male")

MEAN_TOLERANCE_PERCENT = 3.0
SD_TOLERANCE_PERCENT = 15.0
PREVALENCE_TOLERANCE_POINTS = 3.0
TOLERANCES: Mapping[str, float] = {
    "mean": MEAN_TOLERANCE_PERCENT,
    "sd": SD_TOLERANCE_PERCENT,
    "osteoporosis": PREVALENCE_TOLERANCE_POINTS,
    "low_bone_mass": PREVALENCE_TOLERANCE_POINTS,
}


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


Figures = Mapping[str, float]
"""Mean and SD in g/cm², osteoporosis and low bone mass in per cent, by name."""


def compare_nhanes(people: int = 2000, study: str = "survey") -> tuple[Comparison, ...]:
    """Every band of the survey at the hip sites beside as many virtual people as asked."""
    found: list[Comparison] = []
    for sex in SEXES:
        own = densities(sex, people, study)
        for site in HIP_SITES:
            sums, counts = [], []
            for band in bands(sex, site):
                bmd = own[site, band.label]
                found += _beside_print(sex, site, band.label, figures_of(site, bmd, np.ones(bmd.size)))
                sums.append(bmd)
                counts.append(np.full(bmd.size, survey_weight(sex, site, band.label) / bmd.size))
            found += _beside_print(sex, site, "all", figures_of(site, np.concatenate(sums), np.concatenate(counts)))
    return tuple(found)


@cache
def densities(sex: Sex, people: int, study: str) -> Mapping[tuple[SiteName, str], Floats]:
    """BMD of virtual people at four ages of every band, in g/cm², ``(4 * people,)`` by site and band.

    The entries of the two sites belong to the same people.
    """
    drawn = draw_people(study, sex, np.arange(people))
    lives = drawn.lives(90.0)
    found: dict[tuple[SiteName, str], Floats] = {}
    for site in HIP_SITES:
        number = SITES.index(site)
        for band in bands(sex, site):
            logs = [drawn.log_bmd(lives, age, surveyed_years=age)[number] for age in band.ages]
            found[site, band.label] = np.asarray(np.exp(np.concatenate(logs)), dtype=np.float64)
    return found


def survey_weight(sex: Sex, site: SiteName, band: str) -> float:
    """The share of a band among people of 50 and over, by the survey's examination weights."""
    return _weights()[sex, site, band]


@cache
def _weights() -> Mapping[tuple[str, str, str], float]:
    rows = table("nhanes2017_2020_band_weights.csv")
    return {(row["sex"], row["site"], row["band"]): float(row["weight_pct"]) for row in rows}


@cache
def printed_bands() -> Mapping[tuple[str, str, str], Mapping[str, str]]:
    """The survey's own figures with their sampling errors, by sex, site and band."""
    return {(row["sex"], row["site"], row["band"]): row for row in table("nhanes2017_2020_prevalence_by_age.csv")}


@cache
def _young(site: SiteName) -> tuple[float, float]:
    young = f"nhanes3.{site}.female_white_20_29"
    return value(f"{young}.mean"), value(f"{young}.sd")


def figures_of(site: SiteName, bmd: Floats, weight: Floats) -> Figures:
    """The four figures of people with these densities and weights, ``(n,)`` each."""
    young_mean, young_sd = _young(site)
    t_score = (bmd - young_mean) / young_sd
    weight = weight / weight.sum()
    mean = float(weight @ bmd)
    return {
        "mean": mean,
        "sd": float(np.sqrt(weight @ (bmd - mean) ** 2)),
        "osteoporosis": 100.0 * float(weight @ (t_score <= -2.5)),
        "low_bone_mass": 100.0 * float(weight @ ((t_score > -2.5) & (t_score < -1.0))),
    }


def _beside_print(sex: Sex, site: SiteName, band: str, virtual: Figures) -> Iterator[Comparison]:
    row = printed_bands()[sex, site, band]
    survey = {name: float(row[f"{name}_{'g_cm2' if name in ('mean', 'sd') else 'pct'}"]) for name in TOLERANCES}
    return compare_figures(sex, site, band, survey, virtual)


def compare_figures(sex: Sex, site: SiteName, band: str, survey: Figures, virtual: Figures) -> Iterator[Comparison]:
    """Four figures of a survey, with the printed sampling errors of that band, beside a virtual population's."""
    row = printed_bands()[sex, site, band]
    for name, tolerance in TOLERANCES.items():
        seen, made, se = survey[name], virtual[name], float(row[f"{name}_se"])
        if name in ("mean", "sd"):
            off, se = 100.0 * (made / seen - 1.0), 100.0 * se / seen
        else:
            off = made - seen
        yield Comparison(sex, site, band, name, seen, made, off, se, tolerance)


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
