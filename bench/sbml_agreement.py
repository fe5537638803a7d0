"""Run the exported SBML in libRoadRunner beside our own engine and write the table of ``docs/sbml.md``.

Ten years, read in the middle of every month (never on the day of a dose). Differences are relative, the largest over
all readings. ``exact`` is our engine with steps an eighth of the standard ones, ``standard`` is our engine as it is.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.exchange.sbml import export_sbml
from osteon.exchange.sbml.export import ModelName
from osteon.person import Sex
from osteon.twin.engine import Regimen, simulate
from osteon.twin.engine.model import Model
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.regimens import model_regimen
from osteon.twin.reference.coverage import reference_regimen
from osteon.twin.reference.joerg2022 import Joerg2022

Floats = NDArray[np.float64]

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "sbml.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

READ_YEARS: Floats = (np.arange(120, dtype=np.float64) + 0.5) / 12.0


@dataclass(frozen=True)
class Case:
    """One model under one regimen."""

    model: ModelName
    therapy: str
    age_years: float
    sex: Sex = "female"

    @property
    def bone(self) -> Model:
        """The model itself."""
        return Joerg2022() if self.model == "reference" else OsteonModel()

    @property
    def regimen(self) -> Regimen:
        """The doses."""
        read = reference_regimen if self.model == "reference" else model_regimen
        return read(self.therapy).regimen


CASES = [
    Case(model, therapy, age)
    for model in ("reference", "osteon")
    for therapy, age in (
        ("denosumab:24,alendronate", 65.0),
        ("teriparatide,alendronate:60", 47.0),
        ("romosozumab,denosumab", 70.0),
    )
] + [Case("osteon", "zoledronate+calcium_vitamin_d:36", 72.0, "male")]


def engine(case: Case, *, subdivide: int) -> dict[str, Floats]:
    """Our own answer, by observable."""
    traits = {"male": 1.0} if case.sex == "male" else {}
    run = simulate(
        case.bone,
        [case.age_years],
        case.regimen,
        output_years=READ_YEARS,
        parameters=traits,
        backend="float",
        subdivide=subdivide,
    ).require_ok()
    return {name: values[0] for name, values in run.observables.items()}


def roadrunner_answer(case: Case, *, rtol: float, atol: float) -> tuple[dict[str, Floats], float]:
    """What libRoadRunner makes of the exported text, and the seconds of its run."""
    import roadrunner

    text = export_sbml(case.model, case.therapy, age_years=case.age_years, sex=case.sex, compartments="dosed")
    runner: Any = roadrunner.RoadRunner(text)
    runner.integrator.relative_tolerance = rtol
    runner.integrator.absolute_tolerance = atol
    runner.integrator.setValue("maximum_num_steps", 200_000)
    bone = case.bone
    identifiers = [f"observed_{name}" if name in bone.parameters else name for name in bone.observable_names]
    runner.selections = identifiers
    begin = time.perf_counter()
    found = np.asarray(runner.simulate(times=[0.0, *(READ_YEARS * 365.0).tolist()]))[1:]
    seconds = time.perf_counter() - begin
    return dict(zip(bone.observable_names, found.T, strict=True)), seconds


def largest(found: dict[str, Floats], expected: dict[str, Floats], *, markers: bool) -> float:
    """The largest relative difference of the bone densities, or of the markers."""
    names = [name for name in expected if (name in ("ctx", "p1np", "bsap")) == markers]
    return max(float(np.max(np.abs(found[name] / expected[name] - 1.0))) for name in names)


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rtol", type=float, default=1e-10)
    parser.add_argument("--atol", type=float, default=1e-13)
    parser.add_argument("--no-write", action="store_true", help="print only; leave docs/sbml.md alone")
    asked = parser.parse_args()
    columns = (
        "model",
        "regimen",
        "starts at",
        "libRoadRunner, BMD",
        "libRoadRunner, markers",
        "standard steps, BMD",
        "standard steps, markers",
    )
    lines = [f"| {' | '.join(columns)} |", "| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    for case in CASES:
        exact, standard = engine(case, subdivide=8), engine(case, subdivide=1)
        found, seconds = roadrunner_answer(case, rtol=asked.rtol, atol=asked.atol)
        figures = [
            f"{largest(one, exact, markers=markers):.0e}" for one in (found, standard) for markers in (False, True)
        ]
        who = f"{case.age_years:g}" + (", man" if case.sex == "male" else "")
        lines.append(f"| {case.model} | {case.therapy} | {who} | {' | '.join(figures)} |")
        print(lines[-1], f"{seconds:.2f} s")
    if not asked.no_write:
        before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
        table = "\n".join(lines)
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}", encoding="utf-8")
        print(f"Written to {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
