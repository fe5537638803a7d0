"""What care says about a person: the options side by side, the risk-factor profile, and the word on stem cells.

Everything here is made of sentences for a reader and of keys that a program can sort by. Each result names the
sources behind it, as keys for :func:`osteon.evidence.cite`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from osteon.risk.result import Outcome

Certainty = Literal["high", "moderate", "low", "very-low", "none"]
Eligible = bool | Literal["uncertain"]
Answer = Literal["yes", "no", "unknown"]
RiskFactorGroup = Literal["genetics", "lifestyle", "diet", "medicines", "hormones", "conditions", "signs"]
Changeable = Literal["yes", "partly", "no"]
Standing = Literal[
    "advised",  # at least one guideline of this person's country, or an international one, advises it
    "consider",  # a guideline allows it, leaves it to a joint decision, or advises it in another country
    "trial",  # no guideline threshold is met, and a trial in people like this one found a benefit
    "unclear",  # what is missing from the record could change the answer
    "not now",  # nothing read asks for it at present
    "not suitable",  # something in the record speaks against it
    "baseline",  # no treatment: what the others are compared with
    "experimental",  # not a treatment outside a regulated trial
]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class OptionEvidence(_Result):
    """What trials found for one therapy: the certainty in GRADE words, why, and a summary in plain words."""

    certainty: Certainty
    certainty_reason: str
    summary: str
    sources: tuple[str, ...]


class GuidelineAdvice(_Result):
    """One guideline row (or trial) that this person triggers, or might trigger once something missing is known.

    ``applies`` is ``uncertain`` when an item in ``missing`` decides it. ``verdict`` is what the row says about the
    therapy: ``for``, ``may`` (conditional, second line, or a joint decision), ``against``, ``trial``, or ``note``
    (good to know; decides nothing here). ``country`` is for whom the body speaks; ``at_home`` is no where that is
    another country than the person's: then the row advises nobody here, and is told as what holds there.
    """

    guideline: str
    year: int
    strength: str
    who: str
    advice: str
    verdict: Literal["for", "may", "against", "trial", "note"]
    applies: Literal[True, "uncertain"]
    missing: tuple[str, ...]
    source: str
    country: str
    at_home: bool

    @property
    def sentence(self) -> str:
        """What it says, with who says it, and where it holds when that is elsewhere."""
        return told(self.guideline, self.year, self.strength, self.advice, "" if self.at_home else self.country)


def place_called(country: str) -> str:
    """A country inside a sentence: ``the United Kingdom``, ``Canada``."""
    return f"the {country}" if country.startswith("United ") else country


def told(guideline: str, year: int, strength: str, advice: str, elsewhere: str = "") -> str:
    """What a guideline says as one sentence; ``elsewhere`` names the country where it holds, when that is another."""
    place = f"In {place_called(elsewhere)}: " if elsewhere else ""
    return f"{place}{guideline} {year} ({strength}): {advice}"


StandingGround = Literal["earlier scan", "fracture", "fracture and low density", "risk"]


class StandingDiagnosis(_Result):
    """Why osteoporosis stands although the latest density is not in its range, and the source that says so.

    ``source`` is empty for a plain fact of the record.
    """

    ground: StandingGround
    sentence: str
    source: str


class Option(_Result):
    """One therapy for one person.

    ``recommendation`` is one sentence that says where the option stands for this person; ``standing`` is the same as
    a key. ``eligible`` is ``uncertain`` when something that decides it is not in the record; ``checks`` then says
    what to look up. ``reasons`` are short sentences, the most decisive first; ``settle_first`` are those of them that
    have to be settled before a medicine is started.
    """

    therapy: str
    label: str
    recommendation: str
    eligible: Eligible
    reasons: tuple[str, ...]
    evidence: OptionEvidence
    group: str
    standing: Standing
    guidelines: tuple[GuidelineAdvice, ...]
    checks: tuple[str, ...]
    harms: tuple[str, ...]
    burden: str
    on_stopping: str
    hypothetical: bool
    settle_first: tuple[str, ...] = ()


class SuitabilityItem(_Result):
    """One question that a trial of cell therapy would ask, and what the record says about it."""

    question: str
    answer: Answer
    note: str


class Claim(_Result):
    """One claim made for stem cells in bone loss, beside what was found in people, animals and the laboratory."""

    key: str
    claim: str
    verdict: str
    human: str
    animal: str
    laboratory: str
    certainty: Certainty
    would_have_to_be_true: str
    sources: tuple[str, ...]


class ChecklistItem(_Result):
    """One line of the all-or-nothing provider checklist."""

    key: str
    question: str
    why: str


class RegulatorPosition(_Result):
    """What a regulator or court has said about unproven cell products, with the date."""

    region: str
    authority: str
    date: str
    position: str
    source: str


class CellTherapy(_Result):
    """The counselling page on stem cells: what is known, who could take part in research, how to judge an offer.

    No provider is named as good, ranked or linked. ``beside`` is the best-evidenced drug in osteopenia, which is
    always shown next to cell therapy.
    """

    statement: str
    hypothetical: Literal[True]
    beside: str
    suitability: tuple[SuitabilityItem, ...]
    suitability_summary: str
    claims: tuple[Claim, ...]
    red_flags: tuple[str, ...]
    provider_checklist: tuple[ChecklistItem, ...]
    provider_rule: str
    regulators: tuple[RegulatorPosition, ...]
    cost_and_harm: tuple[str, ...]
    questions: tuple[str, ...]
    sources: tuple[str, ...]


class FractureSize(_Result):
    """The probability of fracture with one risk factor and without it, all else as recorded, in percent.

    From Osteon's open fracture model. Where bone density is known it is the same in both, so what a factor does
    through bone density is not counted twice.
    """

    outcome: Outcome
    horizon_years: int
    with_percent: float
    without_percent: float


class BoneSize(_Result):
    """What one risk factor does to the density of the total hip over the years ahead, from Osteon's bone model.

    ``difference_percent`` is density at the end with the factor minus density without it, in percent of the density
    today: below zero it costs bone. ``compared`` says with what.
    """

    years: float
    difference_percent: float
    compared: str


class RiskFactor(_Result):
    """One risk factor: whether the record has it, whether it can be changed, and how much it matters.

    ``effect`` is the published relative size as a sentence, empty when none was read at its source. ``fracture`` and
    ``bone`` are the sizes for this person from Osteon's models. When a factor is not on record, ``fracture`` says what
    knowing it would do. ``not_sized`` says why a factor that is present has no size.
    """

    group: RiskFactorGroup
    key: str
    label: str
    state: Literal["present", "absent", "unknown"]
    changeable: Changeable
    finding: str
    why: str
    effect: str
    action: str
    sources: tuple[str, ...]
    fracture: tuple[FractureSize, ...] = ()
    bone: BoneSize | None = None
    not_sized: str = ""


class SecondaryTest(_Result):
    """A test that looks for a hidden cause, why it is considered, and whether the record has its result."""

    name: str
    reason: str
    done: bool
    sources: tuple[str, ...]


class BoneLosingMedicine(_Result):
    """A medicine on a person's list that costs bone, with its class and what is known of the size.

    ``answers`` is the field of the history that it settles, so that the factor is among the others; empty for most.
    """

    name: str
    drug_class: str
    effect: str
    answers: str
    sources: tuple[str, ...]


class RiskProfile(_Result):
    """The risk factors of a person by group, and the tests that would look for a hidden cause.

    ``together`` is the probability of fracture as things stand and without all the factors that can be changed, where
    there are several; ``sizes_note`` says what the sizes are and are not.
    """

    factors: tuple[RiskFactor, ...]
    tests: tuple[SecondaryTest, ...]
    bone_losing: tuple[BoneLosingMedicine, ...] = ()
    medicines_note: str
    sources: tuple[str, ...]
    together: tuple[FractureSize, ...] = ()
    sizes_note: str = ""


class MonitoringStep(_Result):
    """One thing to measure again: what, when in words and in years from the latest scan, and why."""

    what: str
    when: str
    years_from_scan: float | None
    why: str
    sources: tuple[str, ...]
