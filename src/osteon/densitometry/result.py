"""What densitometry says about a person: the fixed part of the report's JSON."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from osteon.person import Side, Site

Diagnosis = Literal[
    "normal",
    "osteopenia",
    "osteoporosis",
    "below-expected-for-age",
    "within-expected-for-age",
    "undetermined",
]


class SiteResult(BaseModel):
    """One region with the scores that count for the diagnosis."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    site: Site
    side: Side | None
    bmd_g_cm2: float | None
    t_score: float | None
    t_score_source: Literal["printed", "computed"] | None
    z_score: float | None
    z_score_source: Literal["printed", "computed"] | None
    used_for_diagnosis: bool


class Densitometry(BaseModel):
    """The diagnosis by bone density, the site that decided it, and what to be careful about.

    ``rule`` names the score that the person's age, sex and menopausal state call for; ``reason`` says why,
    in a sentence for the reader. ``sources`` are names of evidence rows and keys of sources.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    diagnosis: Diagnosis
    rule: Literal["T-score", "Z-score"] | None
    reason: str
    deciding_site: Site | None
    deciding_side: Side | None
    lowest_t_score: float | None
    lowest_z_score: float | None
    scan_date: dt.date | None
    device: str | None
    sites: tuple[SiteResult, ...]
    warnings: tuple[str, ...]
    sources: tuple[str, ...]
