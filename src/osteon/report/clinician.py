"""What the clinician's report says, section by section, before it is laid out as page, PDF or terminal text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from osteon.care.result import CellTherapy, GuidelineAdvice, Option
from osteon.person import SITE_LABELS
from osteon.report.assemble import numbers_of
from osteon.report.charts.projection import end_value
from osteon.report.common import notices, source_lines
from osteon.report.figures import (
    Figure,
    Table,
    age_figure,
    projected,
    projection_figure,
    projection_of,
    risk_figures,
    score_figure,
)
from osteon.report.patient import short_version
from osteon.report.result import Report
from osteon.report.words import (
    CERTAINTY_LABELS,
    DIAGNOSIS_LABELS,
    OUTCOME_LABELS,
    STANDING_LABELS,
    change,
    input_name,
    number,
    person_line,
    plain_list,
    risk_span,
    score,
    sentence,
    site_name,
    span_percent,
    visible,
    years,
)

MAIN_STANDINGS = ("advised", "consider", "trial", "unclear", "baseline")


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One tool's answer for one outcome."""

    tool: str
    outcome: str
    horizon: str
    percent: str
    missing: str
    reason: str


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
    screening: tuple[tuple[str, ...], ...]
    options: tuple[OptionRow, ...]
    set_aside: tuple[OptionRow, ...]
    experimental: tuple[OptionRow, ...]
    projected_header: str
    checks: tuple[str, ...]
    tell: tuple[str, ...]
    projection: Figure | None
    projection_absent: str
    statement: str
    interval_meaning: str
    age: Figure | None
    age_absent: str
    monitoring: tuple[tuple[str, str, str], ...]
    guidelines: tuple[GuidelineRow, ...]
    studies: tuple[StudyRow, ...]
    studies_notice: str
    changes: tuple[str, ...]
    cell_therapy: CellTherapy
    cell_references: str
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
        sites=_sites(report),
        risk=tuple(
            RiskRow(
                one.tool,
                OUTCOME_LABELS[one.outcome],
                years(one.horizon_years),
                span_percent(risk_span(one)),
                plain_list(input_name(name) for name in one.inputs_missing),
                one.reason,
            )
            for one in report.risk
        ),
        risk_figures=risk_figures(report, plain=False),
        notices=notices(report),
        screening=tuple(
            (
                f"{one.tool} ({one.variant})" if one.variant else one.tool,
                number(one.score, 1).removesuffix(".0") if one.score is not None else score(None),
                one.threshold,
                {True: "yes", False: "no", None: "not known"}[one.positive],
                plain_list(input_name(name) for name in one.inputs_missing),
            )
            for one in report.screening
        ),
        options=tuple(row for option, row in rows if option.standing in MAIN_STANDINGS),
        set_aside=tuple(row for option, row in rows if option.standing in ("not now", "not suitable")),
        experimental=tuple(row for option, row in rows if option.standing == "experimental"),
        projected_header=_projected_header(report),
        checks=_checks(report),
        tell=short_version(report),
        projection=projection_figure(report, plain=False),
        projection_absent=next(iter(report.projection.warnings), "") if not report.projection.therapies else "",
        statement=report.projection.statement,
        interval_meaning=report.projection.interval_meaning,
        age=age,
        age_absent=age_absent,
        monitoring=tuple((step.what, step.when, step.why) for step in report.monitoring),
        guidelines=_guidelines(report),
        studies=_studies(report),
        studies_notice=next((one.notice for one in report.studies), ""),
        changes=tuple(one.sentence for one in densitometry.changes),
        cell_therapy=report.cell_therapy,
        cell_references=_references(report, report.cell_therapy.sources),
        warnings=tuple(visible(one) for one in report.warnings),
        sources=source_lines(report),
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


def _sites(report: Report) -> Table:
    def scored(value: float | None, source: str | None) -> str:
        return f"{score(value)} (computed)" if source == "computed" else score(value)

    rows = tuple(
        (
            site_name(one.site, one.side) + ("" if one.used_for_diagnosis else " (not used)"),
            "" if one.bmd_g_cm2 is None else number(one.bmd_g_cm2, 3),
            scored(one.t_score, one.t_score_source),
            scored(one.z_score, one.z_score_source),
        )
        for one in report.densitometry.sites
    )
    return Table("Bone density by site", ("Site", "BMD, g/cm²", "T-score", "Z-score"), rows)


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
        harms=sentence(plain_list(option.harms)),
        burden=option.burden,
        on_stopping=option.on_stopping,
        references=_references(report, option.evidence.sources),
    )


def _references(report: Report, names: Iterable[str]) -> str:
    return ", ".join(str(one) for one in numbers_of(report, names))


def _checks(report: Report) -> tuple[str, ...]:
    """What to look up or measure: what the risk tools lacked, what the options need, tests for a hidden cause."""
    lines = []
    missing = list(dict.fromkeys(input_name(name) for one in report.risk for name in one.inputs_missing))
    if missing:
        lines.append(f"Not recorded, and asked for by the fracture-risk tools: {plain_list(missing)}.")
    needed: dict[str, list[str]] = {}
    for option in report.options:
        if option.standing in ("advised", "consider", "trial", "unclear"):
            deciding = (name for advice in option.guidelines if advice.applies is not True for name in advice.missing)
            for check in dict.fromkeys((*deciding, *option.checks)):
                needed.setdefault(check, []).append(option.label.lower())
    for check, labels in needed.items():
        who = plain_list(labels) if len(labels) <= 2 else f"{len(labels)} options"
        lines.append(f"{sentence(check).rstrip('.')} (for {who}).")
    lines += report.densitometry.advice
    if report.risk_profile is not None:
        lines += [f"{one.name}: {one.reason}" for one in report.risk_profile.tests if not one.done]
    return tuple(sentence(line) for line in lines)


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


def _studies(report: Report) -> tuple[StudyRow, ...]:
    """The registered studies that are not plainly closed to this person."""
    return tuple(
        StudyRow(
            registration=one.registration_id,
            title=one.title,
            status=f"{one.status.replace('_', ' ').lower()} ({one.status_as_of or 'date not known'})",
            verdict=one.verdict,
            reason=next((criterion.reason for criterion in one.criteria if criterion.verdict != "eligible"), ""),
            link=one.link,
        )
        for one in report.studies
        if one.verdict != "not eligible"
    )
