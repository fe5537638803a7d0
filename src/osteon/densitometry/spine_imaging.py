"""When to look for vertebral fractures that nobody has noticed: ISCD's indications for imaging the spine (2019).

A lateral picture of the spine (vertebral fracture assessment on the densitometer, or an X-ray) is indicated when the
T-score is below -1.0 and at least one of four further signs is present.
"""

from __future__ import annotations

from osteon.densitometry.rounding import exact
from osteon.evidence import value
from osteon.person import Sex

SPINE_IMAGING_SOURCES: tuple[str, ...] = (
    "iscd.vfa.t_score_below",
    "iscd.vfa.women_age_min",
    "iscd.vfa.men_age_min",
    "iscd.vfa.height_loss_cm_over",
    "iscd.vfa.prednisone_mg_per_day_min",
)


def spine_imaging_advice(
    *,
    sex: Sex,
    age_years: float,
    lowest_t_score: float | None,
    height_loss_cm: float | None = None,
    reported_vertebral_fracture: bool | None = None,
    glucocorticoids: bool | None = None,
    prednisone_mg_per_day: float | None = None,
) -> str | None:
    """The advice to image the spine with its reasons, or none when it is not indicated.

    Parameters
    ----------
    sex, age_years
        Of the person.
    lowest_t_score
        The lowest T-score that may be used; none (as before menopause) gives no advice.
    height_loss_cm
        Loss from the tallest height ever.
    reported_vertebral_fracture
        A fracture of the spine that the person reports.
    glucocorticoids, prednisone_mg_per_day
        Systemic glucocorticoids for three months or more, and the daily dose as prednisone where known.
    """
    if lowest_t_score is None or exact(lowest_t_score) >= exact(value("iscd.vfa.t_score_below")):
        return None
    age_limit = value("iscd.vfa.women_age_min" if sex == "female" else "iscd.vfa.men_age_min")
    height_limit = value("iscd.vfa.height_loss_cm_over")
    dose_limit = value("iscd.vfa.prednisone_mg_per_day_min")
    reasons: list[str] = []
    if age_years >= age_limit:
        reasons.append(f"age {age_limit:.0f} or over")
    if height_loss_cm is not None and height_loss_cm > height_limit:
        reasons.append(f"{height_loss_cm:g} cm of height lost (more than {height_limit:g} cm)")
    if reported_vertebral_fracture:
        reasons.append("a reported fracture of the spine, unless it is already documented by imaging")
    if glucocorticoids and prednisone_mg_per_day is None:
        reasons.append(f"glucocorticoids, if the dose is {dose_limit:g} mg prednisone a day or more (not recorded)")
    elif glucocorticoids and prednisone_mg_per_day is not None and prednisone_mg_per_day >= dose_limit:
        reasons.append(f"glucocorticoids of {prednisone_mg_per_day:g} mg prednisone a day")
    if not reasons:
        return None
    return f"Image the spine for unnoticed vertebral fractures (ISCD): T-score below -1.0 and {'; '.join(reasons)}."
