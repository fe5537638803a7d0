"""The probability of fracture along projected paths of the femoral neck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.care.fracture import femoral_neck_t_score, therapy_risks
from osteon.densitometry.result import Densitometry
from osteon.errors import ModelError
from osteon.person import Person

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PathFracture:
    """The fracture figures of one path in percent, or why there are none."""

    major_osteoporotic: float | None
    hip: float | None
    reason: str


def path_fractures(
    person: Person,
    bone: Densitometry,
    relative: Sequence[Floats],
    *,
    untreated: Floats,
    t_years: Floats,
    years: float,
) -> list[PathFracture]:
    """The probability along each path; unknown without a femoral neck, before age 50 or for part of a year.

    Parameters
    ----------
    person, bone
        The person and the scan.
    relative, untreated
        BMD of the femoral neck relative to today on each path and without treatment, ``(J,)`` each.
    t_years, years
        The times, and the horizon.
    """
    neck = femoral_neck_t_score(bone)
    if neck is None:
        return _unknown(relative, "No T-score at the femoral neck is known, and the fracture figure needs one.")
    if years < 1 or years != int(years):
        return _unknown(relative, "Fracture figures are for whole years, from one on.")
    try:
        risks = therapy_risks(
            person,
            femoral_neck_t_score_today=neck,
            t_years=t_years,
            relative_bmd=np.stack(list(relative)),
            untreated_relative_bmd=untreated,
            horizon_years=int(years),
        )
    except ModelError as refusal:
        return _unknown(relative, f"No fracture figure: {refusal.problem}.")
    return [
        PathFracture(round(float(major), 3), round(float(hip), 3), "")
        for major, hip in zip(risks.major_osteoporotic, risks.hip, strict=True)
    ]


def _unknown(paths: Sequence[Floats], reason: str) -> list[PathFracture]:
    return [PathFracture(None, None, reason) for _ in paths]
