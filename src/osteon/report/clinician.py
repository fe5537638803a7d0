"""What the clinician's report says, section by section, before it is laid out as page, PDF or terminal text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from osteon.care.result import CellTherapy
from osteon.evidence import THERAPIES
from osteon.person import SITE_LABELS, Treatment, old_scan_years
from osteon.report.cards import compact_cards
from osteon.report.charts.age import age_picture
from osteon.report.checklist import all_missing, checks
from osteon.report.common import UNRANKED, notices, source_lines
from osteon.report.factors import FactorRow, factor_notes, factor_rows, gap_sentence, medicine_rows
from osteon.report.figure import Figure, Table
from osteon.report.figures import (
    age_figure,
    risk_figures,
    score_figure,
)
from osteon.report.patient_short import short_version
from osteon.report.projection_figures import cells_table, cells_words, gain_figure, projection_figure, site_tables
from osteon.report.projections import general_warnings, projected, shaped_by, shown_projection
from osteon.report.result import Report
from osteon.report.risks import FAR_APART, RiskRow, far_apart, risk_basis, risk_rows, treated_note, unscored
from osteon.report.rows import (
    GuidelineRow,
    OptionRow,
    StudyRow,
    guideline_gaps,
    guideline_rows,
    option_row,
    references,
    studies_more,
    study_rows,
)
from osteon.report.sites import site_table
from osteon.report.words import (
    DIAGNOSIS_LABELS,
    aside,
    beside_curves,
    dated,
    number,
    person_line,
    readable,
    risk_span,
    score,
    site_name,
    track_records,
    visible,
    years,
)

MAIN_STANDINGS = ("advised", "consider", "trial", "unclear", "baseline")


@dataclass(frozen=True, slots=True)
class ClinicianView:
    """The whole report for a clinician."""

    alert: str
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
    cards: tuple[OptionRow, ...]
    set_aside: tuple[OptionRow, ...]
    set_aside_reasons: tuple[tuple[str, str, str], ...]
    experimental: tuple[OptionRow, ...]
    projected_header: str
    projected_where: str
    unranked: str
    checks: tuple[str, ...]
    tell: tuple[str, ...]
    gains: Figure | None
    gain_tables: tuple[Table, ...]
    projection: Figure | None
    projection_absent: str
    statement: str
    shaped_by: str
    not_used: tuple[str, ...]
    not_drawn: tuple[tuple[str, str], ...]
    projection_cautions: tuple[str, ...]
    track_records: tuple[str, ...]
    cells_table: Table | None
    cells_words: str
    age: Figure | None
    age_absent: str
    risk_factors: tuple[FactorRow, ...]
    factor_gaps: str
    factor_notes: tuple[str, ...]
    costly_medicines: tuple[tuple[str, str], ...]
    monitoring: tuple[tuple[str, str, str], ...]
    guidelines: tuple[GuidelineRow, ...]
    guideline_gaps: str
    studies: tuple[StudyRow, ...]
    studies_notice: str
    studies_more: str
    references: dict[str, str]
    changes: tuple[str, ...]
    standing: tuple[str, ...]
    cell_therapy: CellTherapy
    warnings: tuple[str, ...]
    remarks: tuple[str, ...]
    sources: tuple[tuple[int, str, str, str], ...]


def clinician_view(report: Report) -> ClinicianView:
    """Everything that the clinician's page, PDF and terminal text show, as text and figures."""
    densitometry = report.densitometry
    age, age_absent = age_figure(report, plain=False)
    where = _projected_where(report)
    rows = [(option, option_row(report, option)) for option in report.options]
    return ClinicianView(
        alert=report.alert,
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
        not_recorded=all_missing(report),
        options=tuple(row for option, row in rows if option.standing in MAIN_STANDINGS),
        cards=compact_cards([(option, row) for option, row in rows if option.standing in MAIN_STANDINGS]),
        set_aside=tuple(row for option, row in rows if option.standing in ("not now", "not suitable")),
        set_aside_reasons=aside(report.options),
        experimental=tuple(row for option, row in rows if option.standing == "experimental"),
        projected_header="Model's hip curve" if where else "",
        projected_where=where,
        unranked=UNRANKED,
        checks=checks(report),
        tell=short_version(report),
        gains=gain_figure(report),
        gain_tables=site_tables(report),
        projection=projection_figure(report, plain=False),
        projection_absent=next(iter(report.projection.warnings), "") if not report.projection.therapies else "",
        statement=report.projection.statement or "",
        shaped_by=shaped_by(report.projection),
        not_used=report.projection.fit.not_used if report.projection.fit is not None else (),
        not_drawn=_not_drawn(report),
        projection_cautions=tuple(readable(one) for one in beside_curves(shown_projection(report))),
        track_records=track_records(shown_projection(report)),
        cells_table=cells_table(report),
        cells_words=cells_words(report),
        age=age,
        age_absent=age_absent,
        risk_factors=factor_rows(report),
        factor_gaps=gap_sentence(report),
        factor_notes=factor_notes(report),
        costly_medicines=medicine_rows(report),
        monitoring=tuple(
            (step.what, dated(step, report.densitometry.scan_date), step.why) for step in report.monitoring
        ),
        guidelines=guideline_rows(report),
        guideline_gaps=guideline_gaps(report),
        studies=study_rows(report),
        studies_notice=next((one.notice for one in report.studies), ""),
        studies_more=studies_more(report),
        references={part: references(report, names) for part, names in _cited(report).items()},
        changes=tuple(one.sentence for one in densitometry.changes),
        standing=tuple(one.sentence for one in report.standing_diagnosis),
        cell_therapy=report.cell_therapy,
        warnings=tuple(visible(readable(one)) for one in general_warnings(report)),
        remarks=tuple(visible(one) for one in report.remarks),
        sources=source_lines(report, [name for names in _cited(report).values() for name in names]),
    )


def _facts(report: Report) -> tuple[tuple[str, str], ...]:
    person, scan = report.person, report.person.latest_scan
    facts = [("Person", person_line(person)), ("Record", person.id or ""), ("Country", person.country or "")]
    if scan is not None:
        passed = old_scan_years(person)
        old = f", {math.floor(passed)} years ago" if passed is not None else ""
        facts += [("Scan", f"{scan.date.isoformat()}{old}"), ("Scanner", scan.device or "not recorded")]
    if person.height_cm is not None and person.weight_kg is not None and person.bmi is not None:
        body = f"{person.height_cm:g} cm, {person.weight_kg:g} kg, BMI {number(person.bmi, 1)}"
        facts.append(("Body", body))
    if person.menopause_age_years is not None:
        facts.append(("Menopause", f"at {person.menopause_age_years:g}"))
    if person.treatments:
        facts.append(("Bone medicines", "; ".join(map(_course, person.treatments))))
    return tuple((term, visible(value)) for term, value in facts if value)


def _course(treatment: Treatment) -> str:
    """A medicine with its days, as far as they are on record: ``Denosumab since 2020-11-10``."""
    name, start, stop = THERAPIES[treatment.therapy].label, treatment.start, treatment.stop
    if stop is None:
        return f"{name} since {start}" if start else f"{name}, start not recorded"
    return f"{name} {start} to {stop}" if start else f"{name} until {stop}"


def _deciding(report: Report) -> str:
    densitometry = report.densitometry
    if densitometry.deciding_site is None:
        return ""
    name = site_name(densitometry.deciding_site, densitometry.deciding_side)
    if densitometry.rule == "Z-score":
        return f"{name}, Z-score {score(densitometry.lowest_z_score)}"
    return f"{name}, T-score {score(densitometry.lowest_t_score)}"


def _projected_where(report: Report) -> str:
    curves = projected(report)
    if not curves:
        return ""
    unit = "g/cm²" if curves[0].unit == "g/cm2" else "% of today"
    return f"{SITE_LABELS[curves[0].site]} after {years(report.projection.years)}, {unit}"


def _not_drawn(report: Report) -> tuple[tuple[str, str], ...]:
    """What could be an option and has no curve, with the reason; what is set aside has its reason elsewhere."""
    open_options = {one.therapy for one in report.options if one.standing not in ("not now", "not suitable")}
    return tuple((one.label, one.reason) for one in report.projection.set_aside if one.therapy in open_options)


def _risk_remarks(report: Report) -> tuple[str, ...]:
    """What the numbers rest on, and what each tool says about its own answer, once a tool."""
    first: dict[str, str] = {}
    for one in report.risk:
        if risk_span(one) is not None and one.reason:
            first.setdefault(one.tool, readable(one.reason))
    basis = risk_basis(report.risk)
    apart = [FAR_APART] if far_apart(report.risk) else []
    treated = treated_note(report.person, report.risk)
    apart += [treated] if treated else []
    reasons = (reason if reason.startswith(tool) else f"{tool}: {reason}" for tool, reason in first.items())
    return (*([basis] if basis else []), *apart, *reasons)


def _cited(report: Report) -> dict[str, list[str]]:
    """The evidence rows and source keys behind each part of the page."""
    picture, _ = age_picture(report.person, report.densitometry.deciding_site)
    profile = report.risk_profile
    shown = [one for one in report.options if one.standing in MAIN_STANDINGS]
    return {
        "diagnosis": [
            *report.densitometry.sources,
            *(one.source for one in report.standing_diagnosis if one.source),
        ],
        "risk": [name for one in report.risk if risk_span(one) for name in one.sources],
        "screening": [name for one in report.screening if one.score is not None for name in one.sources],
        "options": [name for one in shown for name in one.evidence.sources],
        "guidelines": [advice.source for one in report.options for advice in one.guidelines],
        "projection": list(report.projection.sources),
        "age": [picture.source] if picture else [],
        "checks": [name for test in profile.tests if not test.done for name in test.sources] if profile else [],
        "factors": [
            name for one in (profile.factors if profile else ()) if one.state == "present" for name in one.sources
        ],
        "monitoring": [name for step in report.monitoring for name in step.sources],
        "cells": [*report.cell_therapy.sources, *(name for one in report.cell_therapy.claims for name in one.sources)],
    }
