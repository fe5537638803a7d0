"""What a run of a planned trial found: the models behind ``summary.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Fractures = Literal["vertebral", "all", "non_vertebral", "hip"]


class Out(BaseModel):
    """Base of the results: frozen, without strange numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ArmFound(Out):
    """An arm: what it gave, whether that is hypothetical and under which prior, and how many were randomised to it."""

    name: str
    therapy: str
    label: str
    share: float
    dropout_per_year: float
    adherence: float
    hypothetical: bool
    prior: Literal["evidence", "hypothesis"] | None
    prior_meaning: str | None
    cells: str | None
    notes: tuple[str, ...]
    randomised: int


class ArmMean(Out):
    """The mean true change in one arm, per cent, and its spread between people; everybody is in every arm.

    ``mean`` is none of nobody, and ``sd`` none of fewer than two people.
    """

    arm: str
    people: int
    mean: float | None
    sd: float | None


class Expected(Out):
    """Mean difference to control of the same people, percentage points.

    ``simulation_error`` is the standard error of so many people: it falls with more, and is no uncertainty of a trial.
    ``between_people_sd`` is how much the difference differs from person to person. Both are none of fewer than two.
    """

    difference: float
    simulation_error: float | None
    between_people_sd: float | None


class Band(Out):
    """Where ``interval`` of the draws of a difference lie, and what they differ in."""

    interval: float
    median: float
    lower: float
    upper: float
    share_below_zero: float
    draws: int
    meaning: str


class AsRandomised(Out):
    """What one trial with these people would have found, each in one arm, measured with error."""

    control_people: int
    active_people: int
    difference: float
    low: float
    high: float
    level: float
    p: float


class ChangeContrast(Out):
    """One arm beside the control, for a change.

    ``expected`` is none where the estimand counts nobody. ``as_randomised`` is none where too few were measured, or
    where the people are spread over draws of a prior: one trial is one draw, and ``osteon trial power`` takes them one
    by one. ``hypothetical`` is whether the arm or the control rests on something unproven.
    """

    arm: str
    control: str
    hypothetical: bool
    expected: Expected | None
    prior: Band | None
    model: Band | None
    as_randomised: AsRandomised | None


class Threshold(Out):
    """The least difference in the surrogate that predicted fewer ``fractures`` in trials of medicines, and its row."""

    fractures: Fractures
    points: float
    evidence: str


class ChangeFound(Out):
    """A continuous endpoint; ``thresholds`` stand beside the surrogate only."""

    endpoint: str
    measure: Literal["bmd", "surrogate", "ctx"]
    site: str | None
    month: int
    unit: Literal["% of baseline"] = "% of baseline"
    primary: bool
    thresholds: tuple[Threshold, ...]
    arms: tuple[ArmMean, ...]
    contrasts: tuple[ChangeContrast, ...]


class ArmFractures(Out):
    """What the hazards expect in one arm: people with a first fracture by the end, and the rate."""

    arm: str
    percent: float
    per_1000_person_years: float


class HazardRatioFound(Out):
    """Cox's hazard ratio of the people as they were randomised, with the interval that belongs to ``level``."""

    ratio: float
    low: float
    high: float
    level: float
    control_fractures: int
    active_fractures: int


class FractureContrast(Out):
    """One arm beside the control, for fractures. ``expected_ratio`` is that of the rates; it holds no luck."""

    arm: str
    control: str
    hypothetical: bool
    expected_ratio: float
    as_randomised: HazardRatioFound | None


class FractureFound(Out):
    """A fracture endpoint, by the link that the reports use."""

    endpoint: str
    measure: Literal["fracture"] = "fracture"
    fracture: Literal["major", "spine", "nonvertebral"]
    link: Literal["trials"] = "trials"
    primary: bool
    arms: tuple[ArmFractures, ...]
    contrasts: tuple[FractureContrast, ...]


class People(Out):
    """Who was enrolled: ages, and T-scores as they were measured; spreads are none of fewer than two people.

    ``failed`` are people for whom the model gave no answer: they are in no change, and named.
    """

    people: int
    failed: int
    failed_people: tuple[int, ...]
    age_mean: float
    age_sd: float | None
    total_hip_t_mean: float
    total_hip_t_sd: float | None
    femoral_neck_t_mean: float
    femoral_neck_t_sd: float | None


class TrialSummary(Out):
    """The summary of a run. ``hypothetical`` is whether any arm is; ``statement`` then says what is known."""

    osteon: str
    title: str
    seed: int
    years: float
    hypothetical: bool
    statement: str | None
    population: People
    estimand: Literal["treatment-policy", "hypothetical"]
    method: Literal["ancova", "difference"]
    alpha: float
    adjust: Literal["none", "bonferroni"]
    arms: tuple[ArmFound, ...]
    endpoints: tuple[ChangeFound | FractureFound, ...]
    left_out: tuple[str, ...]
    sources: tuple[str, ...]
