"""What would have to be true: the search is right, its answer holds when it is simulated, and it says when not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteon import evidence
from osteon.errors import ModelError, UsageError
from osteon.twin.cell_therapy import (
    CellProduct,
    HypothesisPrior,
    Signal,
    WhatWouldHaveToBeTrue,
    largest_plausible,
    project_cell_therapy,
    what_would_have_to_be_true,
)
from osteon.twin.cell_therapy.result import MECHANISMS, MechanismNeed
from osteon.twin.cell_therapy.solve import smallest_size
from osteon.twin.engine import simulate
from osteon.twin.osteon_model import OsteonModel

ONCE = CellProduct(million_cells=100.0)
LONG = Signal(half_life_days=90.0)


@pytest.fixture(scope="module")
def once() -> WhatWouldHaveToBeTrue:
    return what_would_have_to_be_true(ONCE)


@pytest.fixture(scope="module")
def long() -> WhatWouldHaveToBeTrue:
    return what_would_have_to_be_true(CellProduct(million_cells=200.0, infusions=4, interval_days=90.0), signal=LONG)


def need(result: WhatWouldHaveToBeTrue, mechanism: str) -> MechanismNeed:
    return next(one for one in result.mechanisms if one.mechanism == mechanism)


@settings(max_examples=40)
@given(
    slope=st.floats(0.01, 100.0),
    bend=st.floats(0.2, 5.0),
    target=st.floats(0.01, 50.0),
    largest=st.floats(0.5, 200.0),
)
def test_the_search_finds_what_can_be_written_down(slope: float, bend: float, target: float, largest: float) -> None:
    """Gain ``slope * size ** bend``, whose answer is known."""
    size, reachable, at_largest = smallest_size(lambda x: slope * x**bend, np.array([largest]), target, tolerance=1e-10)
    assert at_largest[0] == pytest.approx(slope * largest**bend, rel=1e-12)
    assert bool(reachable[0]) is bool(at_largest[0] >= target)
    if reachable[0]:
        assert size[0] == pytest.approx((target / slope) ** (1.0 / bend), rel=1e-8)
    else:
        assert size[0] == largest


def test_many_questions_at_once_are_answered_as_alone() -> None:
    slopes = np.array([0.001, 0.5, 3.0, 80.0])
    together = smallest_size(lambda x: slopes * np.tanh(x), np.full(4, 2.0), 0.3)
    for number, slope in enumerate(slopes):
        alone = smallest_size(lambda x, k=slope: k * np.tanh(x), np.array([2.0]), 0.3)  # type: ignore[misc]
        assert [part[number] for part in together] == [part[0] for part in alone]


def test_a_gain_that_falls_is_an_error_and_not_an_answer() -> None:
    with pytest.raises(ModelError, match="rise steadily"):
        smallest_size(lambda x: np.where(x < 1.8, -x, x), np.array([2.0]), 1.5)
    with pytest.raises(ModelError, match="above zero"):
        smallest_size(lambda x: x, np.array([1.0]), 0.0)


def test_the_target_is_the_published_threshold(once: WhatWouldHaveToBeTrue) -> None:
    assert once.target_percent == evidence.value("fracture.surrogate_threshold.vertebral") == 1.42
    assert (once.site, once.months) == ("total_hip", 24.0)
    assert "vertebral" in once.target_meaning
    assert once.hypothetical is True
    assert once.statement.startswith("On the evidence found, no cell therapy has been shown")


def test_one_infusion_as_it_is_known_cannot_reach_it(once: WhatWouldHaveToBeTrue) -> None:
    for one in once.mechanisms:
        assert not one.reachable
        assert one.size_needed is None
        assert one.verdict.startswith("not reachable")
        assert -1e-3 < one.gain_at_largest < 1.42
    assert need(once, "commitment").half_life_needed_days is None
    assert need(once, "commitment").infusions_needed is None


def simulated_gain(product: CellProduct, signal: Signal, mechanism: str, size: float, years: float = 2.0) -> float:
    """The gain at the hip by the engine's standard steps, plain floats, two runs: a second way to the same number."""
    model = OsteonModel()
    found = []
    for one in (0.0, size / 100.0):
        run = simulate(
            model,
            [65.0],
            product.regimen,
            output_years=[0.0, years],
            observe=("bmd_total_hip",),
            parameters={**model.parameters, **signal.overrides(), f"msc_{mechanism}": one},
            backend="float",
        )
        found.append(run.observables["bmd_total_hip"][0])
    return float(100.0 * (found[1][1] - found[0][1]) / found[0][0])


def test_the_size_needed_gives_the_target_when_it_is_simulated(long: WhatWouldHaveToBeTrue) -> None:
    product = CellProduct(million_cells=200.0, infusions=4, interval_days=90.0)
    reachable = [one for one in long.mechanisms if one.reachable]
    assert {"activity", "vascular"} <= {one.mechanism for one in reachable}
    for one in reachable:
        assert one.size_needed is not None
        assert 0.0 < one.size_needed <= one.largest_plausible
        assert simulated_gain(product, LONG, one.mechanism, one.size_needed) == pytest.approx(1.42, abs=0.002)
    prior = HypothesisPrior(activity=need(long, "activity").size_needed or 0.0, signal=LONG)
    projected = project_cell_therapy(65.0, "female", product, prior=prior, draws=2)
    assert projected.sites[1].median[8] == pytest.approx(1.42, abs=0.002)


def test_the_half_life_and_the_infusions_needed_hold_too(once: WhatWouldHaveToBeTrue) -> None:
    one = need(once, "activity")
    assert one.half_life_needed_days is not None
    assert one.infusions_needed is not None
    most = largest_plausible("activity")
    longer = Signal(half_life_days=one.half_life_needed_days)
    assert simulated_gain(ONCE, longer, "activity", most) == pytest.approx(1.42, abs=0.002)
    enough, fewer = (
        simulated_gain(CellProduct(million_cells=100.0, infusions=count), Signal(), "activity", most)
        for count in (one.infusions_needed, one.infusions_needed - 1)
    )
    assert fewer < 1.42 <= enough
    assert one.million_cells_needed is not None
    more = CellProduct(million_cells=one.million_cells_needed)
    assert simulated_gain(more, Signal(), "activity", most) == pytest.approx(1.42, abs=0.005)
    assert need(once, "commitment").million_cells_needed is None


def test_the_map_falls_with_more_infusions_and_a_longer_signal(once: WhatWouldHaveToBeTrue) -> None:
    assert [one.mechanism for one in once.maps] == list(MECHANISMS)
    for one in once.maps:
        sizes = np.array([[np.inf if size is None else size for size in row] for row in one.sizes])
        assert sizes.shape == (len(one.infusions), len(one.half_life_days))
        # What is out of reach stays so with fewer infusions and a shorter signal.
        assert np.all((sizes[1:] <= sizes[:-1] * 1.001) | np.isinf(sizes[:-1]))
        assert np.all((sizes[:, 1:] <= sizes[:, :-1] * 1.001) | np.isinf(sizes[:, :-1]))
        assert np.all(sizes[np.isfinite(sizes)] <= largest_plausible(one.mechanism))
    activity = once.maps[1]
    assert any(size is not None for row in activity.sizes for size in row)
    assert any(size is None for row in activity.sizes for size in row)


def test_a_square_of_the_map_is_the_answer_to_that_question(once: WhatWouldHaveToBeTrue) -> None:
    activity = once.maps[1]
    row, column = activity.infusions.index(4), activity.half_life_days.index(90.0)
    asked = what_would_have_to_be_true(
        CellProduct(million_cells=100.0, infusions=4), signal=LONG, map_infusions=(1,), map_half_life_days=(7.0,)
    )
    assert activity.sizes[row][column] == pytest.approx(need(asked, "activity").size_needed, rel=1e-3)


def test_the_route_decides_what_an_injection_can_do() -> None:
    small: dict[str, Any] = {"map_infusions": (1,), "map_half_life_days": (90.0,), "signal": LONG}
    hip = what_would_have_to_be_true(CellProduct(million_cells=100.0, route="total_hip"), **small)
    assert need(hip, "activity").reachable
    spine = what_would_have_to_be_true(CellProduct(million_cells=100.0, route="lumbar_spine"), **small)
    assert all(one.gain_at_largest == pytest.approx(0.0, abs=1e-4) and not one.reachable for one in spine.mechanisms)
    marrow = Signal(half_life_days=90.0, path="marrow")
    infused = what_would_have_to_be_true(ONCE, map_infusions=(1,), map_half_life_days=(90.0,), signal=marrow)
    assert not any(one.reachable for one in infused.mechanisms)


def test_durability_stands_beside_medicines(long: WhatWouldHaveToBeTrue) -> None:
    courses = {one.course: one for one in long.durability}
    assert list(courses) == ["zoledronate", "denosumab", "alendronate", *(f"cells_{one}" for one in MECHANISMS)]
    for name, one in courses.items():
        assert one.hypothetical is name.startswith("cells_")
        assert one.gain[0] == 0.0
        assert len(one.gain) == len(one.t_years)
    at = {name: dict(zip(one.t_years, one.gain, strict=True)) for name, one in courses.items()}
    assert at["cells_activity"][2.0] == pytest.approx(1.42, abs=0.002)
    for medicine in ("zoledronate", "denosumab", "alendronate"):
        assert at[medicine][2.0] > 1.42
    # Denosumab's gain goes when it is stopped; zoledronate's does not within three years more.
    denosumab, zoledronate = courses["denosumab"].kept_percent, courses["zoledronate"].kept_percent
    assert denosumab is not None
    assert zoledronate is not None
    assert denosumab < 40.0 < zoledronate


def test_infusions_after_the_reading_are_pointed_out(long: WhatWouldHaveToBeTrue, once: WhatWouldHaveToBeTrue) -> None:
    assert any("come after 24 months" in one for one in long.warnings)
    assert not any("come after" in one for one in once.warnings)
    sizes = dict(zip(long.maps[1].infusions, long.maps[1].sizes, strict=True))
    assert sizes[24] == pytest.approx(sizes[12])


def test_the_result_goes_through_json(long: WhatWouldHaveToBeTrue) -> None:
    assert WhatWouldHaveToBeTrue.model_validate_json(long.model_dump_json()) == long
    for name in long.sources:
        assert evidence.row(name).status == "read"


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_percent": 0.0},
        {"target_percent": float("nan")},
        {"months": 0.0},
        {"site": "skull"},
        {"map_infusions": ()},
        {"map_half_life_days": (0.0,)},
    ],
)
def test_impossible_questions_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        what_would_have_to_be_true(ONCE, **wrong)


def test_an_oldest_old_person_has_a_shorter_future() -> None:
    found = what_would_have_to_be_true(ONCE, age_years=96.0, sex="male", map_infusions=(1,), map_half_life_days=(7.0,))
    assert found.durability[0].t_years[-1] == 4.0
    assert all(one.kept_percent is None for one in found.durability)
    assert any("Extrapolated" in one for one in found.warnings)
