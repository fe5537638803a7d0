"""Project the total hip of a woman of a given age under several therapies, relative to today.

The curves are those of the published reference model for a woman of that age; anchoring them to a person's own scan
is the caller's business (multiply by today's density).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.errors import UsageError
from osteon.person import Sex
from osteon.twin.drug_check import check_sentences
from osteon.twin.engine.simulate import simulate
from osteon.twin.published_error import published_errors
from osteon.twin.reference.coverage import ARM_AGES_YEARS, MODEL_LABEL, check_person, reference_regimen
from osteon.twin.reference.joerg2022 import Joerg2022
from osteon.twin.therapies.grammar import TherapyPlan
from osteon.twin.trial_changes import path_class

Floats = NDArray[np.float64]

STEP_SCALE = 3.0
"""Steps three times the standard length: total-hip BMD still keeps within 1e-6 of the exact solution."""

LONGEST_YEARS = 75.0


@dataclass(frozen=True, slots=True)
class RelativeProjection:
    """Total-hip BMD relative to today under one regimen. ``J`` times, one a month.

    Attributes
    ----------
    plan
        The regimen as it was read.
    therapy, label
        The regimen in its plain written form, and in words.
    t_years
        Years from today, ``(J,)``, from 0.
    relative
        BMD divided by BMD today, ``(J,)``; 1 at time 0.
    lower, upper
        The band of the model's published error on paths of this class around it: see
        :mod:`osteon.twin.published_error`.
    extrapolated
        Why this lies outside what the published arms covered; empty when it does not.
    notes
        What a reader should know about the doses.
    model_check
        For each medicine of the regimen, what trials found beside what the model says.
    sources
        Names of evidence rows and keys of sources used.
    """

    plan: TherapyPlan
    therapy: str
    label: str
    t_years: Floats
    relative: Floats
    lower: Floats
    upper: Floats
    extrapolated: str
    notes: tuple[str, ...]
    model_check: tuple[str, ...]
    sources: tuple[str, ...]


def project_relative(
    age_years: float, therapies: Sequence[str], *, years: float = 10.0, sex: Sex = "female"
) -> tuple[RelativeProjection, ...]:
    """Project total-hip BMD relative to today.

    Parameters
    ----------
    age_years
        Age today, 25 to 100.
    therapies
        Regimens as written, e.g. ``none``, ``alendronate``, ``denosumab:24,alendronate``.
    years
        How far, above 0; the age at the end must not exceed 100.
    sex
        Women only.

    Returns
    -------
    One projection for each therapy, in the order asked.

    Raises
    ------
    UsageError
        A therapy that does not exist, an impossible duration or horizon.
    ModelError
        A man, an age outside the model, or a therapy that it does not cover.
    """
    if not 0.0 < years <= LONGEST_YEARS:
        raise UsageError(
            f"a projection over {years:g} years is not possible", mend=f"Write a number above 0 up to {LONGEST_YEARS:g}"
        )
    check_person(sex, age_years, years)
    built = [reference_regimen(text) for text in therapies]
    t_years = _months(years)
    bands = {path: band.at(t_years) for path, band in published_errors().items()}
    if not built:
        return ()
    run = simulate(
        Joerg2022(),
        [age_years] * len(built),
        [one.regimen for one in built],
        output_years=t_years,
        observe=("bmd_total_hip",),
        backend="float",
        step_scale=STEP_SCALE,
    ).require_ok()
    found = []
    for one, bmd in zip(built, run.observables["bmd_total_hip"], strict=True):
        relative = bmd / bmd[0]
        drugs = bool(one.regimen.courses)
        below, above = bands[path_class(one.plan.therapies)]
        found.append(
            RelativeProjection(
                plan=one.plan,
                therapy=one.plan.text,
                label=one.plan.label,
                t_years=t_years,
                relative=relative,
                lower=np.maximum(relative - below, 0.0),
                upper=relative + above,
                extrapolated=_extrapolated(age_years, years, treated=drugs),
                notes=one.notes,
                model_check=check_sentences(name for name in one.plan.therapies if name != "none" or not drugs),
                sources=("joerg2022", "joerg2022_program", *one.sources),
            )
        )
    return tuple(found)


def _months(years: float) -> Floats:
    """Monthly times from 0 to the horizon, which is always the last."""
    grid = np.arange(int(np.floor(years * 12.0 + 1e-9)) + 1) / 12.0
    return grid if abs(grid[-1] - years) < 1e-9 else np.append(grid, years)


def _extrapolated(age_years: float, years: float, *, treated: bool) -> str:
    youngest, oldest = ARM_AGES_YEARS
    end = age_years + years
    if treated and age_years < youngest:
        return (
            f"Extrapolated: the trials behind the {MODEL_LABEL} treated women of about {youngest:g} to {oldest:g}, "
            f"and treatment here starts at {int(age_years)}."
        )
    if end > oldest:
        return (
            f"Extrapolated: the trials behind the {MODEL_LABEL} followed women of about {youngest:g} to {oldest:g}, "
            f"and this projection ends at {int(end)}."
        )
    return ""
