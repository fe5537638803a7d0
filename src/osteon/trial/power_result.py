"""What is said of the power of a trial."""

from __future__ import annotations

from typing import Literal

from osteon.trial.outcome import Out


class AtSize(Out):
    """The power of a size: the share of ``trials`` drawn trials that find the difference, with its 95 % interval."""

    total: int
    control: int
    active: int
    power: float
    low: float
    high: float
    trials: int


class Assurance(Out):
    """Over the prior of the cells: the probability that a trial of a size finds a benefit, and that it finds harm."""

    total: int
    control: int
    active: int
    benefit: float
    benefit_low: float
    benefit_high: float
    harm: float
    harm_low: float
    harm_high: float


class ArmPower(Out):
    """One arm beside the control.

    Attributes
    ----------
    difference
        Mean true difference of the change, percentage points.
    sd_control, sd_active
        What the analysis leaves of the spread of the measured changes: people and measurement. Under the evidence
        prior, the spread within a draw of the true changes.
    seen_control, seen_active
        Share of those randomised whose measurement counts.
    needed
        The smallest size with the power wanted; sizes are people randomised.
    formula_total
        The textbook's size for two means with the same spread and losses.
    power_over_model
        The mean power of ``needed`` over the draws that the bone model's calibration leaves open.
    curve
        Power at other sizes.
    assurance
        Under the evidence prior in the place of all these.
    why_no_size
        Why ``needed`` is none.
    """

    arm: str
    control: str
    hypothetical: bool
    difference: float
    sd_control: float
    sd_active: float
    seen_control: float
    seen_active: float
    needed: AtSize | None
    formula_total: int | None
    power_over_model: float | None
    curve: tuple[AtSize, ...]
    assurance: tuple[Assurance, ...]
    why_no_size: str | None


class FractureArmPower(Out):
    """One arm beside the control, for first fractures.

    ``expected_ratio`` is that of the rates that the hazards expect, ``control_percent`` and ``active_percent`` the
    people with a fracture by the end, ``formula_total`` Schoenfeld's size.
    """

    arm: str
    control: str
    hypothetical: bool
    expected_ratio: float | None = None
    control_percent: float | None = None
    active_percent: float | None = None
    needed: AtSize | None = None
    formula_total: int | None = None
    curve: tuple[AtSize, ...] = ()
    why_no_size: str | None = None


class Power(Out):
    """Sample size and power of the primary endpoint, arm by arm. ``level`` is that of one comparison.

    ``arms`` are for a change, ``fracture_arms`` for first fractures; the other is empty.
    """

    osteon: str
    title: str
    seed: int
    endpoint: str
    method: Literal["ancova", "difference", "cox"]
    estimand: Literal["treatment-policy", "hypothetical"]
    level: float
    wanted: float
    people: int
    hypothetical: bool
    statement: str | None
    arms: tuple[ArmPower, ...]
    fracture_arms: tuple[FractureArmPower, ...]
