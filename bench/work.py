"""The work that is timed, and each engine's way of doing it. Run by ``bench/run.py`` in a process of its own.

``python -m bench.work NAME SECONDS`` prints one JSON object: people per second (the best of the repeats) and the
largest relative difference of BMD from a run with steps eight times finer than standard, over all people and months.
Time is that of the processor, so other work on the machine counts little.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import own_model
from osteon.twin.engine import Bolus, Regimen, simulate
from osteon.twin.reference.joerg2022 import Joerg2022, bmd_at_25, published_parameters

Floats = NDArray[np.float64]

YEARS = 10
T_YEARS = np.arange(1, 12 * YEARS + 1) / 12.0
INTERVAL_DAYS = 182.5
DOSE_MG = 60.0
DENOSUMAB = Regimen("denosumab", (Bolus("denosumab", DOSE_MG, 0.0, INTERVAL_DAYS, None),))
REFEREES = 16
"""People whose curves are compared with the fine run."""


def ages(people: int) -> Floats:
    return np.linspace(60.0, 75.0, people)


def fine_bmd() -> Floats:
    """What everybody is compared with: agrees with CVODE at tolerance 1e-10 to better than 1e-8 (see the tests)."""
    return simulate(
        Joerg2022(), ages(REFEREES), DENOSUMAB, output_years=T_YEARS, observe=["bmd_total_hip"], subdivide=8
    ).observables["bmd_total_hip"]


def ours(people: int, *, backend: Any, step_scale: float) -> Floats:
    run = simulate(
        Joerg2022(),
        ages(people),
        DENOSUMAB,
        output_years=T_YEARS,
        observe=["bmd_total_hip"],
        backend=backend,
        step_scale=step_scale,
    )
    return run.require_ok().observables["bmd_total_hip"]


def lsoda(people: int, *, rtol: float) -> Floats:
    """SciPy's LSODA (compiled Fortran or C) with a right-hand side in Python, started anew at each dose."""
    from scipy.integrate import odeint

    from osteon.twin.engine import scalars

    model = Joerg2022()
    parameters = dict(published_parameters())
    decay = float(np.log(2.0) / parameters["T_denosumab"])
    none = dict.fromkeys(model.channels(parameters), 0.0)
    scale = bmd_at_25(parameters)
    starts = np.arange(0.0, YEARS * 365.0 + 1e-9, INTERVAL_DAYS)
    out = T_YEARS * 365.0
    found = np.empty((people, out.size))
    for person, age in enumerate(ages(people).tolist()):
        y = model.initial_state(np.array([age]), parameters)[:, 0]
        level = 0.0
        for start in starts.tolist():
            level += parameters["E_denosumab"] * DOSE_MG

            def rate(t: float, y: Floats, start: float = start, level: float = level, age: float = age) -> Any:
                exposure = {**none, "denosumab": level * scalars.exp(-decay * (t - start))}
                forcing = model.forcing(scalars, age + t / 365.0, exposure, parameters)
                return model.derivatives(scalars, tuple(y.tolist()), forcing, parameters)

            end = start + INTERVAL_DAYS
            inside = (out > start) & (out <= end)
            grid = np.unique(np.concatenate([[start], out[inside], [end]]))
            path = odeint(rate, y, grid, tfirst=True, rtol=rtol, atol=1e-10)
            at = np.searchsorted(grid, out[inside])
            found[person, inside] = path[at, 7] * path[at, 8] / scale
            y, level = path[-1], level * scalars.exp(-decay * INTERVAL_DAYS)
    return found


class RoadRunner:
    """libRoadRunner on the same equations in Antimony, its model compiled before the clock starts."""

    def __init__(self, *, stiff: bool, rtol: float) -> None:
        import antimony
        import roadrunner

        from bench.antimony_model import SYMBOLS, denosumab_model

        # The first dose is part of the initial state; later ones are events.
        text = denosumab_model(first_day=INTERVAL_DAYS, interval_days=INTERVAL_DAYS, doses=2 * YEARS, amount_mg=DOSE_MG)
        if antimony.loadAntimonyString(text) < 0:
            raise RuntimeError(antimony.getLastError())
        self.runner = roadrunner.RoadRunner(antimony.getSBMLString("reference_model"))
        self.runner.selections = ["bmd"]
        self.runner.integrator.stiff = stiff
        self.runner.integrator.relative_tolerance = rtol
        self.runner.integrator.absolute_tolerance = 1e-10
        names = list(self.runner.model.getGlobalParameterIds())
        self.where = [names.index(name) for name in ("age0", *SYMBOLS, "D")]
        self.level = published_parameters()["E_denosumab"] * DOSE_MG

    def __call__(self, people: int) -> Floats:
        """BMD of so many people, one after the other."""
        model = Joerg2022()
        states = model.initial_state(ages(people), model.parameters)
        found = np.empty((people, T_YEARS.size))
        for person, age in enumerate(ages(people).tolist()):
            self.runner.reset()
            self.runner.model.setGlobalParameterValues(self.where, [age, *states[:, person].tolist(), self.level])
            found[person] = self.runner.simulate(0.0, YEARS * 365.0, T_YEARS.size + 1)[1:, 0]
        return found


ROADRUNNER_TOLERANCES = (3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7, 1e-8, 1e-9)
LSODA_TOLERANCES = (1e-5, 1e-6, 1e-7, 1e-8)

ENGINES: dict[str, tuple[Callable[[], Callable[[int], Floats]], int]] = {
    "numpy standard": (lambda: partial(ours, backend="numpy", step_scale=1.0), 4096),
    "numpy long": (lambda: partial(ours, backend="numpy", step_scale=3.0), 4096),
    "jax standard": (lambda: partial(ours, backend="jax", step_scale=1.0), 8192),
    "jax long": (lambda: partial(ours, backend="jax", step_scale=3.0), 16384),
    "float long": (lambda: partial(ours, backend="float", step_scale=3.0), 16),
    **{f"lsoda {rtol:g}": (partial(partial, lsoda, rtol=rtol), 16) for rtol in LSODA_TOLERANCES},
    **{
        f"roadrunner {method} {rtol:g}": (partial(RoadRunner, stiff=stiff, rtol=rtol), 256)
        for method, stiff in (("BDF", True), ("Adams", False))
        for rtol in ROADRUNNER_TOLERANCES
    },
    **own_model.ENGINES,
}
"""How to make each engine ready, and how many people it runs at a time."""


def main() -> None:
    name, seconds = sys.argv[1], float(sys.argv[2])
    make, people = ENGINES[name]
    run = make()
    if own := name.startswith("own"):
        own_model.start(people)
    begin = time.process_time()
    exact = own_model.fine_bmd(REFEREES) if own else fine_bmd()
    difference = float(np.max(np.abs(run(REFEREES) / exact - 1.0)))
    run(people)
    ready = time.process_time() - begin
    best, spent, repeats = np.inf, 0.0, 0
    while spent < seconds or repeats < 3:
        begin = time.process_time()
        run(people)
        took = time.process_time() - begin
        best, spent, repeats = min(best, took), spent + took, repeats + 1
    answer = {"people_per_second": people / best, "difference": difference, "ready_seconds": ready, "repeats": repeats}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
