"""How long what one report asks for takes, warm: ``python -m bench.single``. Processor time, best of five."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from osteon.risk.open_model import RiskFactors, path, probabilities
from osteon.twin.personalise import PersonData, Visit, fit_person

TRIES = 5


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time of the quickest of some runs, after one that fills the caches."""
    work()
    taken = []
    for _ in range(TRIES):
        begun = time.process_time()
        work()
        taken.append(1000.0 * (time.process_time() - begun))
    return min(taken)


def fit() -> object:
    """The fit of a woman with two scans."""
    visits = (
        Visit(61.0, {"lumbar_spine": 0.90, "total_hip": 0.79, "femoral_neck": 0.66}),
        Visit(64.0, {"lumbar_spine": 0.87, "total_hip": 0.76, "femoral_neck": 0.64}),
    )
    return fit_person(PersonData("female", 64.0, visits, menopause_years=50.0))


def thousand_paths() -> object:
    """Ten-year fracture probabilities along a thousand paths of the T-score."""
    scores = np.linspace(-1.0, -3.0, 1000)[:, None] * np.ones(11)
    return probabilities("female", 66.0, RiskFactors(), bone=path(np.arange(11), scores))


def main() -> None:
    """Measure and print."""
    print(f"one person's fit, two scans: {milliseconds(fit):.0f} ms")
    print(f"fracture probabilities along a thousand paths: {milliseconds(thousand_paths):.1f} ms")


if __name__ == "__main__":
    main()
