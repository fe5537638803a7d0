"""The age bands of NHANES 2017-2020 to which the virtual population is tuned and beside which it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from osteon.evidence.loader import table
from osteon.person import Sex
from osteon.twin.osteon_model.sites import SiteName

HIP_SITES: tuple[SiteName, ...] = ("femoral_neck", "total_hip")

OPEN_BAND = (80.0, 88.0)
"""The ages that stand for '80 and over', about as the survivors of that age are spread."""


@dataclass(frozen=True, slots=True)
class Band:
    """One age band of the survey at one site."""

    ages: tuple[float, ...]
    n: int
    mean: float
    sd: float
    label: str


def bands(sex: Sex, site: SiteName) -> tuple[Band, ...]:
    """The survey's bands of this sex and site, all ethnic groups together."""
    found = []
    for one in table("nhanes2017_2020_bmd_by_age.csv"):
        if (one["sex"], one["site"], one["group"]) != (sex, site, "all"):
            continue
        first = float(one["age_from"])
        last = float(one["age_to"]) + 1.0 if one["age_to"] else OPEN_BAND[1]
        ages = tuple(first + (last - first) * (part + 0.5) / 4.0 for part in range(4))
        label = f"{one['age_from']}-{one['age_to']}" if one["age_to"] else f"{one['age_from']}+"
        found.append(Band(ages, int(one["n"]), float(one["mean_g_cm2"]), float(one["sd_g_cm2"]), label))
    return tuple(found)
