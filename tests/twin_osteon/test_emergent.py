"""What nobody drew: offset, rebound, loss after anabolics, order, recovery. None of these arms was fitted as such."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from osteon.twin.engine.regimen import NO_TREATMENT, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.schedule import read_schedule

MODEL = OsteonModel()


@cache
def course(text: str, age: float = 65.0, years: float = 8.0) -> dict[str, np.ndarray]:
    """Change in per cent (BMD) or ratio to baseline (markers), at the start of each month."""
    t = np.arange(round(12 * years) + 1) / 12.0
    regimen: Regimen = read_schedule(text)
    run = simulate(MODEL, [age], regimen, output_years=t, backend="float").require_ok()
    before = simulate(MODEL, [age], NO_TREATMENT, output_years=[0.0], backend="float").require_ok()
    found = {}
    for name, values in run.observables.items():
        ratio = values[0] / before.observables[name][0, 0]
        found[name] = 100.0 * (ratio - 1.0) if name.startswith("bmd") else ratio
    return found


def net(text: str, name: str, months: int, age: float = 65.0) -> float:
    return float(course(text, age)[name][months] - course("none", age)[name][months])


def test_one_zoledronate_infusion_still_works_at_five_years() -> None:
    peak = max(net("zoledronate 5 x1", "bmd_lumbar_spine", month) for month in (12, 24, 36))
    assert net("zoledronate 5 x1", "bmd_lumbar_spine", 60) > 0.5 * peak
    assert course("zoledronate 5 x1")["ctx"][60] < 0.9


def test_stopping_alendronate_after_five_years_loses_little() -> None:
    stopped = course("alendronate 10/d 0-60m", years=8.0)["bmd_total_hip"]
    assert stopped[60] - stopped[84] < 2.0
    assert stopped[84] > course("none")["bmd_total_hip"][84] + 2.0


def test_a_bisphosphonate_wears_off_over_years() -> None:
    ctx = course("alendronate 10/d 0-60m")["ctx"]
    assert ctx[60] < ctx[72] < ctx[84] < ctx[96] < 1.1


def test_denosumab_rebounds_when_it_is_stopped() -> None:
    stopped = course("denosumab 60 x6/6m")
    during, after = stopped["ctx"][24:37], stopped["ctx"][37:61]
    assert during.max() < 0.8
    assert after.max() > 1.3  # turnover overshoots the level before treatment
    assert 38 <= 37 + int(after.argmax()) <= 48  # the last injection was at month 30
    gain = stopped["bmd_lumbar_spine"][36]
    assert stopped["bmd_lumbar_spine"][60] < 0.5 * gain
    assert stopped["bmd_total_hip"][60] < 0.25 * stopped["bmd_total_hip"][36]


def test_the_rebound_is_stronger_after_longer_treatment() -> None:
    short, long = course("denosumab 60 x2/6m")["ctx"], course("denosumab 60 x10/6m")["ctx"]
    assert long[60:].max() > short[12:].max()


def test_zoledronate_keeps_most_of_the_gain_after_denosumab() -> None:
    left = course("denosumab 60 x6/6m")["bmd_lumbar_spine"]
    kept = course("denosumab 60 x6/6m + zoledronate 5 x2/12m @37m")["bmd_lumbar_spine"]
    assert kept[60] > left[60] + 3.0


@pytest.mark.parametrize("text", ["teriparatide 20/d 0-24m", "romosozumab 210 x12/1m"])
def test_the_gain_of_an_anabolic_is_lost_unless_an_antiresorptive_follows(text: str) -> None:
    end = 24 if "teri" in text else 12
    left = course(text)["bmd_lumbar_spine"]
    followed = course(f"{text} + alendronate 10/d {end}-96m")["bmd_lumbar_spine"]
    assert left[end + 24] < 0.75 * left[end]
    assert followed[end + 24] > left[end]


def test_romosozumab_before_denosumab_beats_the_other_order() -> None:
    first = course("romosozumab 210 x12/1m + denosumab 60 x2/6m @12m")["bmd_total_hip"][24]
    second = course("denosumab 60 x2/6m + romosozumab 210 x12/1m @12m")["bmd_total_hip"][24]
    assert first > second


def test_the_formation_under_romosozumab_wanes_within_months_and_undershoots_afterwards() -> None:
    p1np = course("romosozumab 210 x12/1m")["p1np"]
    assert p1np[1] > 1.4
    assert p1np[12] < 0.8 * p1np[1]
    assert p1np[15] < 0.95


def test_glucocorticoid_loss_is_fast_and_recovers_in_part() -> None:
    t = "glucocorticoid 10/d 0-12m"
    assert net(t, "bmd_lumbar_spine", 12) < -2.0
    recovered = net(t, "bmd_lumbar_spine", 36) - net(t, "bmd_lumbar_spine", 12)
    assert 0.15 * -net(t, "bmd_lumbar_spine", 12) < recovered < -net(t, "bmd_lumbar_spine", 12)
    assert net("glucocorticoid 30/d 0-12m", "bmd_lumbar_spine", 12) < net(t, "bmd_lumbar_spine", 12)


def test_calcium_and_vitamin_d_give_one_small_step_and_nothing_to_the_replete() -> None:
    step = net("calcium_vitamin_d 1/d", "bmd_total_hip", 24)
    assert 0.05 < step < 1.0
    assert net("calcium_vitamin_d 1/d", "bmd_total_hip", 60) < 2.5 * step
    replete = {"calcium_deficit": 0.0}
    run = simulate(
        MODEL,
        [65.0, 65.0],
        [read_schedule("calcium_vitamin_d 1/d"), NO_TREATMENT],
        output_years=[0.0, 3.0],
        parameters=replete,
        observe=("bmd_total_hip",),
    ).require_ok()
    assert run.observables["bmd_total_hip"][0] == pytest.approx(run.observables["bmd_total_hip"][1], rel=1e-12)


def test_exercise_is_modest() -> None:
    assert 0.2 < net("exercise 1/d", "bmd_lumbar_spine", 12) < 2.0


def test_a_missed_denosumab_injection_shows_and_a_late_one_catches_up() -> None:
    on_time, late = course("denosumab 60 x6/6m"), course("denosumab 60 x2/6m + denosumab 60 x3/6m @18m")
    assert late["ctx"][17] > 2.0 * on_time["ctx"][17]
    assert late["bmd_total_hip"][17] < on_time["bmd_total_hip"][17]
    assert late["bmd_total_hip"][30] > late["bmd_total_hip"][17]
