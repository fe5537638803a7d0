"""What densitometry says about a person: the fixed part of the report's JSON."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from osteon.person import Side, Site, Vertebra

Diagnosis = Literal[
    "normal",
    "osteopenia",
    "osteoporosis",
    "below-expected-for-age",
    "within-expected-for-age",
    "undetermined",
]


class SiteResult(BaseModel):
    """One region with the scores that count for the diagnosis.

    ``vertebrae`` names the set that a spine number covers when the report said so; none means L1 to L4 or no spine.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    site: Site
    side: Side | None
    bmd_g_cm2: float | None
    t_score: float | None
    t_score_source: Literal["printed", "computed"] | None
    z_score: float | None
    z_score_source: Literal["printed", "computed"] | None
    used_for_diagnosis: bool
    vertebrae: tuple[Vertebra, ...] | None = None


class VertebraResult(BaseModel):
    """One vertebra as printed; kept apart from the sites, because a single vertebra is never used for a diagnosis."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    vertebra: Vertebra
    bmd_g_cm2: float | None
    t_score: float | None
    z_score: float | None


class BmdChange(BaseModel):
    """The change of one region between two scans, judged against the least significant change (LSC).

    ``verdict`` is "cannot be judged" when the centre's precision is not known or the scans are not comparable;
    ``sentence`` says what a clinician would write, and why when no verdict is possible. Change is later minus earlier.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    site: Site
    side: Side | None
    vertebrae: tuple[Vertebra, ...] | None
    from_date: dt.date
    to_date: dt.date
    from_bmd_g_cm2: float
    to_bmd_g_cm2: float
    change_g_cm2: float
    change_percent: float
    lsc_g_cm2: float | None
    verdict: Literal["gain", "loss", "no significant change", "cannot be judged"]
    sentence: str


class EarlierOsteoporosis(BaseModel):
    """The latest earlier scan that was in the range of osteoporosis by T-score, and the site that decided it then."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    scan_date: dt.date
    site: Site
    t_score: float
    sentence: str


class Densitometry(BaseModel):
    """The diagnosis by bone density, the site that decided it, and what to be careful about.

    ``rule`` names the score that the person's age, sex and menopausal state call for; ``reason`` says why,
    in a sentence for the reader. ``sources`` are names of evidence rows and keys of sources.

    ``lowest_t_score`` is none under the Z-score rule, where a T-score must not be used; the printed T-scores stay in
    ``sites``. ``lowest_z_score`` is the lowest of the regions that may count, under either rule. ``changes`` compares
    the latest scan with the one before; ``advice`` says what to do next about the measurement itself, such as imaging
    the spine. ``earlier_osteoporosis`` is there when an earlier scan was in the range of osteoporosis and the latest,
    which alone makes ``diagnosis``, is not. ``in_doubt`` is there when the printed T-score of the deciding region does
    not follow from its bone density: which of the two the diagnosis rests on.
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
    vertebrae: tuple[VertebraResult, ...] = ()
    changes: tuple[BmdChange, ...] = ()
    advice: tuple[str, ...] = ()
    earlier_osteoporosis: EarlierOsteoporosis | None = None
    in_doubt: Literal["printed", "density"] | None = None
