"""The probability of fracture along projected paths of the femoral neck and the total hip.

The level of risk and its course without treatment follow the femoral neck, where the gradient between people was
measured. What a medicine takes off follows the gain at the total hip, where the link across trials was found. Those
were trials of medicines, so a regimen without one follows density alone, and of a habit beside a medicine only the
medicine's own gain is counted by that link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.care.fracture import femoral_neck_t_score, therapy_risks
from osteon.densitometry.result import Densitometry
from osteon.errors import ModelError
from osteon.evidence import THERAPIES
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.person import Person

Floats = NDArray[np.float64]

NO_HIP_EFFECT_SHOWN = frozenset({"raloxifene", "bazedoxifene"})
NO_HIP_FIGURE = (
    "No hip figure for raloxifene and bazedoxifene: their trials did not show fewer hip fractures, whatever density "
    "does. Their figure for major fractures may be too good for the same reason."
)

LINK_SOURCES = ("bouxsein2019_link",)
NO_HIP_SOURCES = ("more.nonvertebral_rr", "silverman2012_bza")


@dataclass(frozen=True, slots=True)
class HipPaths:
    """BMD relative to today under one regimen, ``(J,)`` each: the site that risk follows, and that of the trials.

    ``therapies`` are the names of what is given at any time. ``total_hip`` is that of the regimen's medicines, without
    the habits and supplements beside them.
    """

    femoral_neck: Floats
    total_hip: Floats
    therapies: frozenset[str] = frozenset()

    def medicines(self) -> frozenset[str]:
        """Those of a kind that the link was found for."""
        return frozenset(one for one in self.therapies if THERAPIES[one].group in MEDICINE_GROUPS)

    def gain_percent(self, untreated: HipPaths) -> Floats:
        """What the link of trials counts: the total-hip gain of a medicine over no treatment; none without one."""
        if not self.medicines():
            return np.zeros_like(self.total_hip)
        return np.asarray(100.0 * (self.total_hip / untreated.total_hip - 1.0))


@dataclass(frozen=True, slots=True)
class PathFracture:
    """The fracture figures of one path in percent, and why one is missing."""

    major_osteoporotic: float | None
    hip: float | None
    reason: str


def path_fractures(
    person: Person,
    bone: Densitometry,
    treated: Sequence[HipPaths],
    *,
    untreated: HipPaths,
    t_years: Floats,
    years: float,
) -> list[PathFracture]:
    """The probability along each path; unknown without a femoral neck, before age 50 or for part of a year.

    Parameters
    ----------
    person, bone
        The person and the scan.
    treated, untreated
        BMD relative to today under each regimen, and without treatment.
    t_years, years
        The times, and the horizon.
    """
    neck = femoral_neck_t_score(bone)
    if neck is None and bone.rule == "Z-score":
        return _unknown(treated, "T-scores do not count for this person, and the fracture figure needs one.")
    if neck is None:
        return _unknown(treated, "No T-score at the femoral neck is known, and the fracture figure needs one.")
    if years < 1 or years != int(years):
        return _unknown(treated, "Fracture figures are for whole years, from one on.")
    try:
        risks = therapy_risks(
            person,
            femoral_neck_t_score_today=neck,
            t_years=t_years,
            relative_bmd=np.stack([one.femoral_neck for one in treated]),
            untreated_relative_bmd=untreated.femoral_neck,
            hip_gain_percent=np.stack([one.gain_percent(untreated) for one in treated]),
            horizon_years=int(years),
        )
    except ModelError as refusal:
        return _unknown(treated, f"No fracture figure: {refusal.problem}.")
    return [
        _figures(one, float(major), float(hip))
        for one, major, hip in zip(treated, risks.major_osteoporotic, risks.hip, strict=True)
    ]


def _figures(one: HipPaths, major: float, hip: float) -> PathFracture:
    medicines = one.medicines()
    if medicines and medicines <= NO_HIP_EFFECT_SHOWN:
        return PathFracture(round(major, 3), None, NO_HIP_FIGURE)
    return PathFracture(round(major, 3), round(hip, 3), "")


def fracture_sources(figures: Sequence[PathFracture]) -> tuple[str, ...]:
    """What the shown figures rest on beside the open model's own sources."""
    known = any(one.major_osteoporotic is not None for one in figures)
    withheld = any(one.reason == NO_HIP_FIGURE for one in figures)
    return (LINK_SOURCES if known else ()) + (NO_HIP_SOURCES if withheld else ())


def _unknown(paths: Sequence[HipPaths], reason: str) -> list[PathFracture]:
    return [PathFracture(None, None, reason) for _ in paths]
