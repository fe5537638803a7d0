"""Ask every room about one person and put the answers into one report. Nothing is calculated here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from osteon import __version__
from osteon.care.denosumab import EXIT_SOURCES
from osteon.care.old_scan import old_scan_warning
from osteon.care.result import CellTherapy, MonitoringStep, Option, RiskProfile, StandingDiagnosis
from osteon.care.studies.result import StudyMatch
from osteon.densitometry.result import Densitometry
from osteon.errors import ModelError
from osteon.evidence import cite
from osteon.person import Person, implied
from osteon.report.benefit import rows_of
from osteon.report.charts.age import age_picture
from osteon.report.plain import harm_rows
from osteon.report.result import Reference, Report
from osteon.risk.result import FractureRisk, ScreeningScore
from osteon.twin.result import Projection

INTERVAL = 0.9


def build_report(person: Person, *, years: float = 10, remarks: Sequence[str] = ()) -> Report:
    """Everything that Osteon can say about one person.

    Parameters
    ----------
    person
        The record.
    years
        How far to project the bone. Fracture risk is given for ten years, or for as many of these years as the
        tools allow.
    remarks
        What the reader of the person's file says about reading it, e.g. what it ignored and why.

    Returns
    -------
    Report
        Complete for every valid person: a part that cannot be answered is empty and ``warnings`` says why.
    """
    from osteon.care import (
        cell_therapy,
        denosumab_exit,
        monitoring,
        options,
        questions,
        risk_profile,
        standing_diagnosis,
    )
    from osteon.care.factor_size import with_sizes
    from osteon.care.fracture import fracture_risks
    from osteon.care.studies import match_studies
    from osteon.densitometry import assess
    from osteon.risk import screening_scores

    densitometry = assess(person)
    risk = fracture_risks(person, densitometry)
    found = options(person, densitometry, risk)
    return combine(
        person,
        densitometry=densitometry,
        standing=standing_diagnosis(person, densitometry, risk),
        risk=risk,
        screening=screening_scores(person),
        options=found,
        projection=_projection(person, found, years),
        cell_therapy=cell_therapy(person, densitometry),
        risk_profile=with_sizes(risk_profile(person, densitometry), person, densitometry),
        monitoring=monitoring(person, densitometry),
        questions=questions(person, densitometry, found),
        studies=match_studies(person, densitometry),
        remarks=remarks,
        alert=denosumab_exit(person),
    )


def _projection(person: Person, found: Sequence[Option], years: float) -> Projection:
    """The projection, or an empty one that says why the bone model cannot give it."""
    from osteon.care.projection import project_options

    try:
        return project_options(person, found, years=years, shorten=True, cells=True)
    except ModelError as refusal:
        return Projection(
            years=years,
            interval=INTERVAL,
            interval_meaning="",
            model=None,
            statement=None,
            therapies=(),
            warnings=(f"No projection: {'. '.join(part for part in (refusal.problem, refusal.mend) if part)}.",),
            sources=(),
        )


def combine(
    person: Person,
    *,
    densitometry: Densitometry,
    risk: Sequence[FractureRisk],
    screening: Sequence[ScreeningScore],
    options: Sequence[Option],
    projection: Projection,
    cell_therapy: CellTherapy,
    risk_profile: RiskProfile | None = None,
    monitoring: Sequence[MonitoringStep] = (),
    questions: Sequence[str] = (),
    studies: Sequence[StudyMatch] = (),
    remarks: Sequence[str] = (),
    alert: str = "",
    standing: Sequence[StandingDiagnosis] = (),
) -> Report:
    """Put the parts together, with the sources that they used and the warnings that they gave, each once."""
    used = [
        *densitometry.sources,
        *(one.source for one in standing),
        *(name for one in risk for name in one.sources),
        *(name for one in screening for name in one.sources),
        *(name for one in options for name in one.evidence.sources),
        *(advice.source for one in options for advice in one.guidelines),
        *(name for one in options for name in (*rows_of(one.therapy), *harm_rows(one.therapy))),
        *projection.sources,
        *cell_therapy.sources,
        *(name for claim in cell_therapy.claims for name in claim.sources),
        *(position.source for position in cell_therapy.regulators),
        *(name for step in monitoring for name in step.sources),
    ]
    if risk_profile is not None:
        used += [*risk_profile.sources, *(name for factor in risk_profile.factors for name in factor.sources)]
        used += [name for test in risk_profile.tests for name in test.sources]
    if alert:
        used += EXIT_SOURCES
    picture, _ = age_picture(person, densitometry.deciding_site)
    if picture is not None:
        used.append(picture.source)
    return Report(
        osteon=__version__,
        alert=alert,
        person=person,
        densitometry=densitometry,
        standing_diagnosis=tuple(standing),
        risk=tuple(risk),
        screening=tuple(screening),
        options=tuple(options),
        projection=projection,
        cell_therapy=cell_therapy,
        risk_profile=risk_profile,
        monitoring=tuple(monitoring),
        questions=tuple(questions),
        studies=tuple(studies),
        sources=_references(name for name in used if name),
        warnings=tuple(
            text
            for text in dict.fromkeys(
                [old_scan_warning(person), *implied(person), *densitometry.warnings, *projection.warnings]
            )
            if text
        ),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _references(names: Iterable[str]) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            number=number,
            key=one.key,
            authors=one.authors,
            year=one.year,
            title=one.title,
            published_in=one.published_in,
            link=one.link,
        )
        for number, one in enumerate(cite(names), start=1)
    )


def numbers_of(report: Report, names: Iterable[str]) -> tuple[int, ...]:
    """The numbers of the sources behind evidence rows or source keys, in order."""
    number = {one.key: one.number for one in report.sources}
    return tuple(sorted({number[one.key] for one in cite(name for name in names if name)}))
