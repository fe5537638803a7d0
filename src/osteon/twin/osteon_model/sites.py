"""The places in the skeleton that the model follows: three DXA sites, each of trabecular and cortical bone."""

from __future__ import annotations

from typing import Literal

SiteName = Literal["lumbar_spine", "total_hip", "femoral_neck"]
Compartment = Literal["trabecular", "cortical"]

SITES: tuple[SiteName, ...] = ("lumbar_spine", "total_hip", "femoral_neck")
COMPARTMENTS: tuple[Compartment, ...] = ("trabecular", "cortical")

CELL_STATES = (
    "progenitors",
    "osteoblasts",
    "mineralising",
    "reversal",
    "coupling",
    "preosteoclasts",
    "inflammation",
    "sclerostin",
)
"""Cells and signals that the whole skeleton shares; each is 1 in a healthy adult of 20."""

BONE_STATES: tuple[str, ...] = tuple(
    f"{age}.{site}.{compartment}" for site in SITES for compartment in COMPARTMENTS for age in ("young", "mature")
)
"""Bone matrix of each compartment that is still gaining mineral, and that is fully mineralised."""

STATE_NAMES: tuple[str, ...] = (*CELL_STATES, *BONE_STATES)

MARKERS = ("ctx", "p1np", "bsap")
BMD = tuple(f"bmd_{site}" for site in SITES)
TRABECULAR_SPINE = "trabecular_lumbar_spine"
"""Mineral of trabecular bone in the spine, as quantitative CT sees it."""

OBSERVABLES: tuple[str, ...] = (*BMD, *MARKERS, TRABECULAR_SPINE)
