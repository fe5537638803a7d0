"""From scores to a category: which score counts for this person, which site decides, and where the edges lie.

WHO categories, by the T-score of women after menopause and men from 50 on: normal at -1.0 and above, osteoporosis at
-2.5 and below, osteopenia (low bone mass) between. Women before menopause and men under 50 have Z-scores: below the
expected range for age at -2.0 and below, else within it; bone density alone is never osteopenia or osteoporosis there
(ISCD).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from osteon.densitometry.categories import age_category, who_category
from osteon.densitometry.result import Diagnosis
from osteon.densitometry.rounding import exact, written
from osteon.densitometry.scores import Scored, place
from osteon.evidence import value
from osteon.person import Person, Side, Site

Rule = Literal["T-score", "Z-score"]
PRESUMED_MENOPAUSE = "presumed_menopause.age"
"""The evidence row of the age from which a woman whose menopausal state is not recorded is taken to be past it."""

RULE_SOURCES: dict[Rule, tuple[str, ...]] = {
    "T-score": ("who.normal.t_score_min", "who.osteoporosis.t_score_max", "iscd2005_populations", "iscd2023"),
    "Z-score": ("iscd.below_expected_for_age.z_score_max", "iscd2005_populations", "iscd2023"),
}

# When several sites share the lowest score, the first of these decides, so that the order of writing does not matter.
_SITE_ORDER: tuple[Site, ...] = ("femoral_neck", "total_hip", "lumbar_spine", "radius_33")
_SIDE_ORDER: tuple[Side | None, ...] = ("left", "right", "mean", None)

_DOUBT = {
    "printed": ", and in doubt: it does not follow from the bone density",
    "computed": " from the bone density, to which the printed score cannot belong",
}


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """The score that counts for a person, why, and what was presumed."""

    rule: Rule
    reason: str
    warnings: tuple[str, ...] = ()


def rule_for(person: Person) -> RuleChoice:
    """Whether T-scores or Z-scores count for this person (ISCD).

    The menopausal state is never guessed silently: where it is not recorded, age decides and a warning says so.
    """
    if person.sex == "male":
        limit = value("iscd.men.t_score_age_min")
        if person.age_years >= limit:
            return RuleChoice("T-score", f"Man aged {limit:.0f} or over: T-scores count.")
        return RuleChoice("Z-score", f"Man under {limit:.0f}: Z-scores count.")
    if person.menopausal_status == "premenopausal":
        return RuleChoice("Z-score", "Woman before menopause: Z-scores count.")
    if person.menopausal_status == "transition":
        return RuleChoice("T-score", "Woman in the menopausal transition: T-scores may be used.")
    if person.menopausal_status == "postmenopausal" or person.menopause_age_years is not None:
        return RuleChoice("T-score", "Woman after menopause: T-scores count.")
    limit = value(PRESUMED_MENOPAUSE)
    if person.age_years >= limit:
        presumed = "Menopause is presumed from the age, because menopausal_status is not recorded; please record it."
        return RuleChoice(
            "T-score", f"Woman aged {limit:.0f} or over, taken to be after menopause: T-scores count.", (presumed,)
        )
    asked = (
        f"menopausal_status is not recorded. Before {limit:.0f} the Z-score rule is used; if she is past menopause, "
        "record menopausal_status or menopause_age_years, and T-scores will count."
    )
    return RuleChoice("Z-score", f"Woman under {limit:.0f} with no menopause recorded: Z-scores count.", (asked,))


def usable_hip(scored: Sequence[Scored]) -> list[Scored]:
    """The measurements of one hip region that may count: each side; the mean only where no side is given.

    ISCD 2003 found too little data to diagnose from the mean of both hips; the lower side decides.
    """
    sides = [one for one in scored if one.measurement.side != "mean"]
    return sides or list(scored)


def lowest(candidates: Sequence[Scored], rule: Rule) -> Scored | None:
    """The measurement with the lowest score of the kind that counts; none when no candidate has one."""
    with_score = [(score_of(one, rule), one) for one in candidates]
    ranked = [(exact(score), one) for score, one in with_score if score is not None]
    return min(ranked, key=lambda pair: (pair[0], _rank(pair[1])), default=(None, None))[1]


def score_of(one: Scored, rule: Rule) -> float | None:
    """The score of the kind that counts."""
    return one.t_score if rule == "T-score" else one.z_score


def explain(deciding: Scored, rule: Rule) -> tuple[Diagnosis, str]:
    """The category and the sentence that says where it comes from."""
    score = score_of(deciding, rule)
    if score is None:  # lowest() never returns such a measurement
        raise ValueError("the deciding measurement has no score")
    where = place(deciding.measurement)
    where = f"{where[0].lower()}{where[1:]}"
    source = deciding.t_source if rule == "T-score" else deciding.z_source
    doubt = _DOUBT.get(source or "", "") if rule == "T-score" and deciding.doubtful else ""
    found = f"The lowest {rule} is {written(score)} ({source}{doubt}), at the {where}"
    if rule == "T-score":
        category = who_category(score)
        meaning = {
            "normal": "-1.0 or above is normal",
            "osteopenia": "between -1.0 and -2.5 is osteopenia (low bone mass)",
            "osteoporosis": "-2.5 or below is osteoporosis",
        }[category]
        return category, f"{found}; {meaning}."
    category = age_category(score)
    meaning = (
        "-2.0 or below is below the expected range for age"
        if category == "below-expected-for-age"
        else "above -2.0 is within the expected range for age"
    )
    return category, f"{found}; {meaning}. Bone density alone makes no diagnosis of osteoporosis here."


def _rank(one: Scored) -> tuple[int, int, int]:
    measured = one.measurement
    covered = 4 if measured.vertebrae is None else len(measured.vertebrae)
    return _SITE_ORDER.index(measured.site), _SIDE_ORDER.index(measured.side), -covered
