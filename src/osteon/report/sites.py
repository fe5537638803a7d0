"""The measured sites as every reader sees them: which scores stand on the scale, and the table of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osteon.report.figure import Table
from osteon.report.words import density, plain_list, score, site_name

if TYPE_CHECKING:
    from osteon.densitometry.result import Densitometry, SiteResult


def scale_scores(densitometry: Densitometry) -> list[tuple[SiteResult, float]]:
    """The sites that have the score which the diagnosis goes by, with that score.

    Sites that do not count for the diagnosis are left to the table, unless there is no other.
    """
    by_z = densitometry.rule == "Z-score"
    used = [one for one in densitometry.sites if one.used_for_diagnosis] or densitometry.sites
    found = [(one, one.z_score if by_z else one.t_score) for one in used]
    return [(one, number) for one, number in found if number is not None]


def site_table(densitometry: Densitometry) -> Table:
    """Every measured site with its density and scores; what was computed, not printed, says so."""
    sites = densitometry.sites
    t_scores, t_computed = _column([(one.t_score, one.t_score_source) for one in sites])
    z_scores, z_computed = _column([(one.z_score, one.z_score_source) for one in sites])
    names = [site_name(one.site, one.side) + ("" if one.used_for_diagnosis else " (not used)") for one in sites]
    densities = [density(one.bmd_g_cm2) for one in sites]
    computed = plain_list(name for name, true in (("T-scores", t_computed), ("Z-scores", z_computed)) if true)
    caption = "Bone density by site" + (f" ({computed} computed)" if computed else "")
    rows = tuple(zip(names, densities, t_scores, z_scores, strict=True))
    return Table(caption, ("Site", "BMD, g/cm²", "T-score", "Z-score"), rows)


def _column(values: list[tuple[float | None, str | None]]) -> tuple[list[str], bool]:
    """A column of scores, and whether all were computed; where only some were, each of those says so."""
    sources = {source for value, source in values if value is not None}
    if sources == {"computed"}:
        return [score(value) for value, _ in values], True
    return [f"{score(value)} (computed)" if source == "computed" else score(value) for value, source in values], False
