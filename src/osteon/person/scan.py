"""One DXA examination and the regions that its report prints."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from osteon.person.fields import BoneDensity, Number, PastDate, Record, Score, Side, Site, Vertebra, slip


class SiteMeasurement(Record):
    """What the report prints for one region of one scan."""

    site: Site = Field(description="Write lumbar_spine, total_hip, femoral_neck or radius_33.")
    side: Side | None = None
    vertebrae: tuple[Vertebra, ...] | None = Field(
        None, min_length=1, description="Lumbar spine only: the vertebrae that the number covers."
    )
    bmd_g_cm2: BoneDensity | None = Field(None, description="Areal bone mineral density as printed, g/cm².")
    bmc_g: Number | None = Field(None, gt=0, le=200, description="Bone mineral content, g.")
    area_cm2: Number | None = Field(None, gt=0, le=200, description="Projected area, cm².")
    t_score: Score | None = Field(None, description="T-score as printed by the device.")
    z_score: Score | None = Field(None, description="Z-score as printed by the device.")
    trochanter_area_cm2: Number | None = Field(None, gt=0, le=100, description="Hip only: printed trochanter area.")
    intertrochanter_area_cm2: Number | None = Field(
        None, gt=0, le=100, description="Hip only: printed intertrochanter area."
    )

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.bmd_g_cm2 is None and self.t_score is None and self.z_score is None:
            raise slip(
                "the site has no measurement",
                "Give at least one of bmd_g_cm2, t_score, z_score, or leave the site out",
            )
        if self.vertebrae is not None and self.site != "lumbar_spine":
            raise slip(
                "vertebrae belong to the lumbar spine only",
                "Leave vertebrae out, or set site to lumbar_spine",
            )
        if self.vertebrae is not None and len(set(self.vertebrae)) != len(self.vertebrae):
            raise slip("a vertebra is named twice", "Name each vertebra once, such as L1, L2, L4")
        if self.bmd_g_cm2 is not None and self.bmc_g is not None and self.area_cm2 is not None:
            implied = self.bmc_g / self.area_cm2
            # A printout rounds the area to 0.01 cm², which moves a small region's quotient by less than 0.02.
            if abs(implied - self.bmd_g_cm2) > 0.02:
                raise slip(
                    f"bmc_g / area_cm2 is {implied:.3f} g/cm² and bmd_g_cm2 is {self.bmd_g_cm2:g}",
                    "Correct the one that was misread",
                )
        return self


class Scan(Record):
    """One DXA examination."""

    date: PastDate = Field(description="The day of the examination, YYYY-MM-DD.")
    device: str | None = Field(None, description="Maker and model: Hologic, GE Lunar, Norland, ...")
    software: str | None = None
    reference: str | None = Field(None, description="The reference database named on the printout.")
    sites: tuple[SiteMeasurement, ...] = Field(min_length=1, description="The regions that were measured.")
    scanner_serial: str | None = Field(
        None, max_length=64, description="Which machine it was: change is only judged on the same one."
    )
    precision_g_cm2: dict[Site, Annotated[Number, Field(gt=0, le=0.2)]] | None = Field(
        None, description="The centre's precision error by site (root-mean-square SD), g/cm²."
    )
    tbs: Number | None = Field(None, ge=0.5, le=2.0, description="Trabecular bone score of L1-L4.")
    abnormal_vertebrae: tuple[Vertebra, ...] | None = Field(
        None, description="Vertebrae that the reader of the image found structurally changed."
    )

    @model_validator(mode="after")
    def _each_region_once(self) -> Self:
        seen: set[tuple[object, ...]] = set()
        for one in self.sites:
            key = (one.site, one.side, one.vertebrae and frozenset(one.vertebrae))
            if key in seen:
                raise slip(
                    f"{one.site} stands twice in one scan",
                    "Keep one, or tell them apart with side or vertebrae",
                )
            seen.add(key)
        return self
