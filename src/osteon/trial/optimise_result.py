"""What a search for a design or a dose found."""

from __future__ import annotations

from typing import Literal

from osteon.trial.outcome import Out
from osteon.trial.power_result import AtSize


class Tried(Out):
    """One design that was tried.

    ``size`` is none, with ``cost``, where no trial has the power wanted. ``cost_low`` and ``cost_high`` are the least
    and the most that it cost with other people; only the cheapest designs are tried again.
    """

    choice: dict[str, str]
    difference: float
    size: AtSize | None
    cost: float | None
    cost_low: float | None
    cost_high: float | None


class DoseEffect(Out):
    """The mean difference to control at one dose, percentage points, with the error of so many people."""

    dose: float
    difference: float
    simulation_error: float


class DoseFound(Out):
    """The least dose that reaches the effect, for one choice of the rest.

    ``dose`` is none where the highest does not reach it; ``low`` and ``high`` are the least and the greatest dose that
    were found with other people. ``total`` is all that is given in the trial.
    """

    choice: dict[str, str]
    dose: float | None
    low: float | None
    high: float | None
    unit: str
    total: float | None
    tried: tuple[DoseEffect, ...]
    verdict: str


class Optimised(Out):
    """The answer to ``osteon trial optimise``. ``best`` is the first of ``designs``, which stand by cost."""

    osteon: str
    title: str
    seed: int
    goal: Literal["power", "effect"]
    arm: str
    control: str
    endpoint: str
    wanted: float
    level: float
    hypothetical: bool
    statement: str | None
    supposed: str | None
    how: str
    how_sure: str
    designs: tuple[Tried, ...]
    doses: tuple[DoseFound, ...]
