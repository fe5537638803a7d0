"""The category that a score belongs to, by WHO and ISCD: the edges exact."""

from __future__ import annotations

from osteon.densitometry.result import Diagnosis
from osteon.densitometry.rounding import exact
from osteon.evidence import value


def who_category(t_score: float) -> Diagnosis:
    """The WHO category of a T-score as it stands: edges exact, and free of floating-point noise."""
    score = exact(t_score)
    if score <= exact(value("who.osteoporosis.t_score_max")):
        return "osteoporosis"
    return "osteopenia" if score < exact(value("who.normal.t_score_min")) else "normal"


def age_category(z_score: float) -> Diagnosis:
    """The ISCD wording for a Z-score as it stands: -2.0 is below the expected range."""
    below = exact(z_score) <= exact(value("iscd.below_expected_for_age.z_score_max"))
    return "below-expected-for-age" if below else "within-expected-for-age"
