"""The model's kinetics of cells against what was measured."""

from __future__ import annotations

import math

import numpy as np
import pytest

from osteon.evidence import row, value
from osteon.twin.cell_therapy import CellProduct, Recipient, Signal, fate
from osteon.twin.cell_therapy.kinetics import lung_half_life_days, settled_half_life_days, signal_half_life_days
from osteon.twin.engine import simulate
from osteon.twin.osteon_model import OsteonModel

MODEL = OsteonModel()
CHANNELS = MODEL.channels(MODEL.parameters)


def printed_range(name: str) -> tuple[float, float]:
    low, high = row(name).spread.split("-")
    return float(low), float(high)


def test_the_half_life_of_the_label_in_the_lung() -> None:
    # 30.25 % falls to 3.7 % in ten days: 3.3 days; from the printed ranges, 2.5 to 4.3 days.
    assert lung_half_life_days() == pytest.approx(3.30, abs=0.01)
    low, high = printed_range("cells.lung.day_0"), printed_range("cells.lung.day_10")
    fastest = 10.0 / math.log2(low[1] / high[0])
    slowest = 10.0 / math.log2(low[0] / high[1])
    assert fastest < lung_half_life_days() < slowest


def test_the_signal_is_generous_but_not_beyond_twice_the_slowest_label() -> None:
    """Cells live a day or three in mice; the model lets their signal halve in about a week. No further."""
    low, high = printed_range("cells.lung.day_0"), printed_range("cells.lung.day_10")
    slowest = 10.0 / math.log2(low[0] / high[1])
    signal = math.log(2.0) / float(CHANNELS["cells_iv_secretome"].elimination_per_day)
    assert signal == pytest.approx(signal_half_life_days(MODEL.parameters))
    assert value("cells.alive.last_seen") / 24.0 <= signal <= 2.0 * slowest


def test_infused_cells_settle_at_the_detection_limit_and_no_more() -> None:
    settled = CHANNELS["cells_iv_engrafted"].effect_per_unit
    assert 0.0 < settled <= value("cells.settled.infused.limit") / 100.0


def test_injected_cells_after_four_weeks_are_as_many_as_in_rabbits() -> None:
    channel = CHANNELS["cells_total_hip_engrafted"]
    at_four_weeks = channel.effect_per_unit * math.exp(-channel.elimination_per_day * 28.0)
    low, high = printed_range("cells.settled.injected")
    assert low / 100.0 <= at_four_weeks <= high / 100.0
    assert math.log(2.0) / channel.elimination_per_day == pytest.approx(settled_half_life_days(MODEL.parameters))


def test_an_injection_settles_far_more_than_an_infusion() -> None:
    for site in ("lumbar_spine", "total_hip", "femoral_neck"):
        assert (
            CHANNELS[f"cells_{site}_engrafted"].effect_per_unit > 20.0 * CHANNELS["cells_iv_engrafted"].effect_per_unit
        )


def test_where_the_cells_of_an_infusion_are() -> None:
    infused = fate(CellProduct(million_cells=200.0, viability=0.5))
    assert infused.in_lung_now == pytest.approx(30.25)
    assert infused.in_lung_day_10 == pytest.approx(3.7)
    assert infused.in_spleen_and_liver_day_10 == pytest.approx(51.35)
    assert infused.settled_most == pytest.approx(0.001)
    injected = fate(CellProduct(million_cells=100.0, route="total_hip"))
    assert injected.in_lung_now == 0.0
    assert injected.settled_most == pytest.approx(0.0367)


def gain(product: CellProduct, signal: Signal, **sizes: float) -> np.ndarray:
    """What a mechanism adds at the three sites after two years, per cent of today."""
    columns = {f"msc_{name}": np.array([size, 0.0]) for name, size in sizes.items()}
    bmd = Recipient(60.0).densities([product.regimen], {**columns, **signal.overrides()}, [0.0, 2.0])
    return 100.0 * (bmd[:, 0, 1] - bmd[:, 1, 1]) / bmd[:, 1, 0]


def test_an_injection_acts_on_its_own_site_alone() -> None:
    infused = gain(CellProduct(million_cells=100.0), Signal(), activity=1.0)
    assert np.all(infused > 0.1)
    for number, site in enumerate(("lumbar_spine", "total_hip", "femoral_neck")):
        injected = gain(CellProduct(million_cells=100.0, route=site), Signal(), activity=1.0)
        assert injected[number] > 0.1
        assert np.array_equal(np.flatnonzero(injected), [number])


def test_if_only_cells_in_the_marrow_count_an_infusion_does_next_to_nothing() -> None:
    marrow = Signal(path="marrow")
    infused = gain(CellProduct(million_cells=400.0, infusions=8), marrow, activity=1.0)
    assert np.all(np.abs(infused) < 0.001)
    injected = CellProduct(million_cells=400.0, infusions=8, route="total_hip")
    assert np.array_equal(gain(injected, marrow, activity=1.0), gain(injected, Signal(), activity=1.0))


def test_settled_cells_matter_more_after_an_injection() -> None:
    infused = gain(CellProduct(million_cells=100.0), Signal(), commitment=1.0)[1]
    injected = gain(CellProduct(million_cells=100.0, route="total_hip"), Signal(), commitment=1.0)[1]
    assert injected > 10.0 * infused > 0.0
    assert injected < 0.05


def test_a_longer_signal_does_more() -> None:
    product = CellProduct(million_cells=100.0)
    gains = [gain(product, Signal(half_life_days=days), activity=0.5)[1] for days in (1.0, 7.0, 30.0, 180.0)]
    assert gains == sorted(gains)
    assert gains[-1] > 5.0 * gains[0] > 0.0


def test_the_longer_steps_are_short_enough() -> None:
    """Against eight steps for each standard one, under the largest course that trials gave and the largest sizes."""
    product = CellProduct(million_cells=400.0, infusions=8)
    sizes = {f"msc_{name}": np.array([0.0, 1.0]) for name in ("activity", "inflammation", "vascular")}
    times = [0.0, 0.5, 2.0, 5.0]
    person = Recipient(65.0)
    exact = simulate(
        MODEL,
        [65.0, 65.0],
        product.regimen,
        output_years=times,
        observe=("bmd_total_hip",),
        parameters={**person.traits, **sizes},
        initial_state=np.repeat(person.state_today, 2, axis=1),
        subdivide=8,
    ).observables["bmd_total_hip"]
    assert person.densities([product.regimen], sizes, times, ("total_hip",))[0] == pytest.approx(exact, rel=2e-5)
