"""Run a batch on JAX: the driver for populations, an optional extra. The only module that imports jax.

The model's equations and the Runge-Kutta step are the very functions that the NumPy driver calls; ``lax.scan`` walks
over the steps inside one compiled program. Everything is computed in 64-bit floating point.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from osteon.errors import MissingExtraError, ModelError
from osteon.twin.engine.batch import Batch
from osteon.twin.engine.model import DAYS_PER_YEAR, Array, Model
from osteon.twin.engine.rk4 import INSIDE_DAYS, Exposure, exposure_after, hermite, rk4_step
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

    def one_step(carry: Carry, x: Mapping[str, Any]) -> tuple[Carry, tuple[Array, ...]]:
        before, exposure = carry
        days = x["days"]
        start_age = ages + x["start"] / DAYS_PER_YEAR
        start, middle, end = dict(exposure), dict(exposure), dict(exposure)
        for name, rate in rates.items():
            decay = jnp.exp(-rate * (days / 2.0))
            start[name] = exposure[name] + x["doses"][name]
            middle[name] = exposure_after(start[name], x["steady"][name], decay)
            end[name] = exposure_after(middle[name], x["steady"][name], decay)
        levels = Exposure(start, middle, end)
        after, rate_before = rk4_step(
            model, jnp, before, start_age=start_age, days=days, exposure=levels, parameters=parameters
        )

        def read() -> tuple[Array, ...]:
            forcing = model.forcing(jnp, start_age + (days - INSIDE_DAYS) / DAYS_PER_YEAR, end, parameters)
            rate_after = model.derivatives(jnp, after, forcing, parameters)
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

        return (after, end), lax.cond(x["read"], read, skip)

    return lax.scan(one_step, carry, steps)


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
