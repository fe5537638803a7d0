"""The fixed names of the therapies, in the order in which a clinician would weigh them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

TherapyName = Literal[
    "none",
    "stop_smoking",
    "less_alcohol",
    "exercise",
    "calcium_vitamin_d",
    "alendronate",
    "risedronate",
    "ibandronate",
    "zoledronate",
    "raloxifene",
    "bazedoxifene",
    "hormone_therapy",
    "denosumab",
    "teriparatide",
    "abaloparatide",
    "romosozumab",
    "msc_marrow",
    "msc_adipose",
    "msc_cord",
]

TherapyGroup = Literal["none", "lifestyle", "supplement", "antiresorptive", "anabolic", "cell therapy"]
MEDICINE_GROUPS: tuple[TherapyGroup, ...] = ("antiresorptive", "anabolic")
"""The groups of the medicines for bone."""


@dataclass(frozen=True, slots=True)
class Therapy:
    """A therapy's fixed name, its plain label, its group, and whether its effect on bone is unproven."""

    name: TherapyName
    label: str
    group: TherapyGroup
    hypothetical: bool = False


THERAPIES: dict[str, Therapy] = {
    one.name: one
    for one in (
        Therapy("none", "No treatment", "none"),
        Therapy("stop_smoking", "Stop smoking", "lifestyle"),
        Therapy("less_alcohol", "Less alcohol", "lifestyle"),
        Therapy("exercise", "Resistance and impact exercise", "lifestyle"),
        Therapy("calcium_vitamin_d", "Calcium and vitamin D", "supplement"),
        Therapy("alendronate", "Alendronate", "antiresorptive"),
        Therapy("risedronate", "Risedronate", "antiresorptive"),
        Therapy("ibandronate", "Ibandronate", "antiresorptive"),
        Therapy("zoledronate", "Zoledronate", "antiresorptive"),
        Therapy("raloxifene", "Raloxifene", "antiresorptive"),
        Therapy("bazedoxifene", "Bazedoxifene", "antiresorptive"),
        Therapy("hormone_therapy", "Menopausal hormone therapy", "antiresorptive"),
        Therapy("denosumab", "Denosumab", "antiresorptive"),
        Therapy("teriparatide", "Teriparatide", "anabolic"),
        Therapy("abaloparatide", "Abaloparatide", "anabolic"),
        Therapy("romosozumab", "Romosozumab", "anabolic"),
        Therapy("msc_marrow", "Stem cells from marrow (experimental)", "cell therapy", hypothetical=True),
        Therapy("msc_adipose", "Stem cells from fat (experimental)", "cell therapy", hypothetical=True),
        Therapy("msc_cord", "Stem cells from cord (experimental)", "cell therapy", hypothetical=True),
    )
}

if tuple(THERAPIES) != get_args(TherapyName):  # pragma: no cover - guards an edit of this file
    raise AssertionError("THERAPIES and TherapyName must list the same names in the same order")


def therapy_label(name: str) -> str:
    """The plain label of a therapy; the name itself when it is not one of ours."""
    return THERAPIES[name].label if name in THERAPIES else name
