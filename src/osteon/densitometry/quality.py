"""Signs that a measurement should be looked at again before anybody acts on it.

The limits in this file are Osteon's own, set wide enough that an ordinary report raises none of them; no published
limit was found. They start a look at the image, never a change of a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from osteon.densitometry.scores import Scored, exact, place
from osteon.person import Scan, Side, Site, SiteMeasurement

MAX_AREA_DIFFERENCE = 0.25
"""Left and right area of one region may differ by this share of the larger one. Printed hips differ by up to 13 %."""

MAX_BMD_MISMATCH = 0.02
"""Printed bone density and content over area may differ by this share, which leaves room for rounding of all three."""

SPINE_ABOVE_HIP_T = 1.0
"""A spine that reads this much above the lowest hip is often raised by wear, in people of this age and over:"""
DEGENERATION_AGE = 60.0


def area_warning(region: str, left_cm2: float, right_cm2: float) -> str | None:
    """The warning that a region was probably misplaced on one side, or none.

    Parameters
    ----------
    region
        What to call it, such as "Trochanter".
    left_cm2, right_cm2
        Projected area of the same region on both sides.
    """
    smaller, larger = sorted((left_cm2, right_cm2))
    if larger - smaller <= MAX_AREA_DIFFERENCE * larger:
        return None
    return (
        f"{region}: the areas left ({left_cm2:g} cm²) and right ({right_cm2:g} cm²) differ grossly, so a region was "
        "probably misplaced on one side. Review the images before using the hip."
    )


def area_warnings(scan: Scan) -> list[str]:
    """Gross differences in area between the two sides, for every region of a scan that has both."""
    areas: dict[Site, dict[Side, float]] = {}
    for one in scan.sites:
        if one.area_cm2 is not None and one.side in ("left", "right"):
            areas.setdefault(one.site, {})[one.side] = one.area_cm2
    found = [
        area_warning(_region(site), sides["left"], sides["right"]) for site, sides in areas.items() if len(sides) == 2
    ]
    return [one for one in found if one is not None]


def content_warning(measurement: SiteMeasurement) -> str | None:
    """The warning that bone density, mineral content and area do not fit together, or none."""
    bmd, content, area = measurement.bmd_g_cm2, measurement.bmc_g, measurement.area_cm2
    if bmd is None or content is None or area is None or abs(content / area - bmd) <= MAX_BMD_MISMATCH * bmd:
        return None
    return (
        f"{place(measurement)}: mineral content over area is {content / area:.3f} g/cm², but the bone density is "
        f"{bmd:g} g/cm². One of the three was probably copied wrongly."
    )


def degeneration_warning(spine: Scored | None, hips: Sequence[Scored], age_years: float) -> str | None:
    """The warning that a spine far above the hips may be raised by wear, or none."""
    hip_scores = [exact(one.t_score) for one in hips if one.t_score is not None]
    if spine is None or spine.t_score is None or not hip_scores or age_years < DEGENERATION_AGE:
        return None
    excess = exact(spine.t_score) - min(hip_scores)
    if excess <= exact(SPINE_ABOVE_HIP_T):
        return None
    return (
        f"The spine's T-score is {excess:.1f} above the lowest hip. At this age wear of the spine often raises it: "
        "look at the image, and rely on the hip if it shows wear."
    )


def _region(site: Site) -> str:
    names: Mapping[Site, str] = {"femoral_neck": "Femoral neck", "total_hip": "Total hip"}
    return names.get(site, site.replace("_", " ").capitalize())
