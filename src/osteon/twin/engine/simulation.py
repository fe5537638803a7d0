"""What a run of the engine gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from osteon.errors import ModelError
from osteon.twin.engine.regimen import Regimen

Floats = NDArray[np.float64]


class Status(IntEnum):
    """How the run of one person ended."""

    OK = 0
    NON_FINITE = 1
    """A state or an input was not a finite number. This person's observables must not be used."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a run can be taken up again: the state at a step boundary at or shortly before the end of the run.

    Attributes
    ----------
    model, regimen
        What was run; going on with anything else is refused.
    step
        The number of the step that begins here.
    state
        ``(S, n)``.
    exposure
        Level of each channel before any dose on this day, ``(n,)`` each.
    """

    model: str
    regimen: Regimen
    step: int
    state: Floats
    exposure: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Simulation:
    """Observables over time for ``n`` people at ``J`` times.

    Attributes
    ----------
    t_years
        Times since the start of the simulation, ``(J,)``.
    observables
        By name, ``(n, J)``. Rows of people whose status is not OK hold NaN; see :meth:`require_ok`.
    status
        :class:`Status` of each person, ``(n,)``.
    checkpoint
        Where to go on, when it was asked for.
    """

    t_years: Floats
    observables: Mapping[str, Floats]
    status: NDArray[np.int8]
    checkpoint: Checkpoint | None

    def require_ok(self) -> Simulation:
        """Return the simulation when everybody's run is usable.

        Raises
        ------
        ModelError
            Naming the people (by position in the batch) whose run failed.
        """
        failed = np.flatnonzero(self.status != Status.OK)
        if failed.size:
            shown = ", ".join(str(index) for index in failed[:10]) + (", ..." if failed.size > 10 else "")
            raise ModelError(
                f"the model gave no finite answer for {failed.size} of {self.status.size} people (positions {shown})",
                mend="Check the ages and parameters of these people",
            )
        return self
