"""The rows of the clinician's tables: options, guidelines, studies, each ready to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_lowercase

from osteon.care.result import GuidelineAdvice, Option, place_called
from osteon.care.studies import LISTED
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.report.assemble import numbers_of
from osteon.report.projections import projection_of
from osteon.report.result import Report
from osteon.report.words import (
    CERTAINTY_LABELS,
    STANDING_LABELS,
    change,
    end_value,
    first_small,
    plain_list,
    runs,
    sentence,
)
from osteon.twin.result import TherapyProjection


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
    regimen: str
    change: str
    checks: str
    harms: str
    burden: str
    on_stopping: str
    references: str
    guidelines: str = ""


@dataclass(frozen=True, slots=True)
class GuidelineRow:
    """One guideline row that this person triggers, with the options that it speaks about.

    ``applies`` is "Applies", "In" another country than the person's, or "Depends" and the letters of what is missing.
    """

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
    listed: str


def references(report: Report, names: Iterable[str]) -> str:
    """The numbers of the sources behind evidence rows and source keys, as printed."""
    return runs(numbers_of(report, names))


def option_row(report: Report, option: Option) -> OptionRow:
    """One option as text."""
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
        regimen=_regimen(curve, option) if curve else "",
        change=change(curve.median[0], curve.median[-1]) if curve else "",
        checks=sentence(plain_list(_still_to_ask(option))),
        harms=sentence("; ".join([*option.harms[:1], *map(first_small, option.harms[1:])])),
        burden=option.burden,
        on_stopping=option.on_stopping,
        references=references(report, option.evidence.sources),
    )


def _still_to_ask(option: Option) -> list[str]:
    """What to check first, without what a reason already asks to look up."""
    asked = " ".join(one for one in option.reasons if one.startswith("Not in the record"))
    return [one for one in option.checks if one not in asked]


def _regimen(curve: TherapyProjection, option: Option) -> str:
    """What was projected when it is more than the option alone, or not safe alone: ``12 months, then alendronate``."""
    if curve.therapy == option.therapy:
        return "no medicine after denosumab: not safe" if curve.caution and option.therapy != "none" else ""
    return curve.label.removeprefix(option.label).removeprefix(" for ").removesuffix(", continued").strip()


def guideline_rows(report: Report) -> tuple[GuidelineRow, ...]:
    """Each guideline row once, those that apply first, with the options that it speaks about."""
    spoken: dict[tuple[str, str, str], list[tuple[GuidelineAdvice, str]]] = {}
    for option in report.options:
        for advice in option.guidelines:
            name = f"{advice.guideline} {advice.year}, {advice.strength}"
            spoken.setdefault((name, advice.who, advice.advice), []).append((advice, option.label))
    medicines = len([one for one in report.options if one.group in MEDICINE_GROUPS])
    letters = _gap_letters(report)
    rows = []
    for (name, who, text), entries in spoken.items():
        labels = [label for _, label in entries]
        missing = list(dict.fromkeys(gap for advice, _ in entries for gap in advice.missing))
        applies = any(advice.applies is True for advice, _ in entries)
        away = "" if entries[0][0].at_home else entries[0][0].country
        now = f"In {place_called(away)}" if away else "Applies"
        rows.append(
            GuidelineRow(
                guideline=name,
                who=who,
                advice=text,
                options="most medicines" if len(labels) > medicines / 2 else plain_list(labels),
                applies=now if applies else f"Depends: {', '.join(letters[gap] for gap in missing)}",
                reference=references(report, [advice.source for advice, _ in entries]),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.applies != "Applies", row.applies.startswith("Depends"))))


def guideline_gaps(report: Report) -> str:
    """The footnote to the guideline table: what each letter of a row that depends on something stands for."""
    return sentence("; ".join(f"({letter}) {gap}" for gap, letter in _gap_letters(report).items()))


def _gap_letters(report: Report) -> dict[str, str]:
    """A letter for each thing that is missing and decides a guideline row: a to z, then aa, bb."""
    spoken = [advice for option in report.options for advice in option.guidelines]
    settled = {(one.guideline, one.year, one.strength, one.who, one.advice) for one in spoken if one.applies is True}
    gaps = dict.fromkeys(
        gap
        for one in spoken
        if (one.guideline, one.year, one.strength, one.who, one.advice) not in settled
        for gap in one.missing
    )
    return {gap: ascii_lowercase[place % 26] * (place // 26 + 1) for place, gap in enumerate(gaps)}


OPEN_STATUSES = ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION")


def study_rows(report: Report) -> tuple[StudyRow, ...]:
    """The registered studies that are open or about to open, and not plainly closed to this person."""
    return tuple(
        StudyRow(
            registration=one.registration_id,
            title=one.title,
            status=f"{one.status.replace('_', ' ').lower()} on {one.status_as_of or 'a date that is not known'}",
            verdict=one.verdict,
            reason=next((criterion.reason for criterion in one.criteria if criterion.verdict != "eligible"), ""),
            link=one.link,
            listed=f"{LISTED.capitalize()}.",
        )
        for one in report.studies
        if one.verdict != "not eligible" and one.status in OPEN_STATUSES
    )


def studies_more(report: Report) -> str:
    """How many other studies were looked at, as a sentence."""
    if not report.studies:
        return ""
    shown = sum(one.verdict != "not eligible" and one.status in OPEN_STATUSES for one in report.studies)
    return (
        f"{len(report.studies)} registered studies were compared with the record; {shown} are known to recruit and are "
        "not plainly closed to this person."
    )
