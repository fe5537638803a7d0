"""What bone density is usual at an age: the reference for Z-scores, from NHANES.

A Z-score that the device printed always comes first: makers match for age and sex, some for weight and ethnic group as
well, so Z-scores of different makers are not comparable. Where none is printed, one is computed for Hologic scanners,
because both surveys measured on them:

* from 50 on: our own curves through the public data of NHANES 2017 to March 2020, for the ethnic group where it is
  given (ISCD asks for a population-specific Z-score), else for all;
* from 21 to 49: means of NHANES 2005 to 2008, all ethnic groups, joined by straight lines between the middles of the
  printed age bands; spine for both sexes, total hip for men, and for women up to 30.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from osteon.densitometry.device import maker_of
from osteon.evidence import table
from osteon.person import Ethnicity, Sex, Site

_CURVES = "nhanes2017_2020_age_curves.csv"
_CURVES_SOURCE = "nhanes2017_2020"
_BANDS = "nhanes2005_2008_bmd_by_age.csv"
_BANDS_SOURCE = "nhanes2005_2008_in_fendo2026"

CURVES_FROM_AGE = 50.0
"""Age in years from which the curves of 2017 to 2020 are used; the survey scanned adults aged 50 and over."""

_TOP_AGE = 80.0  # the survey publishes 80 for everybody aged 80 and over

_SURVEY_GROUPS: dict[Ethnicity, str] = {
    "white": "NHW",
    "black": "NHB",
    "black_caribbean": "NHB",
    "black_african": "NHB",
    "indian": "NHAsian",
    "pakistani": "NHAsian",
    "bangladeshi": "NHAsian",
    "chinese": "NHAsian",
    "asian": "NHAsian",
    "other_asian": "NHAsian",
    "hispanic": "Hispanic",
    "other": "all",
}
if set(_SURVEY_GROUPS) != set(get_args(Ethnicity)):  # pragma: no cover - guards an edit of person.py
    raise AssertionError("every ethnic group of the record needs a group of the survey")


@dataclass(frozen=True, slots=True)
class AgeReference:
    """Mean and standard deviation of people of one age and sex at one site, in g/cm² on a Hologic scanner.

    ``source`` is the key of the survey's source; ``label`` says who the people were.
    """

    mean_g_cm2: float
    sd_g_cm2: float
    label: str
    source: str


def age_reference(site: Site, sex: Sex, age_years: float, ethnicity: Ethnicity | None = None) -> AgeReference | None:
    """What is usual at this age; none where no survey table covers site, sex and age.

    Parameters
    ----------
    site, sex, age_years
        Whose and which bone. The radius has no reference.
    ethnicity
        Used from 50 on, when given.
    """
    if age_years >= CURVES_FROM_AGE:
        return _from_curve(site, sex, age_years, _SURVEY_GROUPS[ethnicity] if ethnicity else "all")
    return _from_bands(site, sex, age_years)


def z_score(
    site: Site,
    bmd_g_cm2: float,
    device: str | None,
    *,
    sex: Sex,
    age_years: float,
    ethnicity: Ethnicity | None = None,
) -> float | None:
    """The Z-score of a bone density from a Hologic scanner, not rounded; none where it cannot be computed.

    Parameters
    ----------
    site, bmd_g_cm2, device
        What was measured (g/cm²) and on which scanner.
    sex, age_years, ethnicity
        Whom to compare with, as for :func:`age_reference`.
    """
    if maker_of(device) != "hologic":
        return None
    usual = age_reference(site, sex, age_years, ethnicity)
    return None if usual is None else (bmd_g_cm2 - usual.mean_g_cm2) / usual.sd_g_cm2


def _from_curve(site: Site, sex: Sex, age_years: float, group: str) -> AgeReference | None:
    for row in table(_CURVES):
        if (row["site"], row["sex"], row["group"]) == (site, sex, group):
            years = min(age_years, _TOP_AGE) - 65.0
            mean = float(row["at_65_g_cm2"]) + years * (float(row["per_year"]) + years * float(row["per_year2"]))
            people = "US adults" if group == "all" else f"US adults ({group})"
            label = f"NHANES 2017-2020, {people} of this age and sex"
            return AgeReference(mean, float(row["sd_g_cm2"]), label, _CURVES_SOURCE)
    return None


def _from_bands(site: Site, sex: Sex, age_years: float) -> AgeReference | None:
    rows = [row for row in table(_BANDS) if (row["site"], row["sex"]) == (site, sex)]
    bands = [(float(row["age_from"]), float(row["age_to"]) + 1.0) for row in rows]
    if not bands or not bands[0][0] <= age_years < bands[-1][1]:
        return None
    knots = [
        (sum(band) / 2, float(row["mean_g_cm2"]), float(row["sd_g_cm2"])) for band, row in zip(bands, rows, strict=True)
    ]
    mean, sd = knots[0][1:] if age_years < knots[0][0] else knots[-1][1:]
    for left, right in pairwise(knots):
        if left[0] <= age_years <= right[0]:
            share = (age_years - left[0]) / (right[0] - left[0])
            mean = left[1] + share * (right[1] - left[1])
            sd = left[2] + share * (right[2] - left[2])
    return AgeReference(mean, sd, "NHANES 2005-2008, US adults of this age and sex", _BANDS_SOURCE)
