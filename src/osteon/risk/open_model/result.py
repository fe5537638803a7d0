"""What the open fracture model says about one person and one outcome."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from osteon.risk.result import FractureRisk, Outcome

TOOL = "Osteon open fracture model"

State = Literal["present", "absent", "not recorded"]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FactorEffect(_Result):
    """One risk factor: its state, and what it does to the yearly hazard now against the average person.

    ``relative_hazard`` is 1 for a factor that is not recorded: it counts as average, neither present nor absent.
    """

    name: str
    state: State
    relative_hazard: float


class OpenFractureRisk(_Result):
    """A probability with its band, the people it can be compared with, and where everything came from.

    Attributes
    ----------
    percent, lower, upper
        Probability within the horizon at the printed ratios, and the band from their printed errors.
    interval
        Width of the band, e.g. 0.9.
    average_person_percent
        The same age and sex with bone density and every factor unknown: the population's own risk.
    no_risk_factor_percent
        The same age and sex with the mean bone density of that age, a BMI of 25 and no risk factor.
    death_percent, neither_percent
        Death before the fracture, and neither. With ``percent`` they make 100.
    femoral_neck_t_score
        As used; none when bone density is not known.
    """

    outcome: Outcome
    horizon_years: int
    percent: float
    lower: float
    upper: float
    interval: float
    average_person_percent: float
    no_risk_factor_percent: float
    death_percent: float
    neither_percent: float
    femoral_neck_t_score: float | None
    factors: tuple[FactorEffect, ...]
    inputs_missing: tuple[str, ...]
    baseline: str
    notice: str
    sources: tuple[str, ...]

    def as_fracture_risk(self) -> FractureRisk:
        """The common form that all tools share."""
        return FractureRisk(
            tool=TOOL,
            outcome=self.outcome,
            horizon_years=self.horizon_years,
            percent=self.percent,
            inputs_missing=self.inputs_missing,
            reason="",
            notice=self.notice,
            sources=self.sources,
        )
