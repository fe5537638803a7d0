"""When a visit reads the bone model: before the first dose at baseline, and shortly before a dose that is due later.

Markers answer to a single dose at once, so a reading just after an infusion is another one than just before it. Trials
draw blood first. BMD does not notice the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.twin.engine.regimen import NO_TREATMENT, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.engine.simulation import Simulation
from osteon.twin.osteon_model import LONG_STEPS, OsteonModel
from osteon.twin.osteon_model.courses import BEFORE_DOSE_YEARS

Floats = NDArray[np.float64]


def read_at_visits(
    ages: Floats, regimen: Regimen, t_years: Floats, observe: Sequence[str], start: Floats, **how: Any
) -> tuple[Simulation, Mapping[str, Floats]]:
    """Simulate people and read them at their visits.

    Parameters
    ----------
    ages
        Age of each person at enrolment, years, ``(n,)``.
    regimen
        What they are given from enrolment on.
    t_years
        The visits, years from enrolment, the first 0, ``(J,)``.
    observe
        What is read.
    start
        The bone model's untreated states at enrolment, ``(S, n)``.
    how
        Whatever else :func:`osteon.twin.engine.simulate.simulate` takes: parameters, multipliers of the doses, engine.

    Returns
    -------
    The simulation, and by observable the readings, ``(n, J)``.
    """
    run = simulate(
        OsteonModel(),
        ages,
        regimen,
        output_years=np.maximum(t_years - BEFORE_DOSE_YEARS, 0.0),
        observe=observe,
        initial_state=start,
        step_scale=LONG_STEPS,
        **how,
    )
    before = simulate(
        OsteonModel(),
        ages,
        NO_TREATMENT,
        output_years=np.zeros(1),
        observe=observe,
        parameters=how.get("parameters"),
        initial_state=start,
        step_scale=LONG_STEPS,
    )
    found = {name: np.concatenate([before.observables[name], run.observables[name][:, 1:]], axis=1) for name in observe}
    return run, found
