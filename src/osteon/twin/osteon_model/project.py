"""Project three sites under any therapy, relative to today, for a woman or a man.

The counterpart of :func:`osteon.twin.project.project_relative` for Osteon's own model: same arguments, one more
dimension (the site), and a band that says how far the model was from published trials that it had not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError, UsageError
from osteon.person import Sex
from osteon.twin.engine.regimen import NO_TREATMENT
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model.cell_therapy import SOURCES
from osteon.twin.osteon_model.history import OLDEST_YEARS
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.parameters import TRAITS
from osteon.twin.osteon_model.regimens import model_regimen
from osteon.twin.osteon_model.sites import BMD, SITES, SiteName
from osteon.twin.osteon_model.unseen import path_kind, unseen_band

Floats = NDArray[np.float64]

LONGEST_YEARS = 75.0
TRIAL_AGES_YEARS = (50.0, 85.0)
"""Ages covered by the trials behind the drug parameters."""


@dataclass(frozen=True, slots=True)
class SiteProjection:
    """BMD of one site relative to today under one regimen, at ``J`` monthly times from 0.

    Attributes
    ----------
    therapy, label, site
        The regimen as written and in words, and the site.
    t_years, relative
        Years from today and BMD divided by BMD today, ``(J,)``.
    lower, upper
        ``relative`` with the 90 % band of the model's error on trials that it had not seen, which grows with the
        square root of time.
    extrapolated
        Why this lies outside what the trials covered; empty when it does not.
    hypothetical
        Whether the therapy has no shown effect on bone in people.
    notes, sources
        What a reader should know about the doses; names of evidence rows and sources.
    """

    therapy: str
    label: str
    site: SiteName
    t_years: Floats
    relative: Floats
    lower: Floats
    upper: Floats
    extrapolated: str
    hypothetical: bool
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def project_sites(
    age_years: float,
    therapies: Sequence[str],
    *,
    years: float = 10.0,
    sex: Sex = "female",
    traits: Mapping[str, float] | None = None,
    parameters: Mapping[str, float] | None = None,
) -> tuple[SiteProjection, ...]:
    """Project spine, total hip and femoral neck under several therapies.

    Parameters
    ----------
    age_years
        Age today, 20 to 100.
    therapies
        Regimens as written, e.g. ``none``, ``zoledronate``, ``romosozumab,denosumab:24,alendronate``.
    years
        How far, above 0; the age at the end must not exceed 100.
    sex
        Sets the hormones, the osteophytes and nothing else.
    traits
        What is known of the person; see :data:`osteon.twin.osteon_model.parameters.TRAITS`.
    parameters
        Overrides of model parameters, for a person's own fit or for draws.

    Returns
    -------
    For each therapy in the order asked, the three sites.

    Raises
    ------
    UsageError
        An unknown therapy or trait, an impossible duration or horizon.
    ModelError
        An age outside the model.
    """
    if not 0.0 < years <= LONGEST_YEARS:
        raise UsageError(
            f"a projection over {years:g} years is not possible", mend=f"Write a number above 0 up to {LONGEST_YEARS:g}"
        )
    if age_years + years > OLDEST_YEARS:
        raise ModelError(
            f"the projection would end at {age_years + years:g} years, beyond the bone model's {OLDEST_YEARS:g}",
            mend=f"Ask for at most {max(OLDEST_YEARS - age_years, 0.0):g} years",
        )
    if unknown := [name for name in traits or {} if name not in TRAITS]:
        raise UsageError(f"there is no trait called {unknown[0]!r}", mend=f"Known: {', '.join(TRAITS)}")
    built = [model_regimen(text) for text in therapies]
    person = {**(parameters or {}), **(traits or {}), "male": 1.0 if sex == "male" else 0.0}
    t_years = _months(years)
    model = OsteonModel()
    initial = model.initial_state(np.array([age_years]), {**model.parameters, **person})
    found = []
    for one in built:
        run = simulate(
            model,
            [age_years],
            one.regimen if one.regimen.courses else NO_TREATMENT,
            output_years=t_years,
            observe=BMD,
            parameters=person,
            initial_state=initial,
            backend="float",
        ).require_ok()
        for site in SITES:
            bmd = run.observables[f"bmd_{site}"][0]
            relative = bmd / bmd[0]
            band = unseen_band(path_kind(one.regimen.drugs), site).half_width(t_years)
            found.append(
                SiteProjection(
                    therapy=one.plan.text,
                    label=one.plan.label,
                    site=site,
                    t_years=t_years,
                    relative=relative,
                    lower=np.maximum(relative - band, 0.0),
                    upper=relative + band,
                    extrapolated=extrapolation(age_years, years, treated=bool(one.regimen.courses)),
                    hypothetical=any(name in SOURCES for name in one.plan.therapies),
                    notes=one.notes,
                    sources=("osteon_calibration", *one.sources),
                )
            )
    return tuple(found)


def _months(years: float) -> Floats:
    """Monthly times from 0 to the horizon, which is always the last."""
    grid = np.arange(int(np.floor(years * 12.0 + 1e-9)) + 1) / 12.0
    return grid if abs(grid[-1] - years) < 1e-9 else np.append(grid, years)


def extrapolation(age_years: float, years: float, *, treated: bool) -> str:
    """Why a projection lies outside the ages of the trials; empty when it does not.

    Parameters
    ----------
    age_years, years
        Age today, and how far.
    treated
        Whether anything is given.
    """
    youngest, oldest = TRIAL_AGES_YEARS
    end = age_years + years
    if treated and age_years < youngest:
        return f"Extrapolated: the trials treated people of {youngest:g} and older; this starts at {int(age_years)}."
    if end > oldest:
        return f"Extrapolated: few people in the trials were older than {oldest:g}; this ends at {int(end)}."
    return ""
