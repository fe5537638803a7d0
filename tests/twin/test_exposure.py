"""Doses and exposure: exact levels, doses between steps, the step grid, and requests that make no sense."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osteon.errors import UsageError
from osteon.twin.engine.grid import plan_steps, stack_plans
from osteon.twin.engine.model import EffectCompartment, Model
from osteon.twin.engine.regimen import Bolus, Infusion, Regimen
from osteon.twin.engine.rk4 import exposure_after
from osteon.twin.engine.simulate import simulate
from osteon.twin.reference.joerg2022 import Joerg2022


@dataclass(frozen=True)
class LinearModel:
    """A model with a solution on paper: one state that integrates the exposure and loses nothing."""

    name: ClassVar[str] = "linear"
    state_names: ClassVar[tuple[str, ...]] = ("area",)
    observable_names: ClassVar[tuple[str, ...]] = ("area", "level", "age")
    max_step_days: ClassVar[float] = 4.0

    @property
    def parameters(self) -> Mapping[str, float]:
        return {"k": 0.05, "scale": 2.0}

    def channels(self, parameters: Mapping[str, Any]) -> Mapping[str, EffectCompartment]:
        return {"drug": EffectCompartment("drug", parameters["scale"], parameters["k"], 2.0, 0.1)}

    def break_ages(self, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
        return ()

    def initial_state(self, age_years: Any, parameters: Mapping[str, Any]) -> Any:
        return np.zeros((1, age_years.size))

    def forcing(self, xp: Any, age_years: Any, exposure: Mapping[str, Any], parameters: Mapping[str, Any]) -> Any:
        return age_years, exposure["drug"]

    def derivatives(self, xp: Any, state: Any, forcing: Any, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
        return (forcing[1],)

    def observe(self, xp: Any, names: Any, state: Any, forcing: Any, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
        every = {"area": state[0], "level": forcing[1], "age": forcing[0]}
        return tuple(every[name] for name in names)


def level(days: float, regimen: Regimen, k: float = 0.05, scale: float = 2.0) -> float:
    """The level on paper: every dose decays on its own; continuous dosing fills and then decays."""
    total = 0.0
    for course in regimen.courses:
        if isinstance(course, Bolus):
            total += sum(scale * course.amount * math.exp(-k * (days - day)) for day in course.days(days))
        elif days > course.start_day:
            stop = min(days, course.end_day)
            steady = scale * course.amount_per_day / k
            total += steady * (1.0 - math.exp(-k * (stop - course.start_day))) * math.exp(-k * (days - stop))
    return total


def area(days: float, regimen: Regimen, k: float = 0.05, scale: float = 2.0) -> float:
    """What has been eliminated so far is what was given less what is there: mass balance gives the area."""
    given = 0.0
    for course in regimen.courses:
        if isinstance(course, Bolus):
            given += course.amount * len(course.days(days))
        else:
            given += course.amount_per_day * max(0.0, min(days, course.end_day) - course.start_day)
    return (scale * given - level(days, regimen, k, scale)) / k


times = st.floats(0.0, 700.0, allow_nan=False)
amounts = st.floats(0.01, 100.0)
courses = st.one_of(
    st.builds(Bolus, st.just("drug"), amounts, times, st.floats(0.3, 400.0), st.integers(1, 9)),
    st.builds(Bolus, st.just("drug"), amounts, times),
)
infusions = st.builds(
    lambda amount, start, length: Infusion("drug", amount, start, start + length),
    amounts,
    times,
    st.one_of(st.floats(0.3, 500.0), st.just(math.inf)),
)


@settings(max_examples=40)
@given(
    bolus=st.lists(courses, max_size=3),
    infusion=st.lists(infusions, max_size=1),
    out=st.lists(st.floats(0.001, 2.0), min_size=1, max_size=4, unique=True),
)
def test_levels_and_areas_are_exact_for_any_doses(
    bolus: list[Bolus], infusion: list[Infusion], out: list[float]
) -> None:
    regimen = Regimen("random", (*bolus, *infusion))
    out = sorted(out)
    try:
        run = simulate(LinearModel(), [60.0], regimen, output_years=out)
    except UsageError as twice:
        assert "twice" in str(twice)  # noqa: PT017 - two random courses may fall on one moment, which is refused
        return
    for t, found_level, found_area in zip(out, run.observables["level"][0], run.observables["area"][0], strict=True):
        assert found_level == pytest.approx(level(t * 365.0, regimen), rel=1e-9, abs=1e-9)
        # Hermite interpolation and Simpson's rule leave an error of fourth order in k times the step.
        assert found_area == pytest.approx(area(t * 365.0, regimen), rel=3e-5, abs=1e-3)


def test_a_dose_between_two_steps_is_taken_exactly_at_its_time() -> None:
    regimen = Regimen("odd", (Bolus("drug", 3.0, 123.456789),))
    just_before, just_after, later = (day / 365.0 for day in (123.4567, 123.4569, 200.0))
    run = simulate(LinearModel(), [60.0], regimen, output_years=[just_before, just_after, later])
    found = run.observables["level"][0]
    assert found[0] == 0.0
    assert found[1] == pytest.approx(6.0 * math.exp(-0.05 * (123.4569 - 123.456789)), rel=1e-12)
    assert found[2] == pytest.approx(6.0 * math.exp(-0.05 * (200.0 - 123.456789)), rel=1e-12)


def test_moving_a_dose_by_an_hour_moves_the_result_smoothly() -> None:
    model = Joerg2022()
    hours = np.arange(0, 48)
    found = [
        simulate(
            model,
            65.0,
            Regimen("late", (Bolus("denosumab", 60.0, 100.0 + hour / 24.0),)),
            output_years=[1.0],
            observe=["bmd_total_hip"],
            backend="float",
        ).observables["bmd_total_hip"][0, 0]
        for hour in hours
    ]
    smooth = np.polyval(np.polyfit(hours, found, 2), hours)
    assert np.max(np.abs(np.array(found) - smooth)) < 1e-8


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 10), st.floats(0, 10))
def test_exposure_does_not_depend_on_how_time_is_cut(start: float, steady: float, first: float, second: float) -> None:
    k = 0.3
    whole = exposure_after(start, steady, math.exp(-k * (first + second)))
    cut = exposure_after(exposure_after(start, steady, math.exp(-k * first)), steady, math.exp(-k * second))
    assert whole == pytest.approx(cut, rel=1e-12, abs=1e-12)
    assert min(start, steady) - 1e-9 <= whole <= max(start, steady) + 1e-9


def test_every_dose_is_a_node_and_a_longer_horizon_only_adds_steps() -> None:
    regimen = Regimen("mixed", (Bolus("drug", 1.0, 3.3, 41.7, None), Infusion("drug", 1.0, 77.7, 99.9)))
    model = LinearModel()
    channels = model.channels(model.parameters)
    short = plan_steps(regimen, channels, max_step_days=4.0, horizon_days=300.0)
    long = plan_steps(regimen, channels, max_step_days=4.0, horizon_days=900.0)
    assert np.array_equal(short.node_days, long.node_days[: short.node_days.size])
    for day in (*regimen.courses[0].days(300.0), 77.7, 99.9):  # type: ignore[union-attr]
        assert day in short.node_days
    assert np.all(np.diff(long.node_days) > 0)
    assert np.max(np.diff(long.node_days)) <= 4.0 + 1e-9
    # every step has an end that may move, so that a break can always be given its own node
    assert not np.any(long.event[:-1] & long.event[1:])


def test_stacked_plans_keep_each_persons_own_steps() -> None:
    model = LinearModel()
    channels = model.channels(model.parameters)
    plans = [
        plan_steps(Regimen(str(day), (Bolus("drug", 1.0, day),)), channels, max_step_days=4.0, horizon_days=200.0)
        for day in (1.0, 20.0)
    ]
    both = stack_plans(plans, [1, 0, 1])
    for column, plan in ((0, plans[1]), (1, plans[0])):
        assert np.array_equal(both.node_days[: plan.node_days.size, column], plan.node_days)
        assert np.all(np.diff(both.node_days[plan.node_days.size - 1 :, column]) == 0.0)


def test_models_keep_the_protocol() -> None:
    assert isinstance(LinearModel(), Model)
    assert isinstance(Joerg2022(), Model)


def test_missed_doses_are_doses_not_given() -> None:
    thinned = Regimen("two", (Bolus("drug", 1.0, 0.0), Bolus("drug", 1.0, 60.0)))
    full = Regimen("three", (Bolus("drug", 1.0, 0.0, 30.0, 3),))
    out = [0.01, 0.1, 0.2, 0.4]
    adherence = np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 1.0]])
    run = simulate(LinearModel(), [60.0, 60.0], full, output_years=out, dose_multipliers={"drug": adherence})
    expected = simulate(LinearModel(), [60.0], thinned, output_years=out)
    np.testing.assert_allclose(run.observables["level"][0], expected.observables["level"][0], rtol=1e-12)
    everything = simulate(LinearModel(), [60.0], full, output_years=out)
    assert np.array_equal(run.observables["level"][1], everything.observables["level"][0])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Bolus("x", -60.0), "a dose of -60 of x is not possible"),
        (lambda: Bolus("x", math.nan), "not possible"),
        (lambda: Bolus("x", 1.0, -3.0), "cannot start on day -3"),
        (lambda: Bolus("x", 1.0, 0.0, 0.0, 3), "interval of 0 days"),
        (lambda: Bolus("x", 1.0, 0.0, 7.0, 0), "0 doses"),
        (lambda: Infusion("x", 0.0), "a dose of 0 of x a day"),
        (lambda: Infusion("x", 1.0, 5.0, 5.0), "from day 5 to day 5"),
        (lambda: Regimen("r", (Infusion("x", 1.0, 0.0, 9.0), Infusion("x", 1.0, 8.0))), "overlap"),
    ],
)
def test_impossible_doses_are_refused(make: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"output_years": []}, "at least one of each"),
        ({"output_years": [2.0, 1.0]}, "rising"),
        ({"output_years": [-1.0]}, "from 0 up"),
        ({"output_years": [math.nan]}, "finite"),
        ({"observe": ["bmd_hip"]}, "Did you mean 'bmd_total_hip'"),
        ({"parameters": {"E_denosumb": 1.0}}, "Did you mean 'E_denosumab'"),
        ({"parameters": {"eta_C": np.ones(3)}}, r"shape \(2,\)"),
        ({"dose_multipliers": {"denosumab": np.array([1.0, -1.0])}}, "from 0 up"),
        ({"dose_multipliers": {"zoledronate": np.ones(2)}}, "no drug called"),
        ({"dose_multipliers": {"denosumab": np.ones((1, 2))}}, "one row of multipliers for each dose event"),
        ({"regimen": [Regimen("a")]}, "1 regimens for 2 people"),
        ({"regimen": Regimen("z", (Bolus("zoledronate", 5.0),))}, "no channel for zoledronate"),
        ({"regimen": Regimen("t", (Bolus("denosumab", 60.0), Bolus("denosumab", 60.0)))}, "twice on day 0"),
        ({"backend": "torch"}, "Write numpy, jax or float"),
        ({"subdivide": 0}, "not possible"),
        ({"step_scale": 9.0}, "not possible"),
    ],
)
def test_requests_that_do_not_fit_together_are_refused(asked: dict[str, Any], message: str) -> None:
    regimen = asked.pop("regimen", Regimen("d", (Bolus("denosumab", 60.0, 0.0, 180.0, 3),)))
    with pytest.raises(UsageError, match=message):
        simulate(Joerg2022(), [60.0, 61.0], regimen, **{"output_years": [1.0], **asked})
