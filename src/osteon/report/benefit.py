"""How many a medicine spared a break in its trial, in a patient's words: the absolute figures beside the harms.

Only where evidence rows give how many broke a bone with the medicine and how many without. Who was studied is said
each time, because the figure is theirs and not the reader's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from osteon.evidence import value
from osteon.report.words import people_in_100

Counted = str | tuple[str, str]
"""A row in percent, or the rows of how many had it and of how many there were."""

SPINE = "had a new break in the spine on an X-ray"
OSTEOPOROSIS = "women with osteoporosis"
SPINE_BROKEN = "women who had broken a bone in the spine"
BROKEN_AND_LOW = "women with osteoporosis who had broken a bone"

LESS_TO_GAIN = {
    OSTEOPOROSIS: " If you do not have osteoporosis, you may have less to gain.",
    SPINE_BROKEN: " If you have had no such break, you may have less to gain.",
    BROKEN_AND_LOW: " If you have had no break, you may have less to gain.",
}
"""Where a trial chose people at high risk: who breaks fewer bones to begin with has fewer to be spared."""


@dataclass(frozen=True, slots=True)
class Benefit:
    """What one trial counted: in whom, over what time, with the medicine and without it."""

    who: str
    what: str
    time: str
    without: Counted
    treated: Counted
    instead: str = "without it"


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


def benefit_words(therapy: str) -> str:
    """How many of a hundred broke a bone with and without a medicine; empty where no trial read here counted them.

    Parameters
    ----------
    therapy
        Its fixed name, such as ``zoledronate``.
    """
    one = BENEFITS.get(therapy)
    if one is None:
        return ""
    without, treated = (people_in_100(percent_of(counted)) for counted in (one.without, one.treated))
    spared = f" So {value(SPARED[therapy]):g} had to take it for one to be spared." if therapy in SPARED else ""
    less = LESS_TO_GAIN.get(one.who, "")
    return (
        f"It was tried in {one.who}. In {one.time}, {without} of 100 {one.instead} {one.what}. With it, {treated} did."
        f"{spared}{less}"
    )


def rows_of(therapy: str) -> tuple[str, ...]:
    """The evidence rows behind the words."""
    one = BENEFITS.get(therapy)
    if one is None:
        return ()
    parts = (one.without, one.treated)
    spared = (SPARED[therapy],) if therapy in SPARED else ()
    return (*(name for part in parts for name in ((part,) if isinstance(part, str) else part)), *spared)
