"""What screening says about a person: made of sentences for a reader and of keys that a program can sort by."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict

from osteon.care.result import MonitoringStep
from osteon.risk.result import FractureRisk, ScreeningScore

Advised = bool | Literal["uncertain"]
Step = Literal["scan", "risk tool", "spine image", "look again"]
Standing = Literal[
    "advised",
    "advised against",  # the body says no in words
    "not called for",  # none of the body's groups fits
    "depends",  # something that is not recorded decides
    "no recommendation",  # the body says neither yes nor no
    "outside its scope",  # the recommendation is not meant for this person
]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class BodyOpinion(_Result):
    """One body's answer for this person.

    Attributes
    ----------
    step
        What the answer is about: a ``scan`` at once, or a ``risk tool`` first and then perhaps a scan.
    advised
        ``standing`` in three values. ``uncertain`` covers what is missing, a body that says neither, and a
        recommendation that is not meant for this person; ``standing`` tells them apart.
    factors
        The risk factors of the deciding group that are present.
    missing
        What decides and is not recorded.
    asks_from_age
        The age from which this body asks for the step, today's record otherwise unchanged; none when it asks already,
        never does, or does not say.
    """

    body: str
    country: str
    year: int
    strength: str
    step: Step
    advised: Advised
    standing: Standing
    reason: str
    advice: str
    factors: tuple[str, ...]
    missing: tuple[str, ...]
    asks_from_age: int | None
    tools: tuple[str, ...]
    sources: tuple[str, ...]
    locator: str


class NamedTool(_Result):
    """A tool that a body names, with what it says about this person.

    ``computed_here`` is false for a tool that Osteon does not compute; ``note`` then says what to do instead.
    """

    name: str
    named_by: tuple[str, ...]
    computed_here: bool
    scores: tuple[ScreeningScore, ...]
    risks: tuple[FractureRisk, ...]
    missing: tuple[str, ...]
    note: str


class Sign(_Result):
    """A symptom or sign of silent disease; ``look`` when the record cannot hold it and somebody has to look."""

    key: str
    label: str
    state: Literal["present", "absent", "unknown", "look"]
    action: str
    sources: tuple[str, ...]


class SpineImaging(_Result):
    """Whether a body asks for a picture of the spine, to find fractures that nobody has noticed."""

    body: str
    country: str
    year: int
    advised: Advised
    reason: str
    missing: tuple[str, ...]
    sources: tuple[str, ...]


class Interval(_Result):
    """What a body says about the time to the next scan, after a first one."""

    body: str
    country: str
    year: int
    applies: Literal[True, "uncertain"]
    who: str
    advice: str
    missing: tuple[str, ...]
    sources: tuple[str, ...]


class Screening(_Result):
    """Everything for one person.

    Attributes
    ----------
    country
        The country that was asked for; none for all.
    scan_date
        The latest usable scan; none when there is none, and the question is the first scan.
    headline
        The answer in short: which bodies ask for what, and which do not.
    next_look
        When to scan again; none without a usable scan.
    missing
        What is not recorded and decides somewhere, the item that decides in most places first.
    """

    country: str | None
    scan_date: dt.date | None
    headline: str
    bodies: tuple[BodyOpinion, ...]
    tools: tuple[NamedTool, ...]
    signs: tuple[Sign, ...]
    unnoticed: str
    spine_imaging: tuple[SpineImaging, ...]
    next_look: MonitoringStep | None
    intervals: tuple[Interval, ...]
    missing: tuple[str, ...]
    sources: tuple[str, ...]
