"""Cell therapy does nothing unless a hypothesis is switched on, and each mechanism moves what it should."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.errors import UsageError
from osteon.twin.engine.regimen import NO_TREATMENT, Bolus, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.cell_therapy import MECHANISMS, effective_dose, site_of
from osteon.twin.osteon_model.sites import BMD, CELL_STATES, STATE_NAMES

MODEL = OsteonModel()
CELLS = [name for name in CELL_STATES if name != "sclerostin"]
INFUSION = Regimen("cells", (Bolus("cells_iv", 100.0, 0.0),))
LOCAL = Regimen("local", (Bolus("cells_total_hip", 100.0, 0.0),))
MONTHS = np.arange(0, 25) / 12.0


def run(regimen: Regimen, **traits: float) -> dict[str, np.ndarray]:
    found = simulate(MODEL, [65.0], regimen, output_years=MONTHS, parameters=traits, backend="float").require_ok()
    return {name: values[0] for name, values in found.observables.items()}


def state_after(regimen: Regimen, days: float, **traits: float) -> dict[str, float]:
    found = simulate(
        MODEL, [65.0], regimen, output_years=[days / 365.0], parameters=traits, backend="float", keep_checkpoint=True
    ).require_ok()
    assert found.checkpoint is not None
    return dict(zip(STATE_NAMES, found.checkpoint.state[:, 0], strict=True))


def test_by_default_cells_change_nothing() -> None:
    treated, untreated = run(INFUSION), run(NO_TREATMENT)
    for name in BMD:
        np.testing.assert_allclose(treated[name], untreated[name], rtol=1e-6)


@pytest.mark.parametrize(
    ("mechanism", "moved"),
    [("msc_commitment", "osteoblasts"), ("msc_inflammation", "inflammation"), ("msc_vascular", "progenitors")],
)
def test_each_mechanism_moves_its_own_cells_first(mechanism: str, moved: str) -> None:
    assert mechanism in MECHANISMS
    without, with_it = state_after(INFUSION, 20.0), state_after(INFUSION, 20.0, **{mechanism: 0.5})
    change = {name: abs(with_it[name] / without[name] - 1.0) for name in CELLS}
    assert max(change, key=lambda name: change[name]) == moved
    others = {"progenitors", "osteoblasts", "inflammation"} - {moved}
    assert all(change[name] < 0.5 * change[moved] for name in others)


def test_osteoblast_activity_forms_bone_and_moves_no_cells() -> None:
    without, with_it = state_after(INFUSION, 20.0), state_after(INFUSION, 20.0, msc_activity=0.5)
    assert all(with_it[name] == pytest.approx(without[name], rel=1e-12) for name in CELLS)
    assert with_it["young.lumbar_spine.trabecular"] > without["young.lumbar_spine.trabecular"]


def test_effects_can_harm() -> None:
    better, worse = run(INFUSION, msc_activity=0.5), run(INFUSION, msc_activity=-0.5)
    assert better["bmd_total_hip"][12] > run(NO_TREATMENT)["bmd_total_hip"][12] > worse["bmd_total_hip"][12]


def test_a_local_injection_acts_on_its_own_site_only() -> None:
    treated, untreated = run(LOCAL, msc_activity=0.5), run(NO_TREATMENT)
    assert treated["bmd_total_hip"][12] > untreated["bmd_total_hip"][12] * 1.0005
    for site in ("bmd_lumbar_spine", "bmd_femoral_neck"):
        np.testing.assert_allclose(treated[site], untreated[site], rtol=1e-6)
    assert site_of("cells_total_hip") == "total_hip"
    assert site_of("cells_iv") is None


@pytest.mark.parametrize("millions", [-1.0, 0.0, 1e6, float("nan")])
def test_impossible_doses_are_refused(millions: float) -> None:
    with pytest.raises(UsageError, match="not plausible"):
        effective_dose(millions)


def test_viability_scales_the_dose() -> None:
    assert effective_dose(100.0, viability=0.8) == pytest.approx(80.0)
