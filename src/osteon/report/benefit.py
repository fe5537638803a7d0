"""How many a medicine spared a break in its trial, in a patient's words: the absolute figures beside the harms.

Only where evidence rows give how many broke a bone with the medicine and how many without. Who was studied is said
each time, because the figure is theirs and not the reader's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from osteon.care.denosumab import FOLLOW_ON
from osteon.evidence import value
from osteon.report.result import Report
from osteon.report.words import people_in_100, risk_span

Counted = str | tuple[str, str]
"""A row in percent, or the rows of how many had it and of how many there were."""

SPINE = "had a new break in the spine on an X-ray"
OSTEOPOROSIS = "women with osteoporosis"
SPINE_BROKEN = "women who had broken a bone in the spine"
BROKEN_AND_LOW = "women with osteoporosis who had broken a bone"

LESS_TO_GAIN = {
    OSTEOPOROSIS: "If you do not have osteoporosis, you may have less to gain.",
    SPINE_BROKEN: "If you have had no such break, you may have less to gain.",
    BROKEN_AND_LOW: "If you have had no break, you may have less to gain.",
}
"""Where a trial chose people at high risk: who breaks fewer bones to begin with has fewer to be spared."""

AFTER_DENOSUMAB = "For you it has another task: to hold your bone when denosumab ends."
"""Who leaves denosumab is not told that there is less to gain: without it the spine can break."""

UNLIKE_THEM = {
    OSTEOPOROSIS: "Your scan is not in the range of osteoporosis, so you may have less to gain.",
    SPINE_BROKEN: "No such break of yours is on record, so you may have less to gain.",
    BROKEN_AND_LOW: "No break of yours is on record, so you may have less to gain.",
}
"""The same for somebody whose record answers the question."""


@dataclass(frozen=True, slots=True)
class Benefit:
    """What one trial counted: in whom, over what time, with the medicine and without it."""

    who: str
    what: str
    time: str
    without: Counted
    treated: Counted
    instead: str = "without it"
    how: str = "With it"


BENEFITS: dict[str, Benefit] = {
    "zoledronate": Benefit(
        who="women of 65 or more with osteopenia",
        what="broke a bone",
        time="six years",
        without=("reid2018.fractures.placebo", "reid2018.randomised"),
        treated=("reid2018.fractures.zoledronate", "reid2018.randomised"),
    ),
    "alendronate": Benefit(
        SPINE_BROKEN, SPINE, "three years", "fit.vertebral.placebo_percent", "fit.vertebral.alendronate_percent"
    ),
    "risedronate": Benefit(
        SPINE_BROKEN, SPINE, "three years", "vert.vertebral.placebo_percent", "vert.vertebral.risedronate_percent"
    ),
    "ibandronate": Benefit(
        SPINE_BROKEN, SPINE, "three years", "bone.vertebral.placebo_percent", "bone.vertebral.ibandronate_percent"
    ),
    "denosumab": Benefit(
        OSTEOPOROSIS,
        SPINE,
        "three years",
        ("freedom.vertebral.placebo", "freedom.films.placebo"),
        ("freedom.vertebral.denosumab", "freedom.films.denosumab"),
    ),
    "hormone_therapy": Benefit(
        "women of 50 to 79",
        "broke a bone",
        "five to six years",
        "whi_ept.any.placebo_percent",
        "whi_ept.any.treated_percent",
        "without hormones",
    ),
    "raloxifene": Benefit(
        OSTEOPOROSIS, SPINE, "three years", "more.vertebral.placebo_percent", "more.vertebral.raloxifene_percent"
    ),
    "bazedoxifene": Benefit(
        OSTEOPOROSIS, SPINE, "five years", "bza.vertebral.placebo_percent", "bza.vertebral.bazedoxifene_percent"
    ),
    "teriparatide": Benefit(
        SPINE_BROKEN, SPINE, "21 months", "fpt.vertebral.placebo_percent", "fpt.vertebral.teriparatide_percent"
    ),
    "abaloparatide": Benefit(
        OSTEOPOROSIS, SPINE, "18 months", "active.vertebral.placebo_percent", "active.vertebral.abaloparatide_percent"
    ),
    "romosozumab": Benefit(
        BROKEN_AND_LOW,
        SPINE,
        "two years",
        "arch.vertebral.alendronate_percent",
        "arch.vertebral.romosozumab_percent",
        "on alendronate alone",
    ),
}

YOUNGER = Benefit(
    who="women of 50 to 60, soon after the menopause",
    what=SPINE,
    time="ten years",
    without="bolland2025.vertebral.placebo_percent",
    treated="bolland2025.vertebral.two_infusions_percent",
    how="With two drips",
)
"""What zoledronate did in women like those of the trial at 50 to 60."""

SPARED = {"zoledronate": "reid2018.nnt"}
"""The row of how many had to be treated for one to be spared, where the trial gives it."""

_ARMS = {"reid2018.randomised": 2}
"""Rows that count everybody in a trial of equal groups: by how many groups to divide."""


def percent_of(counted: Counted) -> float:
    """How many of a hundred, from the rows."""
    if isinstance(counted, str):
        return value(counted)
    had, people = counted
    return 100.0 * value(had) * _ARMS.get(people, 1) / value(people)


def benefit_of(therapy: str, report: Report | None = None) -> Benefit | None:
    """The trial that comes nearest to a person, or the main one; none where no trial read here counted fractures."""
    if report is not None and therapy == "zoledronate":
        rows = [row for one in report.options if one.therapy == therapy for row in one.guidelines]
        if any(row.source == "bolland2025_zol" and row.verdict == "trial" and row.applies is True for row in rows):
            return YOUNGER
    return BENEFITS.get(therapy)


def benefit_words(therapy: str, report: Report | None = None) -> str:
    """How many of a hundred broke a bone with and without a medicine; empty where no trial read here counted them.

    Parameters
    ----------
    therapy
        Its fixed name, such as ``zoledronate``.
    report
        The reader's: which trial comes nearest, and what the record says about who was studied. Without it nothing
        is known of the reader.
    """
    one = benefit_of(therapy, report)
    if one is None:
        return ""
    without, treated = (people_in_100(percent_of(counted)) for counted in (one.without, one.treated))
    said = f"In {one.time}, {without} of 100 {one.instead} {one.what}. {one.how}, {treated} did."
    return " ".join(filter(None, (f"It was tried in {one.who}.", said, _gain(therapy, one, report))))


def _gain(therapy: str, one: Benefit, report: Report | None) -> str:
    """How many had to take it for one to be spared, or why the reader may have less to gain."""
    if one is YOUNGER:
        return "If your own risk is low, you may have less to gain."
    if report is not None and report.alert and therapy in FOLLOW_ON:
        return AFTER_DENOSUMAB
    unlike = "" if report is None or therapy not in SPARED else _unlike_older_women(report)
    if unlike:
        return unlike
    if therapy in SPARED:
        return f"So {value(SPARED[therapy]):g} had to take it for one to be spared."
    less = LESS_TO_GAIN.get(one.who, "")
    like = None if report is None or not less else _like_them(one.who, report)
    if like is None:
        return less
    return "" if like else UNLIKE_THEM[one.who]


def _unlike_older_women(report: Report) -> str:
    """What sets the reader apart from the women of 65 or more with osteopenia, of whom one in 15 was spared."""
    person = report.person
    if person.sex == "male":
        return "They were women, so the numbers may not fit you."
    if person.age_years < value("trial.reid2018.youngest"):
        return "They were older than you, so you may have less to gain."
    spans = (risk_span(one) for one in report.risk if one.outcome == "hip" and one.horizon_years == 10)
    hip = max((span[1] for span in spans if span is not None), default=None)
    if hip is not None and hip < value("reid2018.baseline.hip_risk_percent"):
        return "Your own risk is lower than theirs was, so you may have less to gain."
    return ""


def _like_them(who: str, report: Report) -> bool | None:
    """Whether the record puts the reader among those who were studied; none when it does not say."""
    if who == OSTEOPOROSIS:
        diagnosis = report.densitometry.diagnosis
        if diagnosis == "osteoporosis" or report.standing_diagnosis:
            return True
        return None if diagnosis == "undetermined" else False
    history = report.person.history
    if who == BROKEN_AND_LOW:
        return True if history.fragility_fracture_sites else history.previous_fragility_fracture
    if history.fragility_fracture_sites:
        return "spine" in history.fragility_fracture_sites
    return False if history.previous_fragility_fracture is False else None


def rows_of(therapy: str, report: Report | None = None) -> tuple[str, ...]:
    """The evidence rows behind the words."""
    one = benefit_of(therapy, report)
    if one is None:
        return ()
    parts = (one.without, one.treated)
    spared = (SPARED[therapy],) if therapy in SPARED and one is not YOUNGER else ()
    return (*(name for part in parts for name in ((part,) if isinstance(part, str) else part)), *spared)
