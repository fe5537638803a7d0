"""What the clinician's report says, section by section, before it is laid out as page, PDF or terminal text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from osteon.care.result import CellTherapy, GuidelineAdvice, Option
from osteon.person import SITE_LABELS
from osteon.report.assemble import numbers_of
from osteon.report.charts.age import age_picture
from osteon.report.charts.projection import end_value
from osteon.report.common import RiskRow, notices, risk_rows, source_lines, unscored
from osteon.report.figure import Figure, Table
from osteon.report.figures import (
    age_figure,
    risk_figures,
    score_figure,
    site_table,
)
from osteon.report.patient import short_version
from osteon.report.projections import projected, projection_figure, projection_of
from osteon.report.result import Report
from osteon.report.words import (
    CERTAINTY_LABELS,
    DIAGNOSIS_LABELS,
    STANDING_LABELS,
    change,
    first_small,
    input_name,
    number,
    person_line,
    plain_list,
    readable,
    risk_span,
    runs,
    score,
    sentence,
    site_name,
    visible,
    years,
)

SHOWN_GAPS = 5
MAIN_STANDINGS = ("advised", "consider", "trial", "unclear", "baseline")


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option as text, for the table side by side and for the cards behind it."""

    label: str
    standing: str
    standing_key: str
    eligible: str
    recommendation: str
    reasons: tuple[str, ...]
    certainty: str
    certainty_reason: str
    summary: str
    projected: str
    change: str
    checks: str
    harms: str
    burden: str
    on_stopping: str
    references: str


@dataclass(frozen=True, slots=True)
class GuidelineRow:
    """One guideline row that this person triggers, with the options that it speaks about."""

    guideline: str
    who: str
    advice: str
    options: str
    applies: str
    reference: str


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One registered study that this person might take part in."""

    registration: str
    title: str
    status: str
    verdict: str
    reason: str
    link: str


@dataclass(frozen=True, slots=True)
class ClinicianView:
    """The whole report for a clinician."""

    title: str
    version: str
    label: str
    facts: tuple[tuple[str, str], ...]
    diagnosis: str
    diagnosis_key: str
    deciding: str
    reason: str
    scores: Figure | None
    sites: Table
    risk: tuple[RiskRow, ...]
    risk_figures: tuple[Figure, ...]
    notices: tuple[str, ...]
    risk_remarks: tuple[str, ...]
    screening: tuple[tuple[str, ...], ...]
    unscored: str
    not_recorded: str
    options: tuple[OptionRow, ...]
    set_aside: tuple[OptionRow, ...]
    experimental: tuple[OptionRow, ...]
    projected_header: str
    checks: tuple[str, ...]
    tell: tuple[str, ...]
    projection: Figure | None
    projection_absent: str
    statement: str
    projection_cautions: tuple[str, ...]
    age: Figure | None
    age_absent: str
    monitoring: tuple[tuple[str, str, str], ...]
    guidelines: tuple[GuidelineRow, ...]
    studies: tuple[StudyRow, ...]
    studies_notice: str
    studies_more: str
    references: dict[str, str]
    changes: tuple[str, ...]
    cell_therapy: CellTherapy
    warnings: tuple[str, ...]
    sources: tuple[tuple[int, str, str], ...]


def clinician_view(report: Report) -> ClinicianView:
    """Everything that the clinician's page, PDF and terminal text show, as text and figures."""
    densitometry = report.densitometry
    age, age_absent = age_figure(report, plain=False)
    rows = [(option, _option_row(report, option)) for option in report.options]
    return ClinicianView(
        title="Bone health report",
        version=report.osteon,
        label=visible(report.person.label or ""),
        facts=_facts(report),
        diagnosis=DIAGNOSIS_LABELS[densitometry.diagnosis],
        diagnosis_key=densitometry.diagnosis,
        deciding=_deciding(report),
        reason=densitometry.reason,
        scores=score_figure(report, plain=False),
        sites=site_table(densitometry),
        risk=risk_rows(report.risk),
        risk_figures=risk_figures(report, plain=False),
        notices=notices(report),
        risk_remarks=_risk_remarks(report),
        screening=tuple(
            (
                f"{one.tool} ({one.variant})" if one.variant else one.tool,
                number(one.score, 1).removesuffix(".0"),
                one.threshold,
                {True: "yes", False: "no", None: "not known"}[one.positive],
            )
            for one in report.screening
            if one.score is not None
        ),
        unscored=unscored(report.screening),
        not_recorded=sentence(plain_list(_missing(report))) if len(_missing(report)) > SHOWN_GAPS + 1 else "",
        options=tuple(row for option, row in rows if option.standing in MAIN_STANDINGS),
        set_aside=tuple(row for option, row in rows if option.standing in ("not now", "not suitable")),
        experimental=tuple(row for option, row in rows if option.standing == "experimental"),
        projected_header=_projected_header(report),
        checks=_checks(report),
        tell=short_version(report),
        projection=projection_figure(report, plain=False),
        projection_absent=next(iter(report.projection.warnings), "") if not report.projection.therapies else "",
        statement=report.projection.statement,
        projection_cautions=tuple(readable(one) for one in report.projection.warnings),
        age=age,
        age_absent=age_absent,
        monitoring=tuple((step.what, step.when, step.why) for step in report.monitoring),
        guidelines=_guidelines(report),
        studies=_studies(report),
        studies_notice=next((one.notice for one in report.studies), ""),
        studies_more=_studies_more(report),
        references={part: _references(report, names) for part, names in _cited(report).items()},
        changes=tuple(one.sentence for one in densitometry.changes),
        cell_therapy=report.cell_therapy,
        warnings=tuple(visible(readable(one)) for one in report.warnings),
        sources=source_lines(report, [name for names in _cited(report).values() for name in names]),
    )


def _facts(report: Report) -> tuple[tuple[str, str], ...]:
    person, scan = report.person, report.person.latest_scan
    facts = [("Person", person_line(person)), ("Record", person.id or "")]
    if scan is not None:
        facts += [("Scan", scan.date.isoformat()), ("Scanner", scan.device or "not recorded")]
    if person.height_cm is not None and person.weight_kg is not None and person.bmi is not None:
        body = f"{person.height_cm:g} cm, {person.weight_kg:g} kg, BMI {number(person.bmi, 1)}"
        facts.append(("Body", body))
    if person.menopause_age_years is not None:
        facts.append(("Menopause", f"at {person.menopause_age_years:g}"))
    return tuple((term, visible(value)) for term, value in facts if value)


def _deciding(report: Report) -> str:
    densitometry = report.densitometry
    if densitometry.deciding_site is None:
        return ""
    name = site_name(densitometry.deciding_site, densitometry.deciding_side)
    if densitometry.rule == "Z-score":
        return f"{name}, Z-score {score(densitometry.lowest_z_score)}"
    return f"{name}, T-score {score(densitometry.lowest_t_score)}"


def _projected_header(report: Report) -> str:
    curves = projected(report)
    if not curves:
        return ""
    unit = "g/cm²" if curves[0].unit == "g/cm2" else "% of today"
    return f"{SITE_LABELS[curves[0].site]} after {years(report.projection.years)}, {unit}"


def _option_row(report: Report, option: Option) -> OptionRow:
    curve = projection_of(report, option)
    return OptionRow(
        label=option.label,
        standing=STANDING_LABELS[option.standing],
        standing_key=option.standing.replace(" ", "-"),
        eligible={True: "Yes", False: "No", "uncertain": "Uncertain"}[option.eligible],
        recommendation=option.recommendation,
        reasons=option.reasons,
        certainty=CERTAINTY_LABELS[option.evidence.certainty],
        certainty_reason=option.evidence.certainty_reason,
        summary=option.evidence.summary,
        projected=end_value(curve) if curve else "",
        change=change(curve.median[0], curve.median[-1]) if curve else "",
        checks=sentence(plain_list(option.checks)),
        harms=sentence("; ".join([*option.harms[:1], *map(first_small, option.harms[1:])])),
        burden=option.burden,
        on_stopping=option.on_stopping,
        references=_references(report, option.evidence.sources),
    )


def _references(report: Report, names: Iterable[str]) -> str:
    return runs(numbers_of(report, names))


def _checks(report: Report) -> tuple[str, ...]:
    """What to look up or measure: what the risk tools lacked, what the options need, tests for a hidden cause."""
    lines = []
    missing = _missing(report)
    if missing:
        more = f" and {len(missing) - SHOWN_GAPS} more" if len(missing) > SHOWN_GAPS + 1 else ""
        named = plain_list(missing) if not more else ", ".join(missing[:SHOWN_GAPS])
        lines.append(f"Not recorded, and asked for by the fracture-risk tools: {named}{more}")
    considered = [one for one in report.options if one.standing in ("advised", "consider", "trial", "unclear")]
    settle = {
        name: tuple(option.label for option in considered if name in _deciding_gaps(option))
        for name in dict.fromkeys(name for option in considered for name in _deciding_gaps(option))
    }
    for labels in sorted(dict.fromkeys(settle.values()), key=len, reverse=True):
        names = [name for name, needing in settle.items() if needing == labels]
        lines.append(f"Would settle {_named(labels)}: {plain_list(names)}")
    common = [
        check
        for check in dict.fromkeys(check for option in considered for check in option.checks)
        if sum(check in option.checks for option in considered) >= 3 and check not in settle
    ]
    if common:
        lines.append(f"Before most medicines: {plain_list(common)}")
    lines += report.densitometry.advice
    if report.risk_profile is not None:
        tests = [first_small(one.name) for one in report.risk_profile.tests if not one.done]
        if tests:
            lines.append(f"Tests to consider for a hidden cause: {', '.join(tests)}")
    return tuple(sentence(line) for line in lines)


def _missing(report: Report) -> list[str]:
    """What the fracture-risk tools ask for and the record does not hold."""
    return list(dict.fromkeys(input_name(name) for one in report.risk for name in one.inputs_missing))


def _deciding_gaps(option: Option) -> tuple[str, ...]:
    """What is missing from the record and decides whether a guideline row applies."""
    return tuple(name for advice in option.guidelines if advice.applies is not True for name in advice.missing)


def _named(labels: Sequence[str]) -> str:
    """Options by name, or how many they are when the names would fill the line."""
    return plain_list(map(first_small, labels)) if len(labels) <= 3 else f"{len(labels)} options"


def _risk_remarks(report: Report) -> tuple[str, ...]:
    """What each tool says about its own answer, once a tool."""
    first: dict[str, str] = {}
    for one in report.risk:
        if risk_span(one) is not None and one.reason:
            first.setdefault(one.tool, readable(one.reason))
    return tuple(f"{tool}: {reason}" for tool, reason in first.items())


def _cited(report: Report) -> dict[str, list[str]]:
    """The evidence rows and source keys behind each part of the page."""
    picture, _ = age_picture(report.person, report.densitometry.deciding_site)
    profile = report.risk_profile
    shown = [one for one in report.options if one.standing in MAIN_STANDINGS]
    return {
        "diagnosis": list(report.densitometry.sources),
        "risk": [name for one in report.risk if risk_span(one) for name in one.sources],
        "screening": [name for one in report.screening if one.score is not None for name in one.sources],
        "options": [name for one in shown for name in one.evidence.sources],
        "guidelines": [advice.source for one in report.options for advice in one.guidelines],
        "projection": list(report.projection.sources),
        "age": [picture.source] if picture else [],
        "checks": [name for test in profile.tests if not test.done for name in test.sources] if profile else [],
        "monitoring": [name for step in report.monitoring for name in step.sources],
        "cells": [*report.cell_therapy.sources, *(name for one in report.cell_therapy.claims for name in one.sources)],
    }


def _guidelines(report: Report) -> tuple[GuidelineRow, ...]:
    """Each guideline row once, those that apply first, with the options that it speaks about."""
    spoken: dict[GuidelineAdvice, list[str]] = {}
    for option in report.options:
        for advice in option.guidelines:
            spoken.setdefault(advice, []).append(option.label)
    medicines = len([one for one in report.options if one.group in ("antiresorptive", "anabolic")])
    return tuple(
        GuidelineRow(
            guideline=f"{advice.guideline} {advice.year}, {advice.strength}",
            who=advice.who,
            advice=advice.advice,
            options="most medicines" if len(labels) > medicines / 2 else plain_list(labels),
            applies="Applies" if advice.applies is True else f"Depends on {plain_list(advice.missing)}",
            reference=_references(report, [advice.source]),
        )
        for advice, labels in sorted(spoken.items(), key=lambda entry: entry[0].applies is not True)
    )


_RUNNING = ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING")


def _studies(report: Report) -> tuple[StudyRow, ...]:
    """The registered studies that are running and not plainly closed to this person."""
    return tuple(
        StudyRow(
            registration=one.registration_id,
            title=one.title,
            status=f"{one.status.replace('_', ' ').lower()} on {one.status_as_of or 'a date that is not known'}",
            verdict=one.verdict,
            reason=next((criterion.reason for criterion in one.criteria if criterion.verdict != "eligible"), ""),
            link=one.link,
        )
        for one in report.studies
        if one.verdict != "not eligible" and one.status in _RUNNING
    )


def _studies_more(report: Report) -> str:
    """How many other studies were looked at, as a sentence."""
    if not report.studies:
        return ""
    shown = sum(one.verdict != "not eligible" and one.status in _RUNNING for one in report.studies)
    return (
        f"{len(report.studies)} registered studies were compared with the record; {shown} are known to be running and "
        "not plainly closed to this person."
    )
