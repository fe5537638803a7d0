"""Where a projection starts: the person's own density and T-score of today at each site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from osteon.densitometry import NHANES_SCALE, Reference, SiteResult, reference_for
from osteon.densitometry.reference import spine_reference
from osteon.densitometry.result import Densitometry
from osteon.person import SITE_LABELS, Person
from osteon.twin.osteon_model.sites import SITES, SiteName

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the relative curve of one site is multiplied by.

    ``bmd_g_cm2`` is the density today, or none when the record does not hold one; ``t_score`` today's that counts;
    ``reference`` the scale for T-scores, or none when there is none to start from. ``t_scores_count`` is no for
    people whose bone is read by Z-scores.
    """

    site: SiteName
    bmd_g_cm2: float | None
    t_score: float | None
    reference: Reference | None
    warning: str
    t_scores_count: bool = True

    def t_scores(self, relative: Floats) -> Floats | None:
        """T-scores along a path, from the one that counts today; none without a reference, or where none counts.

        Parameters
        ----------
        relative
            BMD relative to today, ``(J,)``.
        """
        reference = self.reference
        if reference is None or not self.t_scores_count:
            return None
        if self.t_score is not None:  # start from the score that counts, also where it differs from the computed one
            today = reference.mean_g_cm2 + self.t_score * reference.sd_g_cm2
        elif self.bmd_g_cm2 is not None:
            today = self.bmd_g_cm2
        else:
            return None
        return np.asarray((today * relative - reference.mean_g_cm2) / reference.sd_g_cm2)


def find_anchors(person: Person, bone: Densitometry) -> dict[SiteName, Anchor]:
    """Today's density at each site that the model follows."""
    counts = bone.rule == "T-score"
    return {site: replace(_anchor(person, bone, site), t_scores_count=counts) for site in SITES}


def unmeasured(anchors: Sequence[Anchor]) -> tuple[str, ...]:
    """What to say about sites that have no density to start from."""
    said = [one.warning for one in anchors if one.warning]
    missing = [SITE_LABELS[one.site].lower() for one in anchors if one.bmd_g_cm2 is None and not one.warning]
    if len(missing) == len(SITES):
        said.append("The record has no scan: the projection is for people like this one, in percent of today.")
    elif missing:
        said.append(f"Not measured, so projected in percent of today: {' and '.join(missing)}.")
    return tuple(said)


def _anchor(person: Person, bone: Densitometry, site: SiteName) -> Anchor:
    here = [one for one in bone.sites if one.site == site]
    chosen = [one for one in here if one.side == "mean"] or here
    chosen = [one for one in chosen if one.used_for_diagnosis] or chosen
    measured = [one.bmd_g_cm2 for one in chosen if one.bmd_g_cm2 is not None]
    scores = [one.t_score for one in chosen if one.t_score is not None]
    scale = _scale(person, bone, chosen, site)
    if measured:
        return Anchor(site, float(np.mean(measured)), _mean(scores), scale, "")
    name = SITE_LABELS[site].lower()
    if scores and scale is not None:
        bmd = scale.mean_g_cm2 + float(np.mean(scores)) * scale.sd_g_cm2
        return Anchor(site, bmd, _mean(scores), scale, f"The {name} density was computed back from its T-score.")
    if scores:
        text = f"The record has a T-score of the {name} but no density: its projection is in percent of today."
        return Anchor(site, None, _mean(scores), reference_for(site, NHANES_SCALE), text)
    return Anchor(site, None, None, None, "")


def _scale(person: Person, bone: Densitometry, chosen: Sequence[SiteResult], site: SiteName) -> Reference | None:
    if site != "lumbar_spine":
        return reference_for(site, bone.device)
    scan = person.latest_scan
    vertebrae = chosen[0].vertebrae if chosen else None
    software = None if scan is None else scan.software
    return spine_reference(bone.device, software, vertebrae, person.sex)


def _mean(scores: Sequence[float]) -> float | None:
    return float(np.mean(scores)) if scores else None
