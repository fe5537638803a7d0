"""Run a batch on JAX: the driver for populations, an optional extra. The only module that imports jax.

The model's equations are the very functions that the NumPy driver calls; ``lax.scan`` walks over the steps inside one
compiled program. Everything is computed in 64-bit floating point.

XLA fuses elementwise work freely and computes what several results share once for each of them: a step as one piece
would do six times the arithmetic, and compile for a minute. :func:`_apart` sets borders that it does not fuse across:
forcing, the states that lead, the states that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from osteon.errors import MissingExtraError, ModelError
from osteon.twin.engine.batch import Batch
from osteon.twin.engine.model import DAYS_PER_YEAR, Array, LeadingModel, Model, Parameters
from osteon.twin.engine.rk4 import Stages, State, advance, exposure_after, hermite, rk4_through, weighted
from osteon.twin.engine.simulation import Floats

try:
    import jax
    import jax.numpy as jnp
    from jax import lax
except ImportError as absent:
    raise MissingExtraError("The JAX engine", "jax") from absent

# The widest vectors that the processor has; half as fast again as XLA's default where that is 512 bits.
COMPILER_OPTIONS = {"xla_cpu_prefer_vector_width": "512"} if jax.default_backend() == "cpu" else {}

Carry = tuple[tuple[Array, ...], dict[str, Array]]


def run_batch(batch: Batch) -> tuple[Floats, Floats, tuple[Floats, dict[str, Floats]] | None]:
    """Integrate everybody in the batch; the same question and answer as the NumPy driver's ``run_batch``.

    Raises
    ------
    ModelError
        64-bit floating point is not to be had in this process.
    """
    with jax.enable_x64(True):
        if jnp.zeros(1).dtype != jnp.float64:
            raise ModelError(
                "JAX does not compute in 64-bit floating point here", mend="Unset JAX_ENABLE_X64=0 and start again"
            )
        steps, slots = _steps(batch)
        carry = _carry(batch)
        rates = {name: jnp.asarray(rate) for name, rate in batch.eliminations.items()}
        fixed = {"parameters": batch.parameters, "ages": batch.ages, "rates": rates}
        kept = None
        cut = batch.keep_step
        pieces = []
        for part in (slice(0, cut), slice(cut, None)) if cut else (slice(None),):
            if part.start is not None and part.start == cut:
                kept = _keep(batch, carry)
            now = jax.tree.map(lambda array, part=part: array[part], steps)
            now["fresh"] = np.concatenate([[True], now["fresh"][1:]])
            carry, found = _scan(batch.model, batch.observe, carry, now, fixed)
            pieces.append(np.stack([np.asarray(one) for one in found]))
        if cut == 0:
            kept = _keep(batch, _carry(batch))
        values = np.concatenate(pieces, axis=1)  # (observables, steps, slots, people)
        return _gather(batch, values, slots), np.stack([np.asarray(part) for part in carry[0]]), kept


@partial(jax.jit, static_argnums=(0, 1), compiler_options=COMPILER_OPTIONS)
def _scan(
    model: Model, observe: tuple[str, ...], carry: Carry, steps: Mapping[str, Any], fixed: Mapping[str, Any]
) -> tuple[Carry, tuple[Array, ...]]:
    parameters, ages, rates = fixed["parameters"], fixed["ages"], fixed["rates"]

    def forcing_at(age: Array, levels: Mapping[str, Array]) -> Any:
        return jax.tree.map(jnp.asarray, model.forcing(jnp, age, levels, parameters))

    def one_step(carry: tuple[State, dict[str, Array], Any], x: Mapping[str, Any]) -> Any:
        before, exposure, known = carry
        days, runs = x["days"], x["runs"]
        start_age, end_age = ages + x["start"] / DAYS_PER_YEAR, ages + x["end"] / DAYS_PER_YEAR
        start, middle, end = dict(exposure), dict(exposure), dict(exposure)
        for name, rate in rates.items():
            decay = jnp.exp(-rate * (days / 2.0))
            start[name] = exposure[name] + x["doses"][name]
            middle[name] = exposure_after(start[name], x["steady"][name], decay)
            end[name] = exposure_after(middle[name], x["steady"][name], decay)
        first = lax.cond(
            x["fresh"], lambda: forcing_at(start_age + x["start_inside"] / DAYS_PER_YEAR, start), lambda: known
        )
        half, last = _apart(
            runs,
            lambda: (
                forcing_at(start_age + days / 2.0 / DAYS_PER_YEAR, middle),
                forcing_at(end_age - x["end_inside"] / DAYS_PER_YEAR, end),
            ),
        )
        after = _step((model, parameters), runs, before, days, Stages(first, half, last))

        def read() -> tuple[Array, ...]:
            rate_before = model.derivatives(jnp, before, first, parameters)
            rate_after = model.derivatives(jnp, after, last, parameters)
            slots = []
            for theta in x["theta"]:
                at = hermite(theta, days, (before, rate_before), (after, rate_after))
                here = dict(start)
                for name, rate in rates.items():
                    decay = jnp.exp(-rate * (theta * days))
                    here[name] = exposure_after(start[name], x["steady"][name], decay)
                forcing = model.forcing(jnp, start_age + theta * days / DAYS_PER_YEAR, here, parameters)
                values = model.observe(jnp, observe, at, forcing, parameters)
                slots.append(tuple(jnp.broadcast_to(value, ages.shape) for value in values))
            return tuple(jnp.stack(one) for one in zip(*slots, strict=True))

        def skip() -> tuple[Array, ...]:
            return tuple(jnp.zeros((len(x["theta"]), *ages.shape)) for _ in observe)

        return (after, end, last), lax.cond(x["read"], read, skip)

    state, exposure = carry
    unknown = jax.eval_shape(forcing_at, ages, exposure)
    known = jax.tree.map(lambda one: jnp.zeros(one.shape, one.dtype), unknown)
    (state, exposure, _), found = lax.scan(one_step, (state, exposure, known), steps)
    return (state, exposure), found


def _apart(runs: Array, compute: Callable[[], Any]) -> Any:
    """What ``compute`` gives, in a piece of the program that the compiler neither splits nor merges with others.

    ``runs`` is always true, which the compiler cannot know: a branch is the one border that it keeps.
    """
    shapes = jax.eval_shape(compute)
    return lax.cond(runs, compute, lambda: jax.tree.map(lambda one: jnp.zeros(one.shape, one.dtype), shapes))


def _step(what: tuple[Model, Parameters], runs: Array, state: State, days: Array, stages: Stages) -> State:
    """The state after a Runge-Kutta step; where some states lead, theirs first through all stages, then the others'."""
    model, parameters = what
    if not isinstance(model, LeadingModel):
        return rk4_through(model, jnp, state, days=days, stages=stages, parameters=parameters)[0]
    leaders, others = state[: model.leading], state[model.leading :]
    forcings, half = (stages.first, stages.middle, stages.middle, stages.last), days / 2.0
    moves = (None, half, half, days)

    def through(begin: State, rates_at: Callable[[int, State], State]) -> State:
        rates: list[State] = []
        for number, move in enumerate(moves):
            rates.append(rates_at(number, begin if move is None else advance(begin, move, rates[-1])))
        return weighted(begin, days, (rates[0], rates[1], rates[2], rates[3]))

    def lead() -> tuple[State, list[State]]:
        signals: list[State] = []

        def rates_at(number: int, at: State) -> State:
            rate, signal = model.lead(jnp, at, forcings[number], parameters)
            signals.append(signal)
            return rate

        return through(leaders, rates_at), signals

    led, signals = _apart(runs, lead)
    followed = _apart(
        runs,
        lambda: through(
            others, lambda number, at: model.follow(jnp, at, signals[number], forcings[number], parameters)
        ),
    )
    return (*led, *followed)


def _steps(batch: Batch) -> tuple[dict[str, Any], np.ndarray[Any, np.dtype[np.int64]]]:
    """What changes from step to step, and for each output time the slot of its step that holds its reading.

    A step has as many slots as the most output times that any person has in any one step.
    """
    count = len(batch.step_days)
    out_step = batch.out_step
    column = out_step if out_step.ndim == 2 else out_step[:, None]
    first_of_run = np.array([np.searchsorted(one, one, side="left") for one in column.T]).T
    slots = np.arange(len(column))[:, None] - first_of_run
    width = int(slots.max()) + 1
    shape = (count, width) if batch.shared else (count, width, batch.ages.size)
    theta = np.zeros(shape)
    if batch.shared:
        theta[out_step, slots[:, 0]] = batch.out_theta
    else:
        theta[out_step, slots, np.arange(batch.ages.size)[None, :]] = batch.out_theta
    read = np.zeros(count, dtype=bool)
    read[np.unique(out_step)] = True
    steps = {
        "start": batch.start_days,
        "end": batch.end_days,
        "start_inside": batch.start_inside,
        "end_inside": batch.end_inside,
        "fresh": batch.fresh,
        "runs": np.ones(count, dtype=bool),
        "days": batch.step_days,
        "doses": dict(batch.doses),
        "steady": dict(batch.steady),
        "theta": tuple(theta[:, slot] for slot in range(width)),
        "read": read,
    }
    return steps, slots


def _carry(batch: Batch) -> Carry:
    """The state and exposures at the start, each exposure in the shape that it will keep over the steps."""
    exposure: dict[str, Array] = {}
    for name, level in batch.exposure.items():
        shapes = [np.shape(level)]
        if name in batch.eliminations:
            shapes += [np.shape(batch.eliminations[name]), batch.doses[name].shape[1:], batch.steady[name].shape[1:]]
            shapes.append(batch.step_days.shape[1:])
        exposure[name] = jnp.asarray(np.broadcast_to(np.asarray(level, dtype=np.float64), np.broadcast_shapes(*shapes)))
    return tuple(jnp.asarray(part) for part in batch.state), exposure


def _keep(batch: Batch, carry: Carry) -> tuple[Floats, dict[str, Floats]]:
    people = batch.ages.size
    state = np.stack([np.asarray(part) for part in carry[0]])
    return state, {name: np.array(np.broadcast_to(np.asarray(level), people)) for name, level in carry[1].items()}


def _gather(batch: Batch, values: Floats, slots: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
    if batch.shared:
        return values[:, batch.out_step, slots[:, 0]]
    return values[:, batch.out_step, slots, np.arange(batch.ages.size)[None, :]]
