"""What a virtual trial found, beside what was printed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from osteon.risk.open_model.treatment_link import Link
from osteon.trial.design import Endpoint


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Ratio(_Out):
    """What the models expect of one endpoint, and what the virtual women met.

    Attributes
    ----------
    expected
        Ratio of the fracture rates per person-year that the hazards expect; it holds no luck.
    control_percent, active_percent
        Women with a fracture that the hazards expect in each arm.
    cox, low, high
        Hazard ratio of the virtual women by Cox's method, and its 95 % interval: the sampling error of so many women
        an arm, nothing of what the models get wrong. None where an arm met no such fracture: ask for more women.
    """

    endpoint: Endpoint
    link: Link
    expected: float
    control_percent: float
    active_percent: float
    cox: float | None
    low: float | None
    high: float | None


class Beside(_Out):
    """A printed ratio and the expected ones, by the link that was fixed beforehand and by the other."""

    label: str
    endpoint: Endpoint
    printed: float
    printed_low: float | None
    printed_high: float | None
    by_trials: float
    by_density: float
    inside: bool | None


class BmdDifference(_Out):
    """Mean difference of the change of BMD between the arms, percentage points."""

    site: str
    months: int
    control_change_percent: float
    active_change_percent: float
    difference_points: float


class OtherMix(_Out):
    """The expected ratio of the first printed endpoint by the fixed link, if one group of sites broke more or less."""

    site: str
    times: float
    expected: float


class SmallTrials(_Out):
    """Many trials of the size of the real one, women at random into two arms, each woman in one."""

    trials: int
    women: int
    link: Link
    median_ratio: float
    low: float
    high: float
    significant_percent: float


class Baseline(_Out):
    """The virtual women at enrolment."""

    women: int
    age_mean: float
    age_sd: float
    neck_t_mean: float
    neck_t_sd: float
    ten_year_hip_percent_median: float | None
    """Of the open fracture model; none when ten years lead past age 100."""


class TrialRun(_Out):
    """One re-run of a published trial.

    ``beside`` says which printed interval holds the model's ratio by the trials link (``inside``; none where no
    interval is printed). ``link_fixed_beforehand`` is the link that the reports use, chosen before any re-run.
    """

    osteon: str
    design: str
    title: str
    active: str
    years: float
    link_fixed_beforehand: Link
    baseline: Baseline
    bmd: tuple[BmdDifference, ...]
    ratios: tuple[Ratio, ...]
    beside: tuple[Beside, ...]
    other_mixes: tuple[OtherMix, ...]
    small_trials: tuple[SmallTrials, ...]
    apart: tuple[str, ...]
    sources: tuple[str, ...]
