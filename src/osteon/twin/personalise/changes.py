"""How much a person's BMD changes from today under many regimens at once, quickly enough for a report.

Running every draw of a posterior under every regimen takes seconds. The change of BMD is a smooth function of the four
traits of the cells, so a few draws, spread over the posterior, are run under all regimens in a few batches; a
polynomial without cross terms through them gives the change of every other draw. The drift of each site, which is
Gaussian and solved exactly by the fit, is added draw by draw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.twin.engine.regimen import Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.osteon_model import LONG_STEPS, OsteonModel
from osteon.twin.osteon_model.sites import BMD, SITES
from osteon.twin.personalise.fit import Posterior
from osteon.twin.personalise.likelihood import response
from osteon.twin.personalise.project import whole_regimen
from osteon.twin.variability.traits import drift_years

Floats = NDArray[np.float64]

SIMULATED = 24
"""Draws that are run; the rest are read off the polynomial (9 coefficients)."""

QUICKLY_CLEARED = ("romosozumab", "teriparatide", "abaloparatide", "blosozumab")
"""Medicines that ask for short steps; regimens with them are run apart, so that the others keep their long ones."""


def project_changes(posterior: Posterior, regimens: Sequence[Regimen], t_years: Floats) -> Floats:
    """The logarithm of BMD relative to today for every sample of the posterior.

    Parameters
    ----------
    posterior
        From :func:`osteon.twin.personalise.fit_person`.
    regimens
        What is given from now on (day 0), ``R`` of them. Past treatment ends now unless a regimen gives it again.
    t_years
        Rising times from now, the first 0, ``(J,)``.

    Returns
    -------
    ``(R, 3, samples, J)``: lumbar spine, total hip, femoral neck.

    Raises
    ------
    ModelError
        A run gave no finite answer.
    """
    whitened = _whitened(posterior)
    chosen = _spread_out(whitened)
    found = np.empty((len(regimens), len(SITES), whitened.shape[1], t_years.size))
    design = _features(whitened)
    solve = np.linalg.pinv(design[chosen], rcond=1e-8)
    for group in _groups(regimens):
        logs = _run(posterior, [regimens[number] for number in group], chosen, t_years)
        for number, values in zip(group, logs, strict=True):
            # (3, chosen, J) -> coefficients -> every draw
            found[number] = np.einsum("df,fc,scj->sdj", design, solve, values)
    years = drift_years(posterior.data.age_years + t_years) - float(drift_years(posterior.data.age_years))
    drift = posterior.levels[len(SITES) :]  # (3, rows, draws)
    rows = drift.shape[1]
    whole = np.repeat(found[:, :, None], rows, axis=2) + drift[None, :, :, :, None] * years
    return np.asarray(whole.reshape(len(regimens), len(SITES), -1, t_years.size))


def _whitened(posterior: Posterior) -> Floats:
    """Coordinates of the draws in which they have mean 0 and unit covariance; directions without spread are 0."""
    z = posterior.draws.z
    centred = z - z.mean(axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(np.cov(centred))
    scale = np.where(values > 1e-8, 1.0 / np.sqrt(np.maximum(values, 1e-8)), 0.0)
    return np.asarray((vectors.T @ centred) * scale[:, None])


def _spread_out(whitened: Floats) -> NDArray[np.int64]:
    """Draws to run: the two ends of each direction, and others evenly through the list."""
    ends = np.concatenate([whitened.argmin(axis=1), whitened.argmax(axis=1)])
    between = np.linspace(0, whitened.shape[1] - 1, SIMULATED - ends.size).round().astype(np.int64)
    return np.concatenate([ends, between])


def _features(whitened: Floats) -> Floats:
    """``(draws, 9)``: one, each direction, and its square."""
    return np.concatenate([np.ones((1, whitened.shape[1])), whitened, whitened**2]).T


def _groups(regimens: Sequence[Regimen]) -> Iterator[list[int]]:
    """Regimens that may share their steps, by number."""
    keys: dict[tuple[str, ...], list[int]] = {}
    for number, regimen in enumerate(regimens):
        keys.setdefault(tuple(drug for drug in QUICKLY_CLEARED if drug in regimen.drugs), []).append(number)
    yield from keys.values()


def _run(posterior: Posterior, regimens: Sequence[Regimen], chosen: NDArray[np.int64], t_years: Floats) -> Floats:
    """Log BMD relative to today, ``(regimens, 3, chosen, J)``."""
    data, draws = posterior.data, posterior.draws.chosen(chosen)
    whole = [whole_regimen(posterior, regimen) for regimen in regimens]
    count, times = chosen.size, len(regimens)
    drugs = tuple(sorted({drug for regimen in whole for drug in regimen.drugs}))
    parameters: dict[str, Any] = {
        name: value if np.ndim(value) == 0 else np.tile(value, times) for name, value in draws.parameters().items()
    }
    run = simulate(
        OsteonModel(),
        np.full(count * times, data.start_years),
        [regimen for regimen in whole for _ in range(count)] if times > 1 else whole[0],
        output_years=t_years + (data.age_years - data.start_years),
        observe=BMD,
        parameters=parameters,
        dose_multipliers={drug: np.tile(own, times) for drug, own in response(drugs, draws).items()},
        initial_state=np.tile(draws.lives.states_at(data.start_years), (1, times)),
        step_scale=LONG_STEPS,
    ).require_ok()
    logs = np.log(np.stack([run.observables[name] for name in BMD]))
    change = logs - logs[:, :, :1]
    return np.moveaxis(change.reshape(len(SITES), times, count, t_years.size), 1, 0)
