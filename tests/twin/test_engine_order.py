"""The order of the integrator, measured: the slope of log error over log step."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.twin.engine.regimen import Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.reference.joerg2022 import Joerg2022
from twin.regimens import REGIMENS

OUTPUT_YEARS = [0.31, 0.77, 1.23, 1.5]


def measured_order(age_years: float, regimen: Regimen, observable: str, coarsest: float = 1.5) -> float:
    """Slope of the regression of log error on log step, each step cut in 1 to 4 parts."""

    def run(parts: int) -> np.ndarray:
        found = simulate(
            Joerg2022(),
            age_years,
            regimen,
            output_years=OUTPUT_YEARS,
            observe=[observable],
            backend="float",
            step_scale=coarsest,
            subdivide=parts,
        )
        return found.observables[observable][0]

    exact = run(16)
    parts = np.array([1, 2, 3, 4])
    errors = np.array([np.max(np.abs(run(int(part)) / exact - 1.0)) for part in parts])
    slope = np.polyfit(np.log(1.0 / parts), np.log(errors), 1)[0]
    return float(slope)


@pytest.mark.parametrize("name", ["denosumab", "weekly alendronate", "teriparatide", "odd times"])
@pytest.mark.parametrize("observable", ["bmd_total_hip", "ctx"])
def test_fourth_order_under_treatment(name: str, observable: str) -> None:
    assert 3.6 < measured_order(66.6, REGIMENS[name], observable) < 4.6


@pytest.mark.parametrize("age_years", [49.1, 49.234567])
def test_the_kink_in_oestrogen_at_50_does_not_spoil_the_order(age_years: float) -> None:
    assert measured_order(age_years, REGIMENS["denosumab"], "bmd_total_hip") > 3.6
    assert measured_order(age_years, REGIMENS["natural history"], "ctx", coarsest=3.0) > 3.4


def test_ignoring_the_kink_would_spoil_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Joerg2022, "break_ages", lambda self, parameters: ())
    assert measured_order(49.234567, REGIMENS["natural history"], "ctx", coarsest=3.0) < 2.5
