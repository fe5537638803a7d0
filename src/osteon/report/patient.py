"""What the patient's report says, in plain words, before it is laid out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from osteon.evidence import TherapyName
from osteon.person import old_scan_years, takes
from osteon.report.advised import advised
from osteon.report.ahead import in_years_ahead
from osteon.report.benefit import benefit_words, rows_of
from osteon.report.choices import Choice, choice, guess, together, untreated_lead
from osteon.report.common import MAKERS_ASK, makers_notices, own_notices, source_lines
from osteon.report.factors import plain_factor_lead, plain_factor_notes, plain_factors
from osteon.report.figure import Figure
from osteon.report.figures import (
    PLAIN_BREAKS,
    age_figure,
    risk_figures,
    score_figure,
)
from osteon.report.needs import needed
from osteon.report.plain import (
    BY_THIS_SCAN,
    DIAGNOSIS_WORDS,
    GLOSSARY,
    GROUND_WORDS,
    IN_DOUBT,
    LONGEST_QUESTION,
    QUESTIONS,
    TESTS_QUESTION,
    THERAPY_WORDS,
    harm_rows,
)
from osteon.report.projection_figures import projection_figure
from osteon.report.projections import for_patient, projected
from osteon.report.result import Report
from osteon.report.risks import BLIND_TOOL, SEEING_TOOL, Outlook, answering_tools, far_apart, outlooks, treated_note
from osteon.report.words import (
    PLAIN_SITES,
    first_small,
    in_100,
    plain_list,
    risk_span,
    score,
    visible,
)

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
        number_text=_number_text(report),
        scores=score_figure(report, plain=True),
        break_text=_break_text(report),
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
        projection_text=_projection_text(report),
        statement=report.projection.statement or "",
        stem_cells=(*STEM_CELLS, *_beside_cells(report)),
        stem_questions=STEM_QUESTIONS,
        questions=_questions(report),
        next_steps=_next_steps(report),
        glossary=(),
        sources=source_lines(report, _cited(report)),
    )
    return replace(view, glossary=_glossary(plain_text(view)))


DENOSUMAB_CURVES = "That is not safe. Bones in the spine can break, often more than one. No curve shows this."
STEM_CELLS = (
    "You may have heard that stem cells can mend bone. So far this is a hope, not a fact.",
    "No study has shown that stem cells make bones stronger in people with low bone density.",
    "No study has shown that they prevent breaks.",
    "Some clinics sell them all the same. This can cost a lot, and people have been harmed.",
    "A proper study has been checked by the state and by an ethics board. It does not ask you for money.",
)
BESIDE_CELLS: TherapyName = "zoledronate"
STEM_QUESTIONS = (
    "Is this a proper study? Who has approved it, and what is its number?",
    "Is it free for me to take part?",
    "Is it about weak bones, and does it count breaks or measure bone density?",
    "What went wrong for other people, and where can I read about it?",
)


def _beside_cells(report: Report) -> tuple[str, ...]:
    """What is proven stands beside what is not: the best-tried medicine, whether or not it suits this person."""
    standing = next((one.standing for one in report.options if one.therapy == BESIDE_CELLS), "")
    name = first_small(THERAPY_WORDS[BESIDE_CELLS][0])
    suits = " It is not for you now." if standing in ("not now", "not suitable") else " Ask if it is right for you."
    if takes(report.person, BESIDE_CELLS):
        suits = " You take it now."
    proven = f"The medicine with the best proof in osteopenia is {name}. {benefit_words(BESIDE_CELLS, report)}"
    return (f"{proven}{suits}",)


def short_version(report: Report) -> tuple[str, ...]:
    """The report in a few plain sentences; the clinician's page shows them as what to tell the patient."""
    lines = [*_old_scan(report), _diagnosis_words(report)[0], *_ground_words(report)]
    lines += [_risk_sentence(report, one) for one in outlooks(report.risk)]
    if _only_blind(report) and report.densitometry.diagnosis in LOW_DENSITY:
        lines.append("That sum does not know your bone scan. Your scan is low, so your own chance may be higher.")
    lines += advised(report)
    lines.append("Stem cells are not proven to help bones like yours.")
    return tuple(lines)


def _old_scan(report: Report) -> list[str]:
    """That the scan is old and what to do about it; nothing for a recent one."""
    passed = old_scan_years(report.person)
    if passed is None:
        return []
    then = math.floor(report.person.age_years)
    old = f"This scan is {math.floor(passed)} years old. All you read here is about that time, when you were {then}."
    return [f"{old} Your bones may have changed. Ask for a new scan before you choose."]


def _diagnosis_words(report: Report) -> tuple[str, ...]:
    """What the diagnosis by density means; it does not say "not osteoporosis" where something counts for more."""
    words = DIAGNOSIS_WORDS[report.densitometry.diagnosis]
    return (BY_THIS_SCAN,) if report.standing_diagnosis and report.densitometry.diagnosis == "osteopenia" else words


def _ground_words(report: Report) -> list[str]:
    return list(dict.fromkeys(GROUND_WORDS[one.ground] for one in report.standing_diagnosis))


LOW_DENSITY = ("below-expected-for-age", "osteopenia", "osteoporosis")


def _only_blind(report: Report) -> bool:
    """Whether every tool that answered leaves bone density out."""
    tools = answering_tools(report.risk)
    return bool(tools) and all(tool.startswith(BLIND_TOOL) for tool in tools)


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


def _number_text(report: Report) -> tuple[str, ...]:
    densitometry = report.densitometry
    lines = [*_diagnosis_words(report), *_ground_words(report)]
    if densitometry.rule == "T-score" and densitometry.deciding_site is not None:
        where = PLAIN_SITES[densitometry.deciding_site].lower()
        lines.append(
            f"Your lowest T-score is {score(densitometry.lowest_t_score)}, at the {where}. A T-score compares your "
            "bone with that of a healthy young woman. Zero is the same as hers. Minus means less dense."
        )
        if densitometry.in_doubt is not None:
            lines.append(IN_DOUBT[densitometry.in_doubt])
    elif densitometry.rule == "Z-score":
        lines.append(
            "At your age we use the Z-score. It compares your bone with that of people of your own age and sex."
        )
        if densitometry.deciding_site is not None:
            where = PLAIN_SITES[densitometry.deciding_site].lower()
            lines.append(f"Your lowest Z-score is {score(densitometry.lowest_z_score)}, at the {where}.")
    if report.densitometry.diagnosis == "osteopenia":
        lines.append("The number alone does not say if you will break a bone. Your age, health and habits count too.")
    return tuple(lines)


def _risk_sentence(report: Report, outlook: Outlook) -> str:
    what, when = PLAIN_BREAKS[outlook.outcome][1], in_years_ahead(report.person, outlook.horizon_years)
    if outlook.span[1] < 1:
        return f"Fewer than 1 in 100 people like you will {what} {when}."
    return f"Of 100 people like you, {in_100(outlook.span).removesuffix(' in 100')} will {what} {when}."


def _break_text(report: Report) -> tuple[str, ...]:
    found = outlooks(report.risk)
    if not found:
        return _no_answer(report)
    lines = [_risk_sentence(report, one) for one in found]
    tools = answering_tools(report.risk)
    blind = any(tool.startswith(BLIND_TOOL) for tool in tools)
    seeing = any(SEEING_TOOL in tool for tool in tools)
    if blind and seeing:
        lines.append(
            "This comes from two sums. One is QFracture. It uses your age, health and habits. It does not know your "
            "bone scan. The other is new and still being tested. It uses your bone scan too."
        )
    elif blind:
        lines.append("This sum is QFracture. It uses your age, health and habits. It does not know your bone scan.")
    elif seeing:
        lines.append("This sum is new and still being tested. It uses your age and your bone scan.")
    if treated_note(report.person, report.risk):
        lines.append("The sums do not know that you take a medicine for your bones, or what would come if you stopped.")
    if far_apart(report.risk):
        lines.append("For you the sums are far apart. Nobody knows which one is right. Ask your doctor about it.")
    if any(one.inputs_missing for one in report.risk if risk_span(one) is not None):
        lines.append(f"Some facts about you are not on record. {_unknown_words(blind=blind, seeing=seeing)}")
    lines.append("Nobody can say if you will be one of them.")
    return tuple(lines)


_OUTSIDE_WORDS = {"age_years": "age", "bmi": "weight"}


def _no_answer(report: Report) -> tuple[str, ...]:
    """Why no sum answers: facts that are missing, which can be added, or an age or a body that no sum covers."""
    silent = [one for one in report.risk if risk_span(one) is None]
    outside = list(dict.fromkeys(_OUTSIDE_WORDS.get(name, "") for one in silent for name in one.outside))
    if not silent or any(not one.outside for one in silent):
        lacking = "We could not work this out. Some facts about you are not on record."
        if not any(outside):
            return (lacking, "Ask to have them added.")
        return (f"{lacking} One of our sums does not work at your {plain_list(filter(None, outside))}.",)
    why = f"at your {plain_list(sorted(outside))}" if all(outside) else "for you"
    return (
        f"We could not work this out. Our sums do not work {why}.",
        "This does not mean that you have no risk. Ask your doctor what counts in your case.",
    )


def _unknown_words(*, blind: bool, seeing: bool) -> str:
    """How the sums take an illness that is not on record: QFracture leaves it out, the other counts the average."""
    if blind and seeing:
        return "An illness that is not on record is left out of the first. The second counts you as most people are."
    return "The sum counts you as most people are." if seeing else "An illness that is not on record is not counted."


def _age_text(figure: Figure | None) -> tuple[str, ...]:
    if figure is None:
        return ()
    return ("Bone gets less dense with age. This picture shows your scan next to other people of the same sex.",)


def _projection_text(report: Report) -> tuple[str, ...]:
    if not report.projection.therapies:
        return ("We have no picture of your bone in the years to come. Our computer model does not cover you yet.",)
    return (
        f"The curves come from a computer model. It copies what was seen in {_studied(report)}.",
        _start_words(report),
        "It does not know you. Your own bone may do better or worse.",
        "The ranges overlap. The model cannot say which choice is best.",
        *_unsafe_curves(report),
    )


def _unsafe_curves(report: Report) -> list[str]:
    """That curves end denosumab uncovered; none where no curve does."""
    unsafe = [one for one in for_patient(report) if one.caution]
    if not unsafe:
        return []
    which = "Some of these curves end" if len(unsafe) > 1 else "The dotted line ends"
    if len(unsafe) == 1 and unsafe[0].therapy != "none":
        which = "One of these curves ends"
    return [f"{which} denosumab with no medicine after it. {DENOSUMAB_CURVES}"]


def _studied(report: Report) -> str:
    return "many women in trials" if report.person.sex == "female" else "many people in trials, most of them women"


def _start_words(report: Report) -> str:
    curves = for_patient(report)
    if curves and curves[0].unit == "g/cm2":
        return "It starts at your own scan and uses what is on record about you."
    if curves and any(one.site == curves[0].site for one in report.densitometry.sites):
        return "Your density in grams is not on record, only the score. So it starts at 100 for today."
    return "Your scan did not measure this spot. So it starts at 100 for today."


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
