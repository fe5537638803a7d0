"""Where a person's projection lies outside the ages, T-scores and people that the trials and surveys covered."""

from __future__ import annotations

from collections.abc import Iterable

from osteon.densitometry.result import Densitometry
from osteon.evidence import THERAPIES, therapy_label, value
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.person import Person
from osteon.twin.osteon_model.project import extrapolation
from osteon.twin.osteon_model.sites import SITES

LOWEST_T_SCORE, HIGHEST_T_SCORE = -5.0, 4.0
"""The lowest T-score that a fitted trial says it admitted (``IBN_MOBILE_2y_Reginster2006``, ``trials_calibrate.csv``),
and where a survey of everybody has hardly anyone left, which is a cautious choice, not a published limit."""

LOW_BONE_MASS = "who.normal.t_score_min"
"""Most medicines were tried in women with osteopenia or osteoporosis: below the edge of normal (WHO)."""

TRIED_FURTHER = {"zoledronate": "bolland2025.t_score_below"}
"""The evidence row of a higher T-score, up to which a trial of the medicine went."""

TRIED_IN_NORMAL_BONE = ("alendronate", "ibandronate", "risedronate", "hormone_therapy")
"""Alendronate by ``EPIC_2y`` (healthy women), ibandronate by ``IBN_daily_prevention2004`` (women without osteoporosis),
risedronate by ``RIS_early_Mortensen1998``; hormone therapy's trials did not ask for low density."""

TRIED_IN_MEN = ("alendronate", "zoledronate", "denosumab", "teriparatide", "abaloparatide", "romosozumab")
"""The medicines of arms of men in ``trials_arms.csv``."""


def why_extrapolated(
    person: Person, bone: Densitometry, therapies: Iterable[str], years: float, *, treated: bool
) -> str:
    """Why a projection lies outside what was observed; empty when it does not.

    Parameters
    ----------
    person, bone
        The record and its T-scores.
    therapies
        The therapies of the regimen.
    years
        How far it looks.
    treated
        Whether anything is given.
    """
    medicines = [name for name in therapies if THERAPIES[name].group in MEDICINE_GROUPS]
    scores = [one.t_score for one in bone.sites if one.site in SITES and one.t_score is not None]
    said = [extrapolation(person.age_years, years, treated=treated)]
    if scores:
        said += [_low(min(scores)), _high(max(scores)), _normal(min(scores), medicines)]
    if person.menopausal_status in ("premenopausal", "transition") and any(
        one != "hormone_therapy" for one in medicines
    ):
        said.append("Extrapolated: the women in the medicines' trials were past the menopause; this woman is not.")
    said.append(_untried_in_men(medicines) if person.sex == "male" else "")
    return " ".join(filter(None, said))


def _low(t_score: float) -> str:
    if t_score >= LOWEST_T_SCORE:
        return ""
    return f"Extrapolated: no trial behind the model says that it admitted a T-score below {_signed(LOWEST_T_SCORE)}."


def _high(t_score: float) -> str:
    if t_score <= HIGHEST_T_SCORE:
        return ""
    return (
        f"Extrapolated: hardly anybody in the surveys behind the model has a T-score above {_signed(HIGHEST_T_SCORE)}."
    )


def _normal(t_score: float, medicines: Iterable[str]) -> str:
    limits = [value(TRIED_FURTHER.get(one, LOW_BONE_MASS)) for one in medicines if one not in TRIED_IN_NORMAL_BONE]
    if not limits or t_score <= min(limits):
        return ""
    return (
        "Extrapolated: the trials of this medicine were in people with lower bone density "
        f"(T-score {_signed(min(limits))} or below); here the lowest is {_signed(t_score)}."
    )


def _untried_in_men(medicines: Iterable[str]) -> str:
    untried = [therapy_label(name).lower() for name in medicines if name not in TRIED_IN_MEN]
    if not untried:
        return ""
    return f"Extrapolated: no trial of {' or '.join(untried)} behind the model was in men."


def _signed(t_score: float) -> str:
    return f"{t_score:+.1f}".replace("-", "−").replace("+0.0", "0.0")
