"""What this room answers: frozen results, ready for JSON, every one of them hypothetical."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from osteon.person import Sex, Site
from osteon.twin.cell_therapy.product import CellProduct, Route, Source

STATEMENT = (
    "On the evidence found, no cell therapy has been shown to raise bone density or prevent fracture in osteopenia."
)

Mechanism = Literal["commitment", "activity", "inflammation", "vascular"]
MECHANISMS: tuple[Mechanism, ...] = ("commitment", "activity", "inflammation", "vascular")

MECHANISM_LABELS: dict[Mechanism, str] = {
    "commitment": "cells become bone-forming cells",
    "activity": "bone-forming cells work harder",
    "inflammation": "less inflammation, so less resorption",
    "vascular": "blood supply keeps up more of the person's own cells",
}


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Hypothetical(_Result):
    """What every result of this room carries."""

    hypothetical: Literal[True] = True
    statement: str = STATEMENT


class ProductRecord(_Result):
    """The product as it was asked for. Cells are in millions, given at one time."""

    label: str
    source: Source
    route: Route
    million_cells: float
    viability: float
    relative_potency: float
    infusions: int
    interval_days: float

    @classmethod
    def of(cls, product: CellProduct) -> ProductRecord:
        """The record of a checked product."""
        return cls(
            label=product.label,
            source=product.source,
            route=product.route,
            million_cells=product.cells_given,
            viability=product.viability,
            relative_potency=product.relative_potency,
            infusions=product.infusions,
            interval_days=product.interval_days,
        )


class SiteChange(_Result):
    """BMD at one site over time, in per cent of today's BMD. The tuples have one entry a time point.

    ``no_treatment`` is the change from today without cells. ``median``, ``lower`` and ``upper`` are what the cells add
    to it: negative is harm. ``share_harmed`` is the share of draws that end below no treatment.
    """

    site: Site
    no_treatment: tuple[float, ...]
    median: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    share_harmed: float


class CellTherapyProjection(Hypothetical):
    """The projected effect of a product on one person's bone density under a stated prior."""

    prior: Literal["evidence", "hypothesis"]
    prior_meaning: str
    age_years: float
    sex: Sex
    product: ProductRecord
    fate: str
    t_years: tuple[float, ...]
    sites: tuple[SiteChange, ...]
    draws: int
    seed: int
    interval: float
    interval_meaning: str
    sources: tuple[str, ...]
    warnings: tuple[str, ...]


class MechanismNeed(_Result):
    """How large one mechanism alone would have to be.

    ``size_needed`` is none when the target is not reachable at the largest plausible size; ``gain_at_largest`` is the
    gain at that size, in percentage points. ``half_life_needed_days``, ``infusions_needed`` and
    ``million_cells_needed`` (each time) are what the largest plausible size would need, all else equal; none when two
    years of half-life, infusions until the reading, or the largest plausible dose do not reach the target. Sizes are
    per cent at full signal: of bone formed for commitment and activity, of the person's own progenitors for vascular
    support, of inflammation taken away for inflammation.
    """

    mechanism: Mechanism
    label: str
    reachable: bool
    size_needed: float | None
    largest_plausible: float
    gain_at_largest: float
    half_life_needed_days: float | None
    infusions_needed: int | None
    million_cells_needed: float | None
    verdict: str


class NeedMap(_Result):
    """The size needed over the number of infusions (rows) and the half-life of the signal (columns).

    An entry of ``sizes`` is none where the target is not reachable.
    """

    mechanism: Mechanism
    infusions: tuple[int, ...]
    half_life_days: tuple[float, ...]
    sizes: tuple[tuple[float | None, ...], ...]


class DurabilityCourse(_Result):
    """What one course adds to no treatment over the years, in percentage points of BMD before treatment.

    ``course_years`` is when the last dose ends. ``kept_percent`` is the gain at ``kept_at_years`` as a share of the
    gain at two years; none when there is no gain at two years. ``hypothetical`` courses are cells at the size that the
    target would need, or at the largest plausible size where it is out of reach.
    """

    course: str
    label: str
    hypothetical: bool
    course_years: float
    t_years: tuple[float, ...]
    gain: tuple[float, ...]
    kept_at_years: float
    kept_percent: float | None


class WhatWouldHaveToBeTrue(Hypothetical):
    """For a target gain: the size that each mechanism alone would need, the map, and how long the gain would last."""

    age_years: float
    sex: Sex
    product: ProductRecord
    site: Site
    target_percent: float
    months: float
    target_meaning: str
    signal_half_life_days: float
    settled_half_life_days: float
    signal_path: Literal["blood", "marrow"]
    fate: str
    mechanisms: tuple[MechanismNeed, ...]
    maps: tuple[NeedMap, ...]
    durability: tuple[DurabilityCourse, ...]
    assumptions: tuple[str, ...]
    sources: tuple[str, ...]
    warnings: tuple[str, ...]
