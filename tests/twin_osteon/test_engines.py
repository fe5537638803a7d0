"""The same equations by four routes: plain floats, NumPy, JAX, and CVODE; and gradients against finite differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from osteon.twin.engine.model import DAYS_PER_YEAR, EffectCompartment
from osteon.twin.engine.regimen import Bolus, Infusion, Regimen
from osteon.twin.engine.simulate import Backend, simulate
from osteon.twin.osteon_model import OsteonModel
from osteon.twin.osteon_model.sites import BMD, OBSERVABLES
from osteon.twin.variability import draw_people

MODEL = OsteonModel()
REGIMENS = (
    Regimen("denosumab", (Bolus("denosumab", 60.0, 0.0, 182.5, 6),)),
    Regimen(
        "alendronate then romosozumab",
        (Infusion("alendronate", 10.0, 0.0, 730.0), Bolus("romosozumab", 210.0, 730.0, 30.0, 12)),
    ),
    Regimen(
        "teriparatide and a steroid",
        (Infusion("teriparatide", 20.0, 0.0, 730.0), Infusion("glucocorticoid", 7.5, 400.0, 800.0)),
    ),
)
TIMES = np.linspace(0.0, 4.0, 9)


@pytest.mark.parametrize("regimen", REGIMENS[1:], ids=lambda one: one.name)
def test_numpy_jax_and_floats_agree_to_1e_12(regimen: Regimen) -> None:
    ages = np.array([52.0, 63.0, 78.0])
    # The first loses her ovaries on the way, at a moment that no dose shares.
    traits = {
        "male": np.array([0.0, 1.0, 0.0]),
        "menopause_age": np.array([53.3, 50.0, 44.0]),
        "surgical_menopause": np.array([1.0, 0.0, 0.0]),
    }
    backends: tuple[Backend, ...] = ("numpy", "jax", "float")
    by = {
        backend: simulate(MODEL, ages, regimen, output_years=TIMES, parameters=traits, backend=backend).require_ok()
        for backend in backends
    }
    for name, values in by["numpy"].observables.items():
        for other in ("jax", "float"):
            np.testing.assert_allclose(by[other].observables[name], values, rtol=1e-12, atol=1e-13)


@dataclass(frozen=True)
class Part:
    """The levels of the channels between two dose events, in closed form."""

    channels: Mapping[str, EffectCompartment]
    full: Mapping[str, float]
    rate: Mapping[str, float]
    begin: float

    def at(self, day: float) -> dict[str, float]:
        found = {}
        for name, channel in self.channels.items():
            gone = channel.elimination_per_day * (day - self.begin)
            steady = self.rate[name] / channel.elimination_per_day
            found[name] = self.full[name] * np.exp(-gone) - steady * np.expm1(-gone)
        return found


def dosed(regimen: Regimen, channels: Mapping[str, EffectCompartment], level: Mapping[str, float], day: float) -> Part:
    full, rate = dict(level), dict.fromkeys(channels, 0.0)
    for name, channel in channels.items():
        for one in regimen.courses:
            if one.drug == channel.drug and isinstance(one, Bolus):
                full[name] += channel.effect_per_unit * one.amount * sum(abs(at - day) < 1e-9 for at in one.days(day))
            elif one.drug == channel.drug and isinstance(one, Infusion) and one.start_day <= day < one.end_day:
                rate[name] += channel.effect_per_unit * one.amount_per_day
    return Part(channels, full, rate, day)


def right_hand_side(part: Part, age: float) -> Callable[[float, np.ndarray, np.ndarray], None]:
    def rhs(day: float, y: np.ndarray, out: np.ndarray) -> None:
        forcing = MODEL.forcing(np, age + day / DAYS_PER_YEAR, part.at(day), MODEL.parameters)
        out[:] = MODEL.derivatives(np, tuple(y), forcing, MODEL.parameters)

    return rhs


def by_cvode(regimen: Regimen, age: float, times: np.ndarray) -> dict[str, list[float]]:
    """Every observable at these times from CVODE, restarted at every dose."""
    from sksundae.cvode import CVODE

    p, last = MODEL.parameters, times[-1] * DAYS_PER_YEAR
    channels = MODEL.channels(p)
    level = dict.fromkeys(channels, 0.0)
    state = MODEL.initial_state(np.array([age]), p)[:, 0]
    found: dict[str, list[float]] = {name: [] for name in OBSERVABLES}
    days = {float(t) * DAYS_PER_YEAR for t in times}
    for one in regimen.courses:
        days |= set(one.days(last)) if isinstance(one, Bolus) else {one.start_day, one.end_day}
    events = sorted(day for day in days if day <= last)
    for begin, end in zip(events, [*events[1:], last], strict=True):
        if np.min(np.abs(times * DAYS_PER_YEAR - begin)) < 1e-9:
            forcing = MODEL.forcing(np, age + begin / DAYS_PER_YEAR, level, p)
            for name, value in zip(OBSERVABLES, MODEL.observe(np, OBSERVABLES, tuple(state), forcing, p), strict=True):
                found[name].append(float(value))
        if end > begin:
            part = dosed(regimen, channels, level, begin)
            solver = CVODE(right_hand_side(part, age), rtol=1e-10, atol=1e-13, max_num_steps=20000)
            state = solver.solve(np.array([begin, end]), state).y[-1]
            level = part.at(end)
    return found


@pytest.mark.parametrize("regimen", REGIMENS, ids=lambda one: one.name)
def test_the_fixed_steps_agree_with_cvode_to_1e_6(regimen: Regimen) -> None:
    pytest.importorskip("sksundae")
    run = simulate(MODEL, [65.0], regimen, output_years=TIMES, observe=BMD, backend="float").require_ok()
    reference = by_cvode(regimen, 65.0, TIMES)
    for name in BMD:
        np.testing.assert_allclose(run.observables[name][0], reference[name], rtol=1e-6)


@pytest.mark.parametrize("regimen", REGIMENS, ids=lambda one: one.name)
def test_with_an_eighth_of_the_steps_every_observable_agrees_with_cvode_to_1e_6(regimen: Regimen) -> None:
    times = TIMES[1:] - 0.07  # off the days of doses, at which the markers jump
    run = simulate(MODEL, [65.0], regimen, output_years=times, backend="float", subdivide=8).require_ok()
    reference = by_cvode(regimen, 65.0, times)
    for name in OBSERVABLES:
        np.testing.assert_allclose(run.observables[name][0], reference[name], rtol=1e-6)


def test_gradients_agree_with_finite_differences() -> None:
    jax = pytest.importorskip("jax")
    import jax.numpy as jnp

    names = ("oestrogen_on_osteoclast", "denosumab_k", "turnover_total_hip_cortical", "maturation")
    start = MODEL.initial_state(np.array([65.0]), MODEL.parameters)[:, 0]
    days = 2.0

    def level(values):  # type: ignore[no-untyped-def]
        """Hip BMD 180 days after 60 mg of denosumab, by Heun's rule."""
        p = {**MODEL.parameters, **dict(zip(names, values, strict=True))}
        channel = MODEL.channels(p)["denosumab"]
        nothing = dict.fromkeys(MODEL.channels(p), 0.0)

        def forcing(day):  # type: ignore[no-untyped-def]
            drug = 60.0 * channel.effect_per_unit * jnp.exp(-channel.elimination_per_day * day)
            return MODEL.forcing(jnp, 65.0 + day / DAYS_PER_YEAR, {**nothing, "denosumab": drug}, p)

        def step(state, number):  # type: ignore[no-untyped-def]
            now = MODEL.derivatives(jnp, state, forcing(number * days), p)
            guess = tuple(x + days * r for x, r in zip(state, now, strict=True))
            then = MODEL.derivatives(jnp, guess, forcing((number + 1.0) * days), p)
            return tuple(x + 0.5 * days * (a + b) for x, a, b in zip(state, now, then, strict=True)), None

        state, _ = jax.lax.scan(step, tuple(jnp.asarray(one) for one in start), jnp.arange(90.0))
        return MODEL.observe(jnp, ("bmd_total_hip",), state, forcing(180.0), p)[0]

    with jax.enable_x64(True):
        at = np.array([MODEL.parameters[name] for name in names])
        run = jax.jit(lambda point, direction: jax.jvp(level, (point,), (direction,)))
        for number, value in enumerate(at):
            step = np.zeros(len(at))
            step[number] = 1e-4 * value
            _, exact = run(at, step)
            (above, _), (below, _) = run(at + step, step), run(at - step, step)
            assert 0.5 * (float(above) - float(below)) == pytest.approx(float(exact), rel=1e-5)


def test_nobody_depends_on_the_batch_and_stopping_changes_nothing() -> None:
    ages = np.array([55.0, 60.0, 70.0, 75.0, 80.0])
    together = simulate(MODEL, ages, REGIMENS[0], output_years=TIMES, observe=BMD).require_ok()
    chunked = simulate(MODEL, ages, REGIMENS[0], output_years=TIMES, observe=BMD, chunk=2).require_ok()
    sparse = simulate(MODEL, ages, REGIMENS[0], output_years=[4.0], observe=BMD).require_ok()
    for name in BMD:
        np.testing.assert_array_equal(together.observables[name], chunked.observables[name])
        np.testing.assert_array_equal(together.observables[name][:, -1], sparse.observables[name][:, 0])


def test_stopping_and_going_on_changes_nothing() -> None:
    ages, regimen = np.array([55.0, 70.0]), REGIMENS[1]
    whole = simulate(MODEL, ages, regimen, output_years=TIMES, observe=BMD).require_ok()
    first = simulate(MODEL, ages, regimen, output_years=TIMES[:5], observe=BMD, keep_checkpoint=True).require_ok()
    rest = simulate(MODEL, ages, regimen, output_years=TIMES[5:], observe=BMD, start=first.checkpoint).require_ok()
    for name in BMD:
        np.testing.assert_array_equal(whole.observables[name][:, :5], first.observables[name])
        np.testing.assert_array_equal(whole.observables[name][:, 5:], rest.observables[name])


def test_a_break_of_one_person_changes_nobody_else() -> None:
    ages, alone = np.array([52.0, 66.0]), np.array([66.0])
    surgery = {"menopause_age": np.array([53.3, 50.0]), "surgical_menopause": np.array([1.0, 0.0])}
    both = simulate(MODEL, ages, REGIMENS[0], output_years=TIMES, observe=BMD, parameters=surgery).require_ok()
    own = {"menopause_age": 50.0}
    one = simulate(MODEL, alone, REGIMENS[0], output_years=TIMES, observe=BMD, parameters=own).require_ok()
    for name in BMD:
        np.testing.assert_array_equal(both.observables[name][1], one.observables[name][0])


def test_people_far_from_the_usual_give_finite_numbers_under_treatment() -> None:
    # python -m bench.people runs 200,000; here are 400, and their treatment.
    for sex in ("female", "male"):
        people = draw_people("far from the usual", sex, np.arange(200), stretch=10.0)  # type: ignore[arg-type]
        lives = people.lives(75.0)
        run = simulate(
            MODEL,
            np.full(200, 70.0),
            REGIMENS[1],
            output_years=[0.0, 2.0, 4.0],
            parameters=people.parameters(),
            initial_state=lives.states_at(70.0),
        ).require_ok()
        assert all(np.all(np.isfinite(values) & (values > 0.0)) for values in run.observables.values())
