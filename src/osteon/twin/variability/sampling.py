"""How much of a misfit to the survey is the survey's own chance: surveys of its size, drawn from the virtual people.

If the virtual population were the truth, a survey of some hundred people a band would still miss it in many figures.
Drawing such surveys says how many misses to expect, and how large the sum of squares of a population without fault is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.errors import UsageError
from osteon.person import Sex
from osteon.twin.osteon_model.sites import SiteName
from osteon.twin.variability.draws import uniforms
from osteon.twin.variability.nhanes import HIP_SITES
from osteon.twin.variability.survey import (
    SEXES,
    Comparison,
    Figures,
    compare_figures,
    densities,
    figures_of,
    printed_bands,
    survey_weight,
)

Floats = NDArray[np.float64]

TAILS = (0.05, 0.95)

POOLED: Mapping[str, tuple[str, ...]] = {
    "50-64": ("50-54", "55-59", "60-64"),
    "65-79": ("65-69", "70-74", "75-79"),
    "80+": ("80+",),
}


@dataclass(frozen=True, slots=True)
class SamplingError:
    """What chance alone does to a survey of this size, were the virtual population the truth.

    Attributes
    ----------
    surveys
        How many surveys were drawn.
    figures
        Figures in each.
    misses, misses_low, misses_high
        Figures beyond the tolerance in a drawn survey: mean, and the range of nine surveys in ten.
    by_figure
        The mean number by kind of figure.
    chi_square, chi_square_low, chi_square_high
        Sum of squares of means and SDs of the bands in units of the printed sampling error: mean, and nine in ten.
    observed_misses, observed_chi_square
        The same of the real survey beside the virtual population.
    more_misses, larger_chi_square
        Share of drawn surveys with at least as many misses, and with at least as large a sum of squares.
    """

    surveys: int
    figures: int
    misses: float
    misses_low: float
    misses_high: float
    by_figure: Mapping[str, float]
    chi_square: float
    chi_square_low: float
    chi_square_high: float
    observed_misses: int
    observed_chi_square: float
    more_misses: float
    larger_chi_square: float


def sampling_error(
    observed: Sequence[Comparison], *, people: int = 2000, surveys: int = 200, study: str = "survey"
) -> SamplingError:
    """Draw surveys of the real one's size from the virtual people and count their misses.

    Parameters
    ----------
    observed
        The real survey beside the same virtual people, from :func:`osteon.twin.variability.compare_nhanes`.
    people, study
        The virtual people of each sex.
    surveys
        How many surveys to draw.

    Raises
    ------
    UsageError
        Fewer than ten surveys.
    """
    if surveys < 10:
        raise UsageError(f"{surveys} surveys say nothing about chance", mend="Draw at least 10")
    misses = np.zeros(surveys)
    squares = np.zeros(surveys)
    kinds: dict[str, float] = {}
    total = 0
    for sex in SEXES:
        own = densities(sex, people, study)
        whole = _all_figures(sex, own)
        for number in range(surveys):
            drawn = _all_figures(sex, _survey(sex, own, study, number))
            rows = [one for key, figures in drawn.items() for one in compare_figures(sex, *key, figures, whole[key])]
            total += len(rows) if number == 0 else 0
            misses[number] += sum(not one.within for one in rows)
            squares[number] += chi_square(rows)
            for one in rows:
                kinds[one.figure] = kinds.get(one.figure, 0.0) + (not one.within) / surveys
    beyond, square = sum(not one.within for one in observed), chi_square(observed)
    few, many = np.quantile(misses, TAILS)
    least, most = np.quantile(squares, TAILS)
    return SamplingError(
        surveys=surveys,
        figures=total,
        misses=float(misses.mean()),
        misses_low=float(few),
        misses_high=float(many),
        by_figure=kinds,
        chi_square=float(squares.mean()),
        chi_square_low=float(least),
        chi_square_high=float(most),
        observed_misses=beyond,
        observed_chi_square=square,
        more_misses=float(np.mean(misses >= beyond)),
        larger_chi_square=float(np.mean(squares >= square)),
    )


def chi_square(rows: Sequence[Comparison]) -> float:
    """Squares of what means and SDs of the five-year bands are off, in units of the survey's printed sampling error."""
    return sum((one.off / one.survey_se) ** 2 for one in rows if one.figure in ("mean", "sd") and one.band != "all")


def _all_figures(sex: Sex, own: Mapping[tuple[SiteName, str], Floats]) -> dict[tuple[SiteName, str], Figures]:
    """The figures of every band, and of all ages together with the survey's weights."""
    found = {key: figures_of(key[0], bmd, np.ones(bmd.size)) for key, bmd in own.items()}
    for site in HIP_SITES:
        parts = [(bmd, survey_weight(sex, site, label)) for (here, label), bmd in own.items() if here == site]
        weights = np.concatenate([np.full(bmd.size, weight / bmd.size) for bmd, weight in parts])
        found[site, "all"] = figures_of(site, np.concatenate([bmd for bmd, _ in parts]), weights)
    return found


def _survey(
    sex: Sex, own: Mapping[tuple[SiteName, str], Floats], study: str, number: int
) -> dict[tuple[SiteName, str], Floats]:
    """One survey: the same people at both sites, as many a band as the real one is worth after weighting."""
    found = {}
    for label in dict.fromkeys(label for _, label in own):
        count = effective_people(sex, label)
        places = uniforms(study, f"survey {sex} {label}", np.array([number]), count)[:, 0]
        for site in HIP_SITES:
            bmd = own[site, label]
            found[site, label] = bmd[np.minimum((places * bmd.size).astype(np.int64), bmd.size - 1)]
    return found


def effective_people(sex: Sex, label: str) -> int:
    """How many people drawn evenly would know the mean as well as the survey does with its weights."""
    printed = printed_bands()
    worth = [
        (float(row["sd_g_cm2"]) / float(row["mean_se"])) ** 2
        for row in (printed[sex, site, label] for site in HIP_SITES)
    ]
    return round(float(np.mean(worth)))


@dataclass(frozen=True, slots=True)
class Pooled:
    """One figure of bands taken together: survey, virtual population, and how many sampling errors lie between."""

    sex: Sex
    site: SiteName
    ages: str
    figure: str
    survey: float
    virtual: float
    errors_apart: float


def pooled_bands(people: int = 2000, study: str = "survey") -> tuple[Pooled, ...]:
    """The survey's bands in three groups of age, where chance is smaller and a fault of the model shows."""
    printed, found = printed_bands(), []
    for sex in SEXES:
        own = densities(sex, people, study)
        for site in HIP_SITES:
            for ages, labels in POOLED.items():
                weight = np.array([survey_weight(sex, site, label) for label in labels])
                weight = weight / weight.sum()
                rows = [printed[sex, site, label] for label in labels]
                survey = _pooled_survey(rows, weight)
                worth = np.array([float(effective_people(sex, label)) for label in labels])
                each = [own[site, label] for label in labels]
                parts = [np.full(bmd.size, w / bmd.size) for bmd, w in zip(each, weight, strict=True)]
                virtual = figures_of(site, np.concatenate(each), np.concatenate(parts))
                for name, key in (("mean", "mean_se"), ("sd", "sd_se"), ("low_or_osteoporosis", "")):
                    error = _pooled_error(rows, weight, key, survey["low_or_osteoporosis"], worth)
                    mine = virtual["osteoporosis"] + virtual["low_bone_mass"] if not key else virtual[name]
                    found.append(Pooled(sex, site, ages, name, survey[name], mine, (mine - survey[name]) / error))
    return tuple(found)


def _pooled_survey(rows: Sequence[Mapping[str, str]], weight: Floats) -> dict[str, float]:
    means, sds, low, worse = (
        np.array([float(row[key]) for row in rows])
        for key in ("mean_g_cm2", "sd_g_cm2", "low_bone_mass_pct", "osteoporosis_pct")
    )
    mean = float(weight @ means)
    sd = float(np.sqrt(weight @ (sds**2 + (means - mean) ** 2)))
    return {"mean": mean, "sd": sd, "low_or_osteoporosis": float(weight @ (low + worse))}


def _pooled_error(rows: Sequence[Mapping[str, str]], weight: Floats, key: str, share: float, people: Floats) -> float:
    """One sampling error of a pooled figure; of a share, from the people that the bands are worth."""
    if key:
        return float(np.sqrt(weight**2 @ np.array([float(row[key]) ** 2 for row in rows])))
    return float(np.sqrt(share * (100.0 - share) * np.sum(weight**2 / people)))
