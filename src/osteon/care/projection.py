"""The bone model's projection anchored to one person's own scan, with the fracture risk that goes with each path.

The curve is the published population curve for a woman of that age, multiplied by her own density today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from osteon.care.denosumab import denosumab_exit
from osteon.care.denosumab_paths import (
    STOP_SOURCES,
    leaves_denosumab_uncovered,
    not_for_coming_off,
    stop_warning,
    withheld_reason,
)
from osteon.care.fracture import femoral_neck_t_score, therapy_risks
from osteon.densitometry import NHANES_SCALE, Reference, SiteResult, assess, reference_for
from osteon.densitometry.result import Densitometry
from osteon.errors import ModelError
from osteon.evidence import THERAPIES
from osteon.person import Person
from osteon.risk.open_model import PathRisk
from osteon.twin import RelativeProjection, project_relative
from osteon.twin.published_error import INTERVAL, band_meaning, error_statement
from osteon.twin.result import FractureProjection, Projection, TherapyProjection

Floats = NDArray[np.float64]

DEFAULT_THERAPIES = (
    "none",
    "alendronate",
    "denosumab",
    "teriparatide:24,alendronate",
    "romosozumab:12,alendronate",
)

MENOPAUSE_OF_THE_MODEL_YEARS = 50.0
MENOPAUSE_TOLERANCE_YEARS = 3.0


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the relative curve is multiplied by.

    ``bmd_g_cm2`` is the total-hip density today, or none when the record does not hold one; ``reference`` is the
    scale for T-scores, or none when there is no T-score to start from.
    """

    bmd_g_cm2: float | None
    t_score: float | None
    reference: Reference | None
    warnings: tuple[str, ...]


def default_therapies() -> tuple[str, ...]:
    """The regimens that a report compares: each medicine that the model covers, with the follow-on that it needs."""
    return DEFAULT_THERAPIES


def project_person(person: Person, therapies: Sequence[str], *, years: float = 10.0) -> Projection:
    """Total-hip density of one person under each regimen, with the model's published error as the band.

    Parameters
    ----------
    person
        The record.
    therapies
        Regimens as written, e.g. ``none``, ``denosumab:24,alendronate``; one that stands twice is projected once.
    years
        How far, above 0; the age at the end must not exceed 100.

    Returns
    -------
    Projection
        In g/cm² when the total hip was measured (or its density follows from a printed T-score), otherwise in
        percent of today.

    Raises
    ------
    UsageError
        A therapy that does not exist, an impossible duration or horizon.
    ModelError
        A man, an age outside the model, or a therapy that it does not cover.
    """
    bone = assess(person)
    anchor = find_anchor(bone)
    every = project_relative(person.age_years, therapies, years=years, sex=person.sex)
    first: dict[str, RelativeProjection] = {}
    for one in every:
        first.setdefault(one.label, one)
    curves = tuple(first.values())
    coming_off = bool(denosumab_exit(person))
    unsafe = [leaves_denosumab_uncovered(one.plan, was_on_denosumab=coming_off) for one in curves]
    fractures = _fractures(person, bone, curves, years)
    fractures = [
        _Fracture(None, None, withheld_reason()) if left else one for one, left in zip(fractures, unsafe, strict=True)
    ]
    cautions = [stop_warning(one.label) if left else "" for one, left in zip(curves, unsafe, strict=True)]
    stops = (not_for_coming_off(),) if coming_off else ()
    about = (*anchor.warnings, *_about(person))
    extrapolated = tuple(one.extrapolated for one in curves if one.extrapolated)
    notes = tuple(note for one in curves for note in one.notes)
    checks = tuple(text for one in curves for text in one.model_check)
    used = [name for one in curves for name in one.sources]
    used += anchor.reference.evidence if anchor.reference is not None else ()
    used += STOP_SOURCES if coming_off or any(unsafe) else ()
    warnings = (*stops, *(text for text in cautions if text), *about, *extrapolated, *notes, *checks)
    return Projection(
        years=years,
        interval=INTERVAL,
        interval_meaning=band_meaning(),
        model="reference",
        statement=statement(),
        therapies=tuple(
            _curve(one, anchor, fracture, caution)
            for one, fracture, caution in zip(curves, fractures, cautions, strict=True)
        ),
        warnings=tuple(dict.fromkeys(warnings)),
        sources=tuple(dict.fromkeys(used)),
    )


@dataclass(frozen=True, slots=True)
class _Fracture:
    """The fracture figures of one path in percent, or why there are none."""

    major_osteoporotic: float | None
    hip: float | None
    reason: str


def statement() -> str:
    """What the projection is and how well the model did on published trials, in plain words."""
    return (
        "This is the published population curve (Jörg and colleagues 2022) anchored to the person's own scan: what "
        "the model expects for an average woman of this age, not a forecast for one person. On the mean change of hip "
        f"density since the start in published trials, its mean error in percentage points is {error_statement()}. "
        "These curves must not be used to rank medicines: the errors differ from one to the next. "
        "Fracture risk along each path follows density by the link seen across trials, so without treatment it can "
        "differ a little from the risk that today's density alone gives."
    )


def find_anchor(bone: Densitometry) -> Anchor:
    """Today's total-hip density: the mean of both sides where both were measured, as printed or from the T-score."""
    hips = [one for one in bone.sites if one.site == "total_hip"]
    chosen = [one for one in hips if one.side == "mean"] or hips
    measured = [one.bmd_g_cm2 for one in chosen if one.bmd_g_cm2 is not None]
    scores = [one.t_score for one in chosen if one.t_score is not None]
    scale = reference_for("total_hip", bone.device)
    if measured:
        bmd = float(np.mean(measured))
        return Anchor(bmd, _mean(scores), scale, ())
    if scores and scale is not None:
        bmd = scale.mean_g_cm2 + float(np.mean(scores)) * scale.sd_g_cm2
        return Anchor(bmd, _mean(scores), scale, ("The total-hip density was computed back from its T-score.",))
    if scores:
        return Anchor(
            None,
            _mean(scores),
            reference_for("total_hip", NHANES_SCALE),
            ("The record has no total-hip density and names no known scanner: the projection is in percent of today.",),
        )
    return Anchor(None, None, None, (_no_hip(bone.sites),))


def _no_hip(sites: Sequence[SiteResult]) -> str:
    if not sites:
        return "The record has no scan: the projection is the population curve, in percent of today."
    return "The total hip was not measured: the projection is the population curve, in percent of today."


def _mean(scores: Sequence[float]) -> float | None:
    return float(np.mean(scores)) if scores else None


def _curve(one: RelativeProjection, anchor: Anchor, fracture: _Fracture, caution: str) -> TherapyProjection:
    unit: Literal["g/cm2", "percent of today"] = "g/cm2" if anchor.bmd_g_cm2 is not None else "percent of today"
    scale = anchor.bmd_g_cm2 if anchor.bmd_g_cm2 is not None else 100.0
    return TherapyProjection(
        therapy=one.therapy,
        label=one.label,
        site="total_hip",
        t_years=_tuple(one.t_years),
        median=_tuple(scale * one.relative),
        lower=_tuple(scale * one.lower),
        upper=_tuple(scale * one.upper),
        t_score=_t_scores(one.relative, anchor),
        unit=unit,
        fracture=FractureProjection(major_osteoporotic_percent=fracture.major_osteoporotic, hip_percent=fracture.hip),
        hypothetical=any(THERAPIES[name].hypothetical for name in one.plan.therapies),
        fracture_reason=fracture.reason,
        caution=caution,
        model_check=" ".join(one.model_check),
    )


def _t_scores(relative: Floats, anchor: Anchor) -> tuple[float, ...] | None:
    """T-scores along the path, starting from the one that counts today."""
    reference = anchor.reference
    if reference is None:
        return None
    if anchor.t_score is not None:  # start where the printed score is, also where it differs from the computed one
        today = reference.mean_g_cm2 + anchor.t_score * reference.sd_g_cm2
    elif anchor.bmd_g_cm2 is not None:
        today = anchor.bmd_g_cm2
    else:
        return None
    return _tuple((today * relative - reference.mean_g_cm2) / reference.sd_g_cm2)


def _tuple(numbers: Floats) -> tuple[float, ...]:
    return tuple(float(one) for one in np.round(numbers, 6))


def _fractures(
    person: Person, bone: Densitometry, curves: Sequence[RelativeProjection], years: float
) -> list[_Fracture]:
    """The probability along each path; unknown without a femoral neck, before age 50 or for part of a year."""
    neck = femoral_neck_t_score(bone)
    if neck is None:
        return _unknown(curves, "No T-score at the femoral neck is known, and the fracture figure needs one.")
    if years < 1 or years != int(years):
        return _unknown(curves, "Fracture figures are for whole years, from one on.")
    (untreated,) = project_relative(person.age_years, ("none",), years=years, sex=person.sex)
    try:
        risks: PathRisk = therapy_risks(
            person,
            femoral_neck_t_score_today=neck,
            t_years=untreated.t_years,
            relative_bmd=np.stack([one.relative for one in curves]),
            untreated_relative_bmd=untreated.relative,
            horizon_years=int(years),
        )
    except ModelError as refusal:
        return _unknown(curves, f"No fracture figure: {refusal.problem}.")
    return [
        _Fracture(round(float(major), 3), round(float(hip), 3), "")
        for major, hip in zip(risks.major_osteoporotic, risks.hip, strict=True)
    ]


def _unknown(curves: Sequence[RelativeProjection], reason: str) -> list[_Fracture]:
    return [_Fracture(None, None, reason) for _ in curves]


def _about(person: Person) -> list[str]:
    """Where the person differs from the woman whom the curve describes."""
    found = []
    age = person.menopause_age_years
    if age is not None and abs(age - MENOPAUSE_OF_THE_MODEL_YEARS) > MENOPAUSE_TOLERANCE_YEARS:
        found.append(
            f"The curve has its menopause at {MENOPAUSE_OF_THE_MODEL_YEARS:g}; this person's was at {int(age)}. "
            "Loss in the years around it may differ."
        )
    ongoing = [one.therapy for one in person.treatments if one.stop is None and one.therapy != "none"]
    if ongoing:
        found.append(
            f"The record names present treatment ({', '.join(ongoing)}); the projection starts from an untreated bone."
        )
    return found
