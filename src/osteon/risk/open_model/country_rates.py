"""What the module of a country offers: the one thing to know when a country is added."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from osteon.person import Sex

Floats = NDArray[np.float64]


class CountryRates(Protocol):
    """Rates of a population by sex and age, per person-year; a module with these names is one."""

    @property
    def YEARS(self) -> str:  # noqa: N802  (a constant of the module)
        """The years that the fractures are of, such as ``2008 to 2012``."""

    @property
    def SOURCES(self) -> tuple[str, ...]:  # noqa: N802  (a constant of the module)
        """Keys of the sources behind the rates."""

    @property
    def WHERE_FROM(self) -> str:  # noqa: N802  (a constant of the module)
        """Where fractures and deaths come from, as the end of a sentence without its full stop."""

    def death_hazard(self, sex: Sex, age_years: ArrayLike) -> Floats:
        """Deaths at these ages."""

    def hip_hazard(self, sex: Sex, age_years: ArrayLike) -> Floats:
        """First hip fractures at these ages."""

    def other_hazard(self, sex: Sex, age_years: ArrayLike) -> Floats:
        """First fractures of clinical spine, forearm or shoulder at these ages."""
