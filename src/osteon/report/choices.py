"""What could help, in plain words: one choice for each option, with what it takes and what can go wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from osteon.care.result import Option
from osteon.care.wording import fill
from osteon.person import Person, advanced_kidney_disease, bone_medicines_taken, takes
from osteon.person.implied import egfr_of_stage_4
from osteon.report.ahead import after_years
from osteon.report.benefit import benefit_words
from osteon.report.plain import HARM_WORDS, KIDNEY_WORDS, STANDING_WORDS, TAKEN_WORDS, THERAPY_WORDS
from osteon.report.projections import projection_of, therapies_of
from osteon.report.result import Report
from osteon.report.words import PLAIN_SITES, denser, first_small, plain_list, readable, sentence
from osteon.twin.result import TherapyProjection

_BY_KIDNEYS = "Kidney function is below"
"""How ``drug_cautions.csv`` begins what bars a medicine by its filtration limit, in a clinician's words."""

WITH_GUESS = ("advised", "consider", "trial", "unclear")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that could help, in plain words."""

    label: str
    what: str
    burden: str
    benefit: str
    harm: str
    standing: str
    standing_key: str
    reason: str
    guess: str


def guess(report: Report, curve: TherapyProjection, beside: str = "") -> str:
    """What the model makes of the drawn site under one therapy, with its range, and what is taken beside it."""
    start = curve.median[0]
    where = PLAIN_SITES[curve.site].lower()
    best, low, high = (denser(start, series[-1]) for series in (curve.median, curve.lower, curve.upper))
    time = f"{after_years(report.person, report.projection.years)}{beside}"
    text = f"Best guess for your {where} {time}: {best} (range: {low} to {high})."
    return text + (" This is not proven." if curve.hypothetical else "")


def _beside(curve: TherapyProjection, option: Option) -> str:
    """What goes on beside a habit or a supplement, lest its curve be read as the habit's own doing."""
    if option.group not in ("lifestyle", "supplement"):
        return ""
    others = [name for name in therapies_of(curve.therapy) if name != option.therapy]
    if others:
        return f", with {', then '.join(first_small(THERAPY_WORDS[name][0]) for name in others)} beside it"
    return ", with no medicine after denosumab, which is not safe" if curve.caution else ""


def untreated_lead(report: Report) -> str:
    """What no treatment means for this person; for somebody on a bone medicine it means to end it."""
    taken = bone_medicines_taken(report.person)
    if report.alert:
        return "First, what if no medicine came after denosumab? This is not safe. It is here to compare."
    if taken:
        names = plain_list(first_small(THERAPY_WORDS[name][0]) for name in taken)
        return f"First, what if you ended {names} now?"
    return "First, with no treatment."


def choice(report: Report, option: Option) -> Choice:
    """One option as a choice."""
    label, what = words(option)
    curve = projection_of(report, option)
    return Choice(
        label=label,
        what=what,
        burden=option.burden,
        benefit=benefit_words(option.therapy, report),
        harm=" ".join(filter(None, (_kidneys(report, option), fill(HARM_WORDS.get(option.therapy, ""))))),
        standing=_standing(report, option),
        standing_key=option.standing.replace(" ", "-"),
        reason=_reason(report, option),
        guess=guess(report, curve, _beside(curve, option)) if curve and option.standing in WITH_GUESS else "",
    )


def weak_kidneys(person: Person) -> bool:
    """Whether the record says that the kidneys are weak, by an answer or by a blood test."""
    filtration = person.labs.egfr_ml_min
    measured = filtration is not None and filtration < egfr_of_stage_4()
    return measured or advanced_kidney_disease(person) is True


def _kidneys(report: Report, option: Option) -> str:
    """What weak kidneys make of a medicine that may still be given; it stands before its other harms."""
    return KIDNEY_WORDS.get(option.therapy, "") if option.settle_first and weak_kidneys(report.person) else ""


def _reason(report: Report, option: Option) -> str:
    text = sentence(readable(option.reasons[0] if option.reasons else option.recommendation))
    if text.startswith(_BY_KIDNEYS):
        text = "Your kidneys are too weak for it."
    if takes(report.person, option.therapy) and option.standing in ("not now", "not suitable"):
        return f"{text} You take it now. Ask your doctor soon, and do not stop on your own."
    return text


def _standing(report: Report, option: Option) -> str:
    """The standing; that a person takes a medicine comes first, lest it read as one that they lack."""
    if takes(report.person, option.therapy) and option.standing not in ("not now", "not suitable"):
        return TAKEN_WORDS
    return STANDING_WORDS[option.standing]


def together(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """What is not for this person now; things that share a reason stand in one line."""
    shared: dict[str, list[Choice]] = {}
    for one in choices:
        shared.setdefault(one.reason, []).append(one)
    return tuple(
        replace(same[0], label=plain_list([same[0].label, *(first_small(one.label) for one in same[1:])]))
        for same in shared.values()
    )


def words(option: Option) -> tuple[str, str]:
    """The plain name and description of an option's therapy."""
    return next((plain for name, plain in THERAPY_WORDS.items() if name == option.therapy), (option.label, ""))
