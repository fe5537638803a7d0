"""Project one person's posterior under regimens, and keep the kinds of uncertainty apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.errors import UsageError
from osteon.twin.engine.model import DAYS_PER_YEAR
from osteon.twin.engine.regimen import Course, Infusion, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model import LONG_STEPS, OsteonModel
from osteon.twin.osteon_model.sites import BMD, SITES, SiteName
from osteon.twin.personalise.data import PersonData
from osteon.twin.personalise.fit import Posterior
from osteon.twin.personalise.likelihood import precision, response
from osteon.twin.personalise.parameter_draws import stored_draws
from osteon.twin.variability.draws import normals
from osteon.twin.variability.traits import model_parameters, trait_values

Floats = NDArray[np.float64]

STUDY = "projection"


@dataclass(frozen=True, slots=True)
class Range:
    """Lower and upper end of an interval at each time, ``(J,)``."""

    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class SiteProjection:
    """BMD in g/cm² of one site under one regimen, ``J`` times.

    Attributes
    ----------
    regimen, site
        What is projected.
    t_years
        Years from now.
    median
        The middle of what is possible.
    people
        What the data leave open about this person: people with the same data differ so much.
    parameters
        What the calibration leaves open about the bone model, for a typical person, around the median; none when there
        are no draws of the parameters.
    total
        Both together: where the person's true BMD is expected.
    measured
        ``total`` and the precision error of one scan: what a scan would show.
    samples
        Draws of the true BMD, ``(samples, J)``, parameter uncertainty included.
    """

    regimen: str
    site: SiteName
    t_years: Floats
    median: Floats
    people: Range
    parameters: Range | None
    total: Range
    measured: Range
    samples: Floats


def project_person(
    posterior: Posterior,
    regimens: Sequence[Regimen],
    *,
    years: float = 10.0,
    every_months: int = 3,
    interval: float = 0.9,
    parameter_draws: Mapping[str, Floats] | None = None,
) -> tuple[SiteProjection, ...]:
    """Project a person's BMD at the three sites under each regimen.

    Parameters
    ----------
    posterior
        From :func:`osteon.twin.personalise.fit_person`.
    regimens
        What is given from now on (day 0). Past treatment ends now unless a regimen gives it again.
    years, every_months
        How far, and how often.
    interval
        The share that every band holds, 0.9 by default.
    parameter_draws
        By name, equally likely values of the bone model's parameters, ``(draws,)`` each. The ones that the calibration
        left by default, an empty mapping for none.

    Returns
    -------
    Regimen by regimen, each with lumbar spine, total hip and femoral neck.

    Raises
    ------
    UsageError
        The horizon, the interval or the draws are not possible.
    ModelError
        A run gave no finite answer.
    """
    if not (0.0 < years <= 75.0 and 0.0 < interval < 1.0 and every_months >= 1):
        raise UsageError("years must be above 0 and up to 75, the interval between 0 and 1, and every_months 1 or more")
    if posterior.data.age_years + years > 100.0:
        raise UsageError(
            f"the projection would end at {posterior.data.age_years + years:g} years of age",
            mend=f"Write at most {100.0 - posterior.data.age_years:g} years",
        )
    times = np.append(np.arange(0.0, years - 1e-9, every_months / 12.0), years)
    parameter_draws = stored_draws() if parameter_draws is None else parameter_draws
    names = set(parameter_draws or {}) - set(OsteonModel().parameters)
    if names:
        raise UsageError(f"the bone model has no parameter called {', '.join(sorted(names))}")
    found: list[SiteProjection] = []
    typical = _typical(posterior, parameter_draws) if parameter_draws else None
    for regimen in regimens:
        whole = whole_regimen(posterior, regimen)
        logs = _people(posterior, whole, times)
        shift = None if typical is None else _parameters(posterior.data, whole, times, typical)
        for number, site in enumerate(SITES):
            own = None if shift is None else shift[number]
            found.append(_site((regimen.name, site), times, logs[number], own, interval))
    return tuple(found)


def whole_regimen(posterior: Posterior, regimen: Regimen) -> Regimen:
    """Past and future courses on one clock that starts with the past."""
    by = (posterior.data.age_years - posterior.data.start_years) * DAYS_PER_YEAR
    if by == 0.0:
        return regimen
    past = tuple(cut for course in posterior.data.past.courses if (cut := _until(course, by)) is not None)
    return Regimen(regimen.name, (*past, *(course.shifted(by) for course in regimen.courses)))


def _until(course: Course, day: float) -> Course | None:
    """What of a past course was given before this day, none when nothing was."""
    if isinstance(course, Infusion):
        return replace(course, end_day=min(course.end_day, day)) if course.start_day < day else None
    given = sum(when < day for when in course.days(day))
    return replace(course, doses=given) if given else None


def _people(posterior: Posterior, whole: Regimen, times: Floats) -> Floats:
    """Log BMD under a regimen, ``(3, samples, J)``."""
    data, draws = posterior.data, posterior.draws
    run = simulate(
        OsteonModel(),
        np.full(draws.count, data.start_years),
        whole,
        output_years=times + (data.age_years - data.start_years),
        observe=BMD,
        parameters=draws.parameters(),
        dose_multipliers=response(whole.drugs, draws),
        initial_state=draws.lives.states_at(data.start_years),
        step_scale=LONG_STEPS,
    ).require_ok()
    of_model = np.log(np.stack([run.observables[name] for name in BMD]))
    each = [posterior.log_bmd(of_model[:, :, j], data.age_years + time) for j, time in enumerate(times)]
    return np.stack([one.reshape(len(SITES), -1) for one in each], axis=-1)


def _typical(posterior: Posterior, draws: Mapping[str, Floats]) -> tuple[dict[str, Any], Floats]:
    """The person in the middle of the posterior under each draw of the parameters: overrides, and untreated states."""
    data, model = posterior.data, OsteonModel()
    middle = np.mean(posterior.draws.z, axis=1)[:, None]
    traits = {name: float(found[0]) for name, found in trait_values(middle).items()}
    moved = model_parameters(data.sex, traits, data.fixed)
    for name, values in draws.items():
        # A trait multiplies a parameter: the draw takes the nominal value's place under the same trait.
        nominal = model.parameters[name]
        factor = float(moved[name]) / nominal if name in moved and nominal else 1.0
        moved[name] = np.asarray(values, dtype=np.float64) * factor
    count = len(next(iter(draws.values())))
    return moved, model.initial_state(np.full(count, data.start_years), {**model.parameters, **moved})


def _parameters(data: PersonData, whole: Regimen, times: Floats, typical: tuple[dict[str, Any], Floats]) -> Floats:
    """How the log change of a typical person moves with the parameters, around its median: ``(3, draws, J)``."""
    moved, states = typical
    run = simulate(
        OsteonModel(),
        np.full(states.shape[1], data.start_years),
        whole,
        output_years=times + (data.age_years - data.start_years),
        observe=BMD,
        parameters=moved,
        initial_state=states,
        step_scale=LONG_STEPS,
    ).require_ok()
    logs = np.log(np.stack([run.observables[name] for name in BMD]))
    change = logs - logs[:, :, :1]
    return np.asarray(change - np.median(change, axis=1, keepdims=True))


def _site(
    what: tuple[str, SiteName], times: Floats, people: Floats, shift: Floats | None, interval: float
) -> SiteProjection:
    name, site = what
    count = len(people)
    both = people if shift is None else people + shift[np.arange(count) % len(shift)]
    scan = precision(site) * normals(STUDY, f"scan of {site}", np.arange(count), 1)[0]
    median = np.exp(np.median(both, axis=0))

    def band(logs: Floats) -> Range:
        lower, upper = np.quantile(logs, [0.5 - interval / 2.0, 0.5 + interval / 2.0], axis=0)
        return Range(np.exp(lower), np.exp(upper))

    return SiteProjection(
        regimen=name,
        site=site,
        t_years=times,
        median=median,
        people=band(people),
        parameters=None if shift is None else band(np.log(median) + shift),
        total=band(both),
        measured=band(both + scan[:, None]),
        samples=np.exp(both),
    )
