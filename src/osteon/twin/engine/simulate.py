"""The one entry to the engine: people, a regimen, and times in; observables out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from osteon.errors import UsageError
from osteon.twin.engine.batch import check_question, make_batch, plan_for
from osteon.twin.engine.model import Model
from osteon.twin.engine.regimen import NO_TREATMENT, Regimen
from osteon.twin.engine.simulation import Checkpoint, Floats, Simulation, Status

Backend = Literal["numpy", "jax", "float"]

CHUNK: Mapping[Backend, int] = {"numpy": 4096, "jax": 2048, "float": 4096}
"""People integrated together, chosen by measurement so that the work stays in the processor's cache."""


def simulate(
    model: Model,
    age_years: float | Sequence[float] | Floats,
    regimen: Regimen | Sequence[Regimen] = NO_TREATMENT,
    *,
    output_years: Sequence[float] | Floats,
    observe: Sequence[str] | None = None,
    parameters: Mapping[str, float | Floats] | None = None,
    dose_multipliers: Mapping[str, float | Floats] | None = None,
    initial_state: Floats | None = None,
    start: Checkpoint | None = None,
    keep_checkpoint: bool = False,
    backend: Backend = "numpy",
    chunk: int | None = None,
    step_scale: float = 1.0,
    subdivide: int = 1,
) -> Simulation:
    """Simulate people under a regimen.

    A person's numbers depend on that person and their regimen only: not on the output times, on who else is in the
    batch, on ``chunk``, or on a stop in between (exactly with NumPy; to 1e-12 relative with JAX, whose compiler may
    order operations differently for different shapes).

    Parameters
    ----------
    model
        The bone model.
    age_years
        Ages on day 0, ``(n,)``.
    regimen
        One for everybody, or one for each person.
    output_years
        Rising times since day 0 at which to read the observables, ``(J,)``; the run ends at the last.
    observe
        Names of observables; all of them by default.
    parameters
        Overrides of the model's nominal parameters: scalars or ``(n,)``.
    dose_multipliers
        By drug: each person's multiplier of every dose, ``(n,)``, or of each dose event, ``(events, n)`` (0 is a
        missed dose).
    initial_state
        ``(S, n)``; the model's untreated state at each age by default.
    start
        Go on from this checkpoint. Ages, regimen, parameters and multipliers must be those of the first run.
    keep_checkpoint
        Also return a checkpoint near the end of the run.
    backend
        ``numpy``; ``jax`` (an optional extra) for large populations; ``float`` (plain Python) for a few people.
    chunk
        People integrated together.
    step_scale
        Multiplies the length of the steps. At 1, every observable of the reference model keeps within 1e-6 (relative)
        of the exact solution; at 3, BMD does, and the markers within 1e-4.
    subdivide
        Cut every step into so many parts (for convergence studies).

    Raises
    ------
    UsageError
        The request does not fit together; the message says where.
    """
    question = check_question(
        model,
        age_years,
        regimen,
        output_years=output_years,
        observe=observe,
        parameters=parameters,
        dose_multipliers=dose_multipliers,
        initial_state=initial_state,
        start=start,
        keep_checkpoint=keep_checkpoint,
        step_scale=step_scale,
        subdivide=subdivide,
    )
    if backend not in CHUNK:
        raise UsageError(f"there is no engine called {backend!r}", mend="Write numpy, jax or float")
    if backend == "jax":
        from osteon.twin.engine.jax_driver import run_batch
    elif backend == "float":
        from osteon.twin.engine.float_driver import run_batch
    else:
        from osteon.twin.engine.numpy_driver import run_batch
    size = chunk or CHUNK[backend]
    plans = plan_for(question)
    pieces = []
    for begin in range(0, question.people, size):
        people = np.arange(begin, min(begin + size, question.people))
        if backend == "jax" and begin > 0:  # the last batch is filled up, so that one compiled program serves all
            people = np.minimum(np.arange(begin, begin + size), question.people - 1)
        batch = make_batch(question, plans, people)
        pieces.append((batch, *run_batch(batch)))
    found = np.concatenate([piece[1] for piece in pieces], axis=2)[:, :, : question.people]
    last = np.concatenate([piece[2] for piece in pieces], axis=1)[:, : question.people]
    bad = ~(np.all(np.isfinite(found), axis=(0, 1)) & np.all(np.isfinite(last), axis=0))
    found[:, :, bad] = np.nan
    checkpoint = None
    if keep_checkpoint:
        kept = [piece[3] for piece in pieces]
        first = start.step if start is not None else 0
        checkpoint = Checkpoint(
            model=model.name,
            regimen=question.regimens[0],
            step=first + (pieces[0][0].keep_step or 0),
            state=np.concatenate([one[0] for one in kept if one is not None], axis=1)[:, : question.people],
            exposure={
                name: np.concatenate([one[1][name] for one in kept if one is not None])[: question.people]
                for name in model.channels(model.parameters)
            },
        )
    return Simulation(
        t_years=np.atleast_1d(np.asarray(output_years, dtype=np.float64)),
        observables=dict(zip(question.observe, np.swapaxes(found, 1, 2), strict=True)),
        status=np.where(bad, Status.NON_FINITE, Status.OK).astype(np.int8),
        checkpoint=checkpoint,
    )
