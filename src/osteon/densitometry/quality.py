"""Signs that a measurement should be looked at again before anybody acts on it.

The limits in this file are Osteon's own, set wide enough that an ordinary report raises none of them; no published
limit was found. They start a look at the image, never a change of a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from osteon.densitometry.rounding import exact
from osteon.densitometry.scores import Scored, place
from osteon.person import Scan, Side, Site

MAX_AREA_DIFFERENCE = 0.25
"""Left and right area of one region may differ by this share of the larger one. Printed hips differ by up to 13 %."""

SPINE_ABOVE_HIP_T = 1.0
"""A spine more than this above the lowest hip, in T, is often raised by wear in older people."""

Z_BELOW_T = 1.5
"""From 50 on, a Z-score further below the T-score than this is questioned."""

COLUMNS_AGE = 50.0

DEGENERATION_AGE = 60.0
"""Age in years from which a spine far above the hips is questioned."""


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
    areas: dict[str, dict[Side, float]] = {}
    for one in scan.sites:
        if one.side not in ("left", "right"):
            continue
        for region, area in (
            (_region(one.site), one.area_cm2),
            ("Trochanter", one.trochanter_area_cm2),
            ("Intertrochanter", one.intertrochanter_area_cm2),
        ):
            if area is not None:
                areas.setdefault(region, {})[one.side] = area
    found = [area_warning(region, sides["left"], sides["right"]) for region, sides in areas.items() if len(sides) == 2]
    return [one for one in found if one is not None]


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


def column_warnings(scored: Sequence[Scored], age_years: float) -> list[str]:
    """Z-scores that lie so far below the T-score of the same region that a column was probably misread.

    From 50 on, people of that age have less bone than young adults, so a Z-score lies above the T-score. Weight or
    ethnic group, for which some makers match, move it a little the other way.
    """
    if age_years < COLUMNS_AGE:
        return []
    return [
        f"{place(one.measurement)}: the Z-score of {one.z_score} lies far below the T-score of {one.t_score}, although "
        "people of this age have less bone than young adults. Check that the two columns were not mixed up."
        for one in scored
        if one.z_score is not None
        and one.t_score is not None
        and exact(one.t_score) - exact(one.z_score) > exact(Z_BELOW_T)
    ]


def _region(site: Site) -> str:
    names: Mapping[Site, str] = {"femoral_neck": "Femoral neck", "total_hip": "Total hip"}
    return names.get(site, site.replace("_", " ").capitalize())
