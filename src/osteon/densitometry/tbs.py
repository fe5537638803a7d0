"""Trabecular bone score: the bands of two published schemes, side by side.

The trabecular bone score (TBS) describes the texture of the lumbar spine's picture. It is read beside bone density,
never in place of it. Two sets of limits are in use; where they disagree, both are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from osteon.errors import InputError
from osteon.evidence import value

TbsBand = Literal["normal", "partially degraded", "degraded"]

TBS_SOURCES: tuple[str, ...] = ("tbs.degraded_max", "tbs.normal_min", "tbs.low_below", "tbs.normal_above")


@dataclass(frozen=True, slots=True)
class TbsBands:
    """The band of a score by the first limits (1.200 and 1.350) and by the newer ones (1.23 and 1.31)."""

    first: TbsBand
    newer: TbsBand


def tbs_bands(score: float) -> TbsBands:
    """The bands of a trabecular bone score.

    Parameters
    ----------
    score
        As printed, without unit; between 0.5 and 2.

    Raises
    ------
    InputError
        The score is not a plausible one.
    """
    if not 0.5 <= score <= 2.0:
        raise InputError(
            f"a trabecular bone score of {score:g} is outside the plausible range 0.5 to 2",
            mend="Write it as printed, such as 1.274",
        )
    first: TbsBand = "partially degraded"
    if score <= value("tbs.degraded_max"):
        first = "degraded"
    elif score >= value("tbs.normal_min"):
        first = "normal"
    newer: TbsBand = "partially degraded"
    if score < value("tbs.low_below"):
        newer = "degraded"
    elif score > value("tbs.normal_above"):
        newer = "normal"
    return TbsBands(first, newer)


def tbs_sentence(score: float) -> str:
    """The score and its bands, as a clinician would write them."""
    bands = tbs_bands(score)
    verdict = (
        bands.first if bands.first == bands.newer else f"{bands.first} by the first limits, {bands.newer} by the newer"
    )
    return f"Trabecular bone score {score:.3f}: {verdict}. It is read beside bone density, never in place of it."
