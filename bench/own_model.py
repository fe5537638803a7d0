"""Osteon's own model under the work of ``bench/work.py``: our drivers, and libRoadRunner on the exported SBML.

Every engine starts from the same untreated states at each woman's age, which are computed before the clock starts: the
work is the ten years under treatment.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.exchange.sbml import export_sbml
from osteon.twin.engine import Bolus, Regimen, simulate
from osteon.twin.osteon_model import OsteonModel

Floats = NDArray[np.float64]

YEARS = 10
T_YEARS = np.arange(1, 12 * YEARS + 1) / 12.0
INTERVAL_DAYS = 182.5
DENOSUMAB = Regimen("denosumab", (Bolus("denosumab", 60.0, 0.0, INTERVAL_DAYS, None),))
ROADRUNNER_TOLERANCES = (1e-5, 3e-6, 1e-6, 3e-7, 1e-7, 1e-8)


def ages(people: int) -> Floats:
    return np.linspace(60.0, 75.0, people)


@cache
def start(people: int) -> Floats:
    """Untreated states at each age, ``(S, people)``."""
    model = OsteonModel()
    return np.asarray(model.initial_state(ages(people), model.parameters))


def ours(people: int, *, backend: Any, subdivide: int = 1) -> Floats:
    run = simulate(
        OsteonModel(),
        ages(people),
        DENOSUMAB,
        output_years=T_YEARS,
        observe=["bmd_total_hip"],
        initial_state=start(people),
        backend=backend,
        subdivide=subdivide,
    )
    return run.require_ok().observables["bmd_total_hip"]


class RoadRunner:
    """libRoadRunner on the SBML that ``osteon twin export`` writes, its model compiled before the clock starts."""

    def __init__(self, *, stiff: bool, rtol: float) -> None:
        import roadrunner

        text = export_sbml("osteon", "denosumab", age_years=65.0, years=YEARS, compartments="dosed")
        self.runner = roadrunner.RoadRunner(text)
        self.runner.selections = ["bmd_total_hip"]
        self.runner.integrator.stiff = stiff
        self.runner.integrator.relative_tolerance = rtol
        self.runner.integrator.absolute_tolerance = 1e-10
        names = list(self.runner.model.getGlobalParameterIds())
        states = (name.replace(".", "_") for name in OsteonModel.state_names)
        self.where = [names.index(name) for name in ("age_at_start", *states)]

    def __call__(self, people: int) -> Floats:
        """BMD of so many people, one after the other."""
        states, found = start(people), np.empty((people, T_YEARS.size))
        for person, age in enumerate(ages(people).tolist()):
            self.runner.resetToOrigin()  # a plain reset keeps the count of doses given
            self.runner.model.setGlobalParameterValues(self.where, [age, *states[:, person].tolist()])
            found[person] = self.runner.simulate(0.0, YEARS * 365.0, T_YEARS.size + 1)[1:, 0]
        return found


def fine_bmd(people: int) -> Floats:
    """What everybody is compared with: steps an eighth of the standard ones."""
    return ours(people, backend="numpy", subdivide=8)


ENGINES: dict[str, tuple[Callable[[], Callable[[int], Floats]], int]] = {
    "own numpy": (lambda: partial(ours, backend="numpy"), 2048),
    "own jax": (lambda: partial(ours, backend="jax"), 4096),
    "own float": (lambda: partial(ours, backend="float"), 16),
    **{
        f"own-roadrunner {method} {rtol:g}": (partial(RoadRunner, stiff=stiff, rtol=rtol), 64)
        for method, stiff in (("BDF", True), ("Adams", False))
        for rtol in ROADRUNNER_TOLERANCES
    },
}
"""How to make each engine ready, and how many people it runs at a time."""
