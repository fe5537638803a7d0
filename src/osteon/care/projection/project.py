"""The bone model's projection of one person: three sites under each regimen, anchored to the person's own scans.

The personal fit says how people with this record differ, and the validation how far the model was from trial results
that it had not seen. Both make the drawn band; the parts are kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.care.denosumab import denosumab_exit
from osteon.care.projection.anchor import Anchor, find_anchors, unmeasured
from osteon.care.projection.bands import INTERVAL, INTERVAL_MEANING, SiteBand, site_band
from osteon.care.projection.cells import add_cells, cell_sources, has_cells
from osteon.care.projection.choice import Choice, ShownAs
from osteon.care.projection.denosumab_paths import (
    STOP_SOURCES,
    leaves_denosumab_uncovered,
    not_for_coming_off,
    stop_warning,
    withheld_reason,
)
from osteon.care.projection.extrapolated import why_extrapolated
from osteon.care.projection.fractures import HipPaths, PathFracture, fracture_sources, path_fractures
from osteon.care.projection.medicines import medicines_of, without_what_is_taken
from osteon.care.projection.record import RecordForModel, read_record, with_record
from osteon.care.projection.steroids import steroid_note
from osteon.densitometry import assess
from osteon.densitometry.result import Densitometry
from osteon.errors import ModelError, UsageError
from osteon.evidence import THERAPIES
from osteon.person import Person
from osteon.twin.osteon_model.history import OLDEST_YEARS
from osteon.twin.osteon_model.project import LONGEST_YEARS
from osteon.twin.osteon_model.regimens import model_regimen
from osteon.twin.osteon_model.sites import SITES, SiteName
from osteon.twin.osteon_model.track_record import followed_years, track_records
from osteon.twin.personalise import Posterior, fit_person
from osteon.twin.personalise.changes import project_changes
from osteon.twin.result import FractureProjection, PersonalFit, Projection, TherapyProjection
from osteon.twin.therapies.build import BuiltRegimen

Floats = NDArray[np.float64]

PEOPLE = 500
"""Size of the simulated population of a report's fit: rougher than the fit's own default, and quicker."""

ENOUGH, ROUNDS = 40.0, 1
"""Below this effective sample size more people are drawn around this one, once."""

EVERY_MONTHS = 3

NO_CELL_FRACTURE = "No effect of cells on fractures is known."


def statement() -> str:
    """What the projection is and how far it can be trusted, in plain words."""
    return (
        "Osteon's own bone model, run for simulated people who share this record and anchored to the person's own "
        "scan. It was fitted to published trials and judged on trial results that it had not seen; how far off it "
        "was stands beside each therapy. It is not a forecast for one person, and medicines must not be ranked by "
        "it: the bands overlap. In older people the reading of the spine holds or rises with wear of its joints "
        "while bone is lost, and the curve of the spine with it: read loss from the hip. Without treatment, "
        "fracture risk follows the density of the femoral neck as it changes, so it can differ a little from the "
        "risk that today's density alone gives. What a medicine takes off follows from how much more total-hip "
        "density it holds than no treatment, by the link seen across trials; without a medicine, risk follows "
        "density alone."
    )


@dataclass(frozen=True, slots=True)
class _Path:
    """One regimen of one person: its bands by site, and what has to be said of it."""

    built: BuiltRegimen
    bands: Mapping[SiteName, SiteBand]
    fracture: PathFracture
    caution: str
    extrapolated: str
    shown_as: ShownAs


@dataclass(frozen=True, slots=True)
class _Fitted:
    """One person as the model sees them."""

    person: Person
    bone: Densitometry
    record: RecordForModel
    posterior: Posterior
    t_years: Floats


def project_person(
    person: Person,
    therapies: Sequence[str],
    *,
    years: float = 10.0,
    every_months: int = EVERY_MONTHS,
    choice: Choice | None = None,
) -> Projection:
    """Density of spine, total hip and femoral neck of one person under each regimen.

    Parameters
    ----------
    person
        The record. What it holds of sex, age, menopause, habits, medicines, markers, scans and past treatment shapes
        the curves; what it holds and the model cannot use is named in ``fit.not_used``.
    therapies
        Regimens as written, e.g. ``none``, ``denosumab:24,alendronate``; one that stands twice is projected once.
    years, every_months
        How far, above 0, and how often; the age at the end must not exceed 100.
    choice
        How each regimen is to be shown and what was set aside, from :func:`osteon.care.projection.choose`.

    Returns
    -------
    Projection
        For each regimen in the order asked, lumbar spine, total hip and femoral neck: in g/cm² where the site was
        measured (or its density follows from a printed T-score), otherwise in percent of today.

    Raises
    ------
    UsageError
        A therapy that does not exist, an impossible duration, dose interval or horizon.
    ModelError
        An age outside the model, or a record that no simulated person shares.
    """
    plans = _plans(therapies)
    _check_horizon(person, years)
    record = read_record(person)
    bone = assess(person)
    posterior = fit_person(record.data, people=PEOPLE, enough=ENOUGH, rounds=ROUNDS)
    fitted = _Fitted(person, bone, record, posterior, _times(years, every_months))
    anchors = find_anchors(person, bone)
    paths = _paths(fitted, plans, choice)
    coming_off = bool(denosumab_exit(person))
    warnings = (
        *((not_for_coming_off(),) if coming_off else ()),
        *(one.caution for one in paths),
        *unmeasured(list(anchors.values())),
        *(one.extrapolated for one in paths),
        without_what_is_taken([one.plan for one in plans], person),
        *(note for one in plans for note in one.notes),
        steroid_note(posterior, record, fitted.t_years),
        *record.not_used,
        *posterior.notes,
    )
    stops = coming_off or any(one.caution for one in paths)
    return Projection(
        years=years,
        interval=INTERVAL,
        interval_meaning=INTERVAL_MEANING,
        model="osteon",
        statement=statement(),
        therapies=tuple(_curve(one, anchors[site], fitted) for one in paths for site in SITES),
        warnings=tuple(dict.fromkeys(text for text in warnings if text)),
        sources=tuple(
            dict.fromkeys(
                [
                    *_sources(posterior, plans, anchors, stops=stops),
                    *fracture_sources([one.fracture for one in paths]),
                ]
            )
        ),
        set_aside=choice.set_aside if choice is not None else (),
        fit=PersonalFit(
            people=PEOPLE,
            effective_sample_size=round(posterior.effective, 1),
            refined=posterior.refined,
            used=record.used,
            not_used=(*record.not_used, *posterior.notes),
        ),
    )


def _plans(therapies: Sequence[str]) -> list[BuiltRegimen]:
    first: dict[str, BuiltRegimen] = {}
    for text in therapies:
        one = model_regimen(text)
        first.setdefault(one.plan.label, one)
    return list(first.values())


def _check_horizon(person: Person, years: float) -> None:
    if not 0.0 < years <= LONGEST_YEARS:
        raise UsageError(
            f"a projection over {years:g} years is not possible", mend=f"Write a number above 0 up to {LONGEST_YEARS:g}"
        )
    if person.age_years >= OLDEST_YEARS:
        raise ModelError(
            f"the bone model ends at {OLDEST_YEARS:g} years of age, and this person is {person.age_years:g}",
            mend="There is no projection beyond that age; diagnosis and options need none",
        )
    end = person.age_years + years
    if end > OLDEST_YEARS:
        raise ModelError(
            f"the projection would end at {end:g} years, beyond the bone model's {OLDEST_YEARS:g}",
            mend=f"Ask for at most {max(OLDEST_YEARS - person.age_years, 0.0):g} years",
        )


def _times(years: float, every_months: int) -> Floats:
    """From 0 to the horizon, which is always the last."""
    return np.append(np.arange(0.0, years - 1e-6, every_months / 12.0), years)


def _paths(fitted: _Fitted, plans: Sequence[BuiltRegimen], choice: Choice | None) -> list[_Path]:
    """Each regimen's course, with the fracture risk along it and what makes it unsafe."""
    # The path without treatment is needed for the fracture risk of the others, also where nobody asked for it.
    whole = [*plans, model_regimen("none")]
    medicines = [model_regimen(medicines_of(one.plan)) for one in whole]
    bands = _bands(fitted, [*whole, *medicines])
    years, coming_off = float(fitted.t_years[-1]), bool(denosumab_exit(fitted.person))
    hips = [
        HipPaths(own["femoral_neck"].median, by_medicine["total_hip"].median, frozenset(plan.plan.therapies))
        for plan, own, by_medicine in zip(whole, bands[: len(whole)], bands[len(whole) :], strict=True)
    ]
    fractures = path_fractures(
        fitted.person,
        fitted.bone,
        hips,
        untreated=hips[-1],
        t_years=fitted.t_years,
        years=years,
    )
    paths = []
    for plan, own, fracture in zip(plans, bands, fractures, strict=False):
        unsafe = leaves_denosumab_uncovered(plan.plan, was_on_denosumab=coming_off)
        withheld = withheld_reason() if unsafe else NO_CELL_FRACTURE if has_cells(plan) else ""
        paths.append(
            _Path(
                built=plan,
                bands=own,
                fracture=PathFracture(None, None, withheld) if withheld else fracture,
                caution=stop_warning(plan.plan.label) if unsafe else "",
                extrapolated=why_extrapolated(
                    fitted.person, fitted.bone, plan.plan.therapies, years, treated=bool(plan.regimen.courses)
                ),
                shown_as="asked" if choice is None else choice.regimens.get(plan.plan.text, "asked"),
            )
        )
    return paths


def _bands(fitted: _Fitted, plans: Sequence[BuiltRegimen]) -> list[dict[SiteName, SiteBand]]:
    """The change relative to today of each regimen, by site. Regimens that ask for the same doses are run once."""
    regimens = [with_record(one.regimen, fitted.record) for one in plans]
    distinct = list({one.courses: one for one in regimens}.values())
    place_of = {one.courses: place for place, one in enumerate(distinct)}
    changes = np.exp(project_changes(fitted.posterior, distinct, fitted.t_years))
    relative = changes[[place_of[one.courses] for one in regimens]]
    added = add_cells(relative, plans, fitted.posterior.data, fitted.t_years)
    return [
        {
            site: site_band(
                relative[number, place],
                one.plan.therapies,
                site,
                fitted.t_years,
                cells=added[number][place] if number in added else None,
            )
            for place, site in enumerate(SITES)
        }
        for number, one in enumerate(plans)
    ]


def _curve(path: _Path, anchor: Anchor, fitted: _Fitted) -> TherapyProjection:
    band, plan = path.bands[anchor.site], path.built.plan
    scale = anchor.bmd_g_cm2 if anchor.bmd_g_cm2 is not None else 100.0
    scores = anchor.t_scores(band.median)
    return TherapyProjection(
        therapy=plan.text,
        label=plan.label,
        site=anchor.site,
        t_years=_tuple(fitted.t_years),
        median=_tuple(scale * band.median),
        lower=_tuple(scale * band.drawn.lower),
        upper=_tuple(scale * band.drawn.upper),
        t_score=None if scores is None else _tuple(scores),
        unit="g/cm2" if anchor.bmd_g_cm2 is not None else "percent of today",
        fracture=FractureProjection(
            major_osteoporotic_percent=path.fracture.major_osteoporotic, hip_percent=path.fracture.hip
        ),
        hypothetical=any(THERAPIES[name].hypothetical for name in plan.therapies),
        fracture_reason=path.fracture.reason,
        caution=path.caution,
        model_check="\n".join(track_records(plan.therapies, fitted.person.sex)),
        extrapolated=path.extrapolated,
        followed_years=followed_years(plan.therapies),
        shown_as=path.shown_as,
        parts=band.parts(scale),
    )


def _sources(
    posterior: Posterior, plans: Sequence[BuiltRegimen], anchors: Mapping[SiteName, Anchor], *, stops: bool
) -> list[str]:
    used = ["osteon_calibration", *posterior.sources, *(name for one in plans for name in one.sources)]
    used += [name for one in anchors.values() if one.reference is not None for name in one.reference.evidence]
    used += cell_sources(plans)
    return used + list(STOP_SOURCES if stops else ())


def _tuple(numbers: Floats) -> tuple[float, ...]:
    return tuple(float(one) for one in np.round(numbers, 6))
