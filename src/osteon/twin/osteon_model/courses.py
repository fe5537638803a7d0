"""One mean person's course under a written schedule, month by month: what tests and pictures of behaviour look at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from osteon.twin.engine.regimen import NO_TREATMENT
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model.model import OsteonModel
from osteon.twin.osteon_model.schedule import read_schedule

Floats = NDArray[np.float64]

BEFORE_DOSE_YEARS = 1e-6
"""Each month is read shortly before a dose that is due on it."""


def course(
    schedule: str, *, age_years: float = 65.0, years: float = 8.0, traits: Mapping[str, float] | None = None
) -> Mapping[str, Floats]:
    """Change of every observable from before the first dose, in per cent, at months 0, 1, 2 and so on.

    Parameters
    ----------
    schedule
        As the arms' table writes it, e.g. ``denosumab 60 x6/6m``; ``none`` is no treatment.
    age_years, years
        Age before treatment, and how far to look.
    traits
        What else describes the person; a woman with the usual menopause by default.

    Returns
    -------
    By observable, ``(12 * years + 1,)``.
    """
    return _course(schedule, age_years, years, tuple(sorted((traits or {}).items())))


@cache
def _course(schedule: str, age: float, years: float, traits: tuple[tuple[str, float], ...]) -> Mapping[str, Floats]:
    model, own = OsteonModel(), dict(traits)
    t = np.arange(round(12 * years) + 1) / 12.0
    t[1:] -= BEFORE_DOSE_YEARS
    run = simulate(model, [age], read_schedule(schedule), output_years=t, parameters=own, backend="float").require_ok()
    before = simulate(model, [age], NO_TREATMENT, output_years=[0.0], parameters=own, backend="float").require_ok()
    found = {}
    for name, values in run.observables.items():
        change = 100.0 * (values[0] / before.observables[name][0, 0] - 1.0)
        change[0] = 0.0
        found[name] = change
    return found


def net_course(
    schedule: str, *, age_years: float = 65.0, years: float = 8.0, traits: Mapping[str, float] | None = None
) -> Mapping[str, Floats]:
    """:func:`course` minus the same person's course without treatment, in points."""
    own = course(schedule, age_years=age_years, years=years, traits=traits)
    untreated = course("none", age_years=age_years, years=years, traits=traits)
    return {name: values - untreated[name] for name, values in own.items()}
