"""What a trial is: whom it took, what each arm was given, how long it went, what was counted, what was printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from osteon.twin.osteon_model.sites import SiteName

Floats = NDArray[np.float64]

HALF_YEAR = 0.5
"""Virtual women enrol at an age in half years: the untreated lives are kept at these."""

Endpoint = Literal["major", "spine", "nonvertebral"]
"""First fracture of hip, clinical spine, forearm or shoulder; of the clinical spine; of the other three."""


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages at enrolment, from ``youngest`` to ``oldest``.

    With ``mean`` and ``sd``, ages above the youngest are lognormal with these, cut at the oldest; without, every age
    is as likely as another.
    """

    youngest: float
    oldest: float
    mean: float | None = None
    sd: float | None = None

    def at(self, uniform: Floats, normal: Floats) -> Floats:
        """The ages of women with these random numbers, in half years, shape of either."""
        if self.mean is None or self.sd is None:
            ages = self.youngest + (self.oldest - self.youngest) * uniform
        else:
            above = self.mean - self.youngest
            spread = np.log1p((self.sd / above) ** 2)
            ages = self.youngest + above * np.exp(np.sqrt(spread) * normal - spread / 2)
        return np.clip(np.round(ages / HALF_YEAR) * HALF_YEAR, self.youngest, self.oldest)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Women after the menopause whose lowest T-score over ``sites`` lies from ``lowest`` to ``highest``."""

    ages: Ages
    sites: tuple[SiteName, ...]
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: its name and its schedule, written as for :func:`osteon.twin.osteon_model.schedule.read_schedule`."""

    name: str
    schedule: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed ratio, by the name of its evidence row, and the endpoint of the model that stands nearest to it."""

    label: str
    row: str
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Design:
    """A published trial of one medicine beside placebo.

    Attributes
    ----------
    name, title
        Its short name and what it was.
    inclusion, control, active, years
        Whom, what, and how long.
    visits_months
        When BMD is compared.
    women
        How many were randomised.
    printed
        The published ratios, the one to be met first.
    apart
        What the model cannot follow, in sentences.
    sources
        Names of evidence rows and sources.
    """

    name: str
    title: str
    inclusion: Inclusion
    control: Arm
    active: Arm
    years: float
    visits_months: tuple[int, ...]
    women: int
    printed: tuple[Printed, ...]
    apart: tuple[str, ...]
    sources: tuple[str, ...]
