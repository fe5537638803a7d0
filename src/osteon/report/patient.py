"""What the patient's report says, in plain words, before it is laid out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from osteon.report.benefit import rows_of
from osteon.report.choices import Choice, choice, guess, together, untreated_lead
from osteon.report.common import MAKERS_ASK, makers_notices, own_notices, source_lines
from osteon.report.factors import plain_factor_lead, plain_factor_notes, plain_factors
from osteon.report.figure import Figure
from osteon.report.figures import age_figure, risk_figures, score_figure
from osteon.report.needs import needed
from osteon.report.patient_bone import number_text
from osteon.report.patient_cells import BESIDE_CELLS, STEM_CELLS, STEM_QUESTIONS, beside_cells
from osteon.report.patient_curves import projection_text
from osteon.report.patient_risk import break_text
from osteon.report.patient_short import short_version
from osteon.report.plain import GLOSSARY, LONGEST_QUESTION, QUESTIONS, TESTS_QUESTION, harm_rows
from osteon.report.projection_figures import projection_figure
from osteon.report.projections import projected
from osteon.report.result import Report
from osteon.report.words import risk_span, visible

MAIN_SOURCES = 1

"""So many of each list of sources stand on the patient's page: the weightiest come first."""


@dataclass(frozen=True, slots=True)
class PatientView:
    """The whole report for the person it is about."""

    alert: str
    title: str
    version: str
    label: str
    about: str
    short: tuple[str, ...]
    number_text: tuple[str, ...]
    scores: Figure | None
    break_text: tuple[str, ...]
    risk_figures: tuple[Figure, ...]
    notices: tuple[str, ...]
    makers_ask: str
    makers_notices: tuple[str, ...]
    factor_lead: str
    factors: tuple[tuple[str, str], ...]
    factor_notes: tuple[str, ...]
    age_text: tuple[str, ...]
    age: Figure | None
    choices: tuple[Choice, ...]
    more_needed: tuple[Choice, ...]
    needed: str
    not_now: tuple[Choice, ...]
    untreated_lead: str
    untreated_guess: str
    projection: Figure | None
    projection_text: tuple[str, ...]
    statement: str
    stem_cells: tuple[str, ...]
    stem_questions: tuple[str, ...]
    questions: tuple[str, ...]
    next_steps: tuple[str, ...]
    glossary: tuple[tuple[str, str], ...]
    sources: tuple[tuple[int, str, str, str], ...]


def patient_view(report: Report) -> PatientView:
    """Everything that the patient's page and PDF show, as plain text and figures."""
    age, _ = age_figure(report, plain=True)
    choices = [(option, choice(report, option)) for option in report.options if option.group != "cell therapy"]
    untreated = next((one for one in projected(report) if one.therapy == "none"), None)
    view = PatientView(
        alert=report.alert,
        title="Your bone report",
        version=report.osteon,
        label=visible(report.person.label or ""),
        about=_about(report),
        short=short_version(report),
        number_text=number_text(report),
        scores=score_figure(report, plain=True),
        break_text=break_text(report),
        risk_figures=risk_figures(report, plain=True),
        notices=own_notices(report),
        makers_ask=MAKERS_ASK,
        makers_notices=makers_notices(report),
        factor_lead=plain_factor_lead(report),
        factors=plain_factors(report),
        factor_notes=plain_factor_notes(report),
        age_text=_age_text(age),
        age=age,
        choices=tuple(choice for option, choice in choices if option.standing in ("advised", "consider", "trial")),
        more_needed=tuple(choice for option, choice in choices if option.standing == "unclear"),
        needed=needed(option for option in report.options if option.standing == "unclear"),
        not_now=together(choice for option, choice in choices if option.standing in ("not now", "not suitable")),
        untreated_lead=untreated_lead(report),
        untreated_guess=guess(report, untreated) if untreated else "",
        projection=projection_figure(report, plain=True),
        projection_text=projection_text(report),
        statement=report.projection.statement or "",
        stem_cells=(*STEM_CELLS, *beside_cells(report)),
        stem_questions=STEM_QUESTIONS,
        questions=_questions(report),
        next_steps=_next_steps(report),
        glossary=(),
        sources=source_lines(report, _cited(report)),
    )
    return replace(view, glossary=_glossary(plain_text(view)))


def plain_text(view: PatientView) -> str:
    """The plain sentences of the page, for the glossary and for measuring how hard they are to read.

    Left out: the record's label, texts that must stand word for word, the list of sources and the glossary.
    """
    choices = (*view.choices, *view.more_needed, *view.not_now)
    figures = [one for one in (view.scores, view.age, view.projection, *view.risk_figures) if one is not None]
    parts = [
        view.about,
        *view.short,
        *view.number_text,
        *view.break_text,
        view.factor_lead,
        *(f"{label}. {words}" for label, words in view.factors),
        *view.factor_notes,
        *view.age_text,
        *(
            f"{one.label}. {one.what} {one.burden} {one.benefit} {one.harm} {one.standing}. {one.guess}"
            for one in choices
        ),
        view.needed,
        f"{view.untreated_lead} {view.untreated_guess}",
        *view.projection_text,
        *view.stem_cells,
        *view.stem_questions,
        *view.questions,
        *view.next_steps,
        *(f"{one.title}. {one.caption}" for one in figures),
    ]
    return "\n".join(part for part in parts if part)


def _about(report: Report) -> str:
    scan = report.person.latest_scan
    return f"Bone scan of {scan.date.day} {scan.date:%B %Y}." if scan else "No bone scan is on record."


def _age_text(figure: Figure | None) -> tuple[str, ...]:
    if figure is None:
        return ()
    return ("Bone gets less dense with age. This picture shows your scan next to other people of the same sex.",)


def _next_steps(report: Report) -> tuple[str, ...]:
    stands = report.densitometry.diagnosis == "osteoporosis" or report.standing_diagnosis
    soon = " Ask for a date soon." if stands else ""
    history = report.person.history
    which = "another" if history.previous_fragility_fracture or history.fragility_fracture_sites else "a"
    return (
        f"Book a talk with your doctor or nurse.{soon} Bring this report and a list of your medicines.",
        "Ask the questions above. Write down the answers.",
        f"Have you broken {which} bone in a small fall? Have you lost height? Do you have new back pain? Tell them.",
    )


def _questions(report: Report) -> tuple[str, ...]:
    """The questions chosen for this person that are short enough to remember; the standing ones when there are none."""
    short = [one for one in report.questions if len(one.split()) <= LONGEST_QUESTION]
    return (*short, TESTS_QUESTION) if short else QUESTIONS


def _cited(report: Report) -> list[str]:
    """The main sources behind what this page says; the clinician's report lists every one.

    All behind the counts of good and harm that it prints and behind its words on stem cells; of other lists the first.
    """
    lists = [report.densitometry.sources, report.projection.sources]
    lists += [one.sources for one in report.risk if risk_span(one) is not None]
    names = [one.source for one in report.standing_diagnosis if one.source]
    names += [name for claim in report.cell_therapy.claims if claim.certainty == "none" for name in claim.sources]
    names += rows_of(BESIDE_CELLS, report)
    for option in report.options:
        if option.standing in ("advised", "consider", "trial"):
            lists.append(option.evidence.sources)
            names += [*rows_of(option.therapy, report), *harm_rows(option.therapy)]
    return [*names, *(name for each in lists for name in each[:MAIN_SOURCES])]


def _glossary(text: str) -> tuple[tuple[str, str], ...]:
    """The terms of the glossary that the text uses, in alphabetical order."""
    return tuple(
        (term, meaning)
        for term, meaning in sorted(GLOSSARY.items(), key=lambda entry: entry[0].casefold())
        if re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE)
    )
