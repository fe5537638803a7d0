"""One sentence for each therapy: how well the model did on trial results of it that it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from osteon.evidence.therapies import THERAPIES, therapy_label
from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.osteon_model.unseen import TrialResult, trial_results

SITE_WORDS: dict[SiteName, str] = {"lumbar_spine": "spine", "total_hip": "hip", "femoral_neck": "neck"}

LATE_MONTHS = 36.0
LEAN_POINTS = 0.5
"""The model leans one way when its mean error is at least so many points and at least half of its mean distance."""

LEAST_TO_LEAN = 2

NOT_FITTED = {
    "stop_smoking": "the curve undoes what smoking costs in surveys",
    "less_alcohol": "the curve undoes what heavy drinking is assumed to cost",
    "bazedoxifene": "its strength was not fitted but assumed to be a little below raloxifene's",
}
"""On what the curve of a therapy rests for which there was no result to fit."""


@cache
def track_record(therapy: str, sex: Sex) -> str:
    """How far the model was from unseen trial results of a therapy, and which way it leans.

    Parameters
    ----------
    therapy
        One therapy's name.
    sex
        Of the reader: results in men are counted out for a man.
    """
    label = therapy_label(therapy)
    if THERAPIES[therapy].hypothetical:
        return f"{label}: no trial has measured bone density after it."
    results = [one for one in trial_results() if one.therapy == therapy]
    unseen = [one for one in results if one.unseen]
    if unseen:
        text = f"{label}: on {_count(unseen)} that it had not seen, {_distance(unseen)}{_lean(unseen)}"
        return f"{text}{_men(unseen) if sex == 'male' else ''}{_why(therapy)}."
    if results:
        return (
            f"{label}: no trial result was kept unseen; on {_count(results)} to which it was fitted, "
            f"{_distance(results)}{_men(results) if sex == 'male' else ''}."
        )
    return f"{label}: no trial result of it was at hand, seen or unseen{_why(therapy)}."


def track_records(therapies: Sequence[str], sex: Sex) -> tuple[str, ...]:
    """The sentence of each therapy of a regimen; no treatment only when it stands alone."""
    named = [one for one in therapies if one != "none"] or ["none"]
    return tuple(track_record(one, sex) for one in named)


def followed_years(therapies: Sequence[str]) -> float | None:
    """How long the trial results at hand followed a regimen, seen or unseen; 0 when there are none.

    A combination is followed as long as the therapy with the shortest follow-up. None for no treatment, which surveys
    follow through life, and for cell therapy.
    """
    named = [one for one in therapies if one != "none" and not THERAPIES[one].hypothetical]
    if not named:
        return None
    first = named[:1] if THERAPIES[named[0]].group == "anabolic" else named
    months = [max((one.months for one in trial_results() if one.therapy == name), default=0.0) for name in first]
    return min(months) / 12.0


def _why(therapy: str) -> str:
    return f"; {NOT_FITTED[therapy]}" if therapy in NOT_FITTED else ""


def _count(results: Sequence[TrialResult]) -> str:
    papers = len({one.study for one in results})
    return f"{len(results)} trial result{'s' * (len(results) > 1)} ({papers} publication{'s' * (papers > 1)})"


def _distance(results: Sequence[TrialResult]) -> str:
    parts: list[str] = []
    for site in SITES:
        here = [abs(one.error) for one in results if one.site == site]
        if here:
            parts.append(f"{np.mean(here):.1f}{'' if parts else ' points'} at the {SITE_WORDS[site]}")
    joined = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    text = f"the model was off by {joined}"
    if len(results) == 1:
        return text
    far = max(results, key=lambda one: abs(one.error))
    return f"{text} on average (largest {abs(far.error):.1f}, {SITE_WORDS[far.site]}, {_time(far.months)})"


def _time(months: float) -> str:
    if months % 12:
        return f"{months:g} months"
    return "1 year" if months == 12.0 else f"{months / 12.0:g} years"


def _lean(results: Sequence[TrialResult]) -> str:
    early = [one.error for one in results if one.months <= LATE_MONTHS]
    late = [one.error for one in results if one.months > LATE_MONTHS]
    words = {"up to three years": _direction(early), "later": _direction(late)}
    said = [f"{word} {when}" for when, word in words.items() if word]
    if len(set(words.values())) == 1 and said:
        return f"; its values are {words['later']}"
    return f"; its values are {' and '.join(said)}" if said else ""


def _direction(errors: Sequence[float]) -> str:
    if len(errors) < LEAST_TO_LEAN:
        return ""
    mean, distance = float(np.mean(errors)), float(np.mean(np.abs(errors)))
    if abs(mean) < max(LEAN_POINTS, 0.5 * distance):
        return ""
    return "too high" if mean > 0.0 else "too low"


def _men(results: Sequence[TrialResult]) -> str:
    men = sum(one.men for one in results)
    if not men:
        return "; none of these were in men"
    return f"; {men} of them {'was' if men == 1 else 'were'} in men"
