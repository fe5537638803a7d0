"""Equally likely values of the bone model's parameters: what the calibration leaves open."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.csv_text import csv_text
from osteon.evidence.loader import table
from osteon.twin.osteon_model.parameters import Prior, nominal, priors
from osteon.twin.variability.draws import normals

Floats = NDArray[np.float64]

COUNT = 48
DRAWS_FILE = "osteon_model_draws.csv"
MARK = "fingerprint"


def parameter_draws(
    fitted: Sequence[Prior], theta: Floats, covariance: Floats, count: int = COUNT
) -> dict[str, Floats]:
    """Draw parameters from the normal distribution that the calibration found around its optimum.

    Parameters
    ----------
    fitted
        The fitted parameters in order.
    theta, covariance
        Optimum and covariance in the calibration's coordinates: prior spreads from the prior centres.
    count
        How many draws.

    Returns
    -------
    Values in natural units by name, ``(count,)`` each; the same every time.
    """
    size = len(fitted)
    values, vectors = np.linalg.eigh(0.5 * (covariance + covariance.T))
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = theta[:, None] + root @ normals("parameters of the bone model", "draws", np.arange(count), size)
    return {
        prior.name: np.array([prior.from_scale(prior.to_scale(prior.centre) + prior.spread * x) for x in row])
        for prior, row in zip(fitted, drawn, strict=True)
    }


def write_draws(draws: Mapping[str, Floats], path: Path, belongs_to: Mapping[str, float]) -> None:
    """Write draws as a data set, one line a draw, for :func:`stored_draws` to read.

    ``belongs_to`` are the fitted parameters around which they were drawn, by name.
    """
    mark = fingerprint(belongs_to)
    rows = ((mark, *(f"{x:.8g}" for x in row)) for row in zip(*draws.values(), strict=True))
    heading = ("Equally likely parameters of the bone model, drawn from its calibration.",)
    path.write_text(csv_text((MARK, *draws), rows, heading=heading), encoding="utf-8", newline="")


def fingerprint(parameters: Mapping[str, float]) -> str:
    """A short text that changes when any of these parameters does."""
    text = ";".join(f"{name}={value:.10g}" for name, value in sorted(parameters.items()))
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


@cache
def stored_draws() -> Mapping[str, Floats] | None:
    """The draws kept with the evidence: none when there are none, or when they belong to other parameters.

    ``osteon twin calibrate --write`` writes them; with ``--draws-only``, around the parameters in use.
    """
    try:
        rows = table(DRAWS_FILE)
    except FileNotFoundError:
        return None
    in_use = {name: nominal()[name] for name, prior in priors().items() if prior.fitted}
    if rows[0][MARK] != fingerprint(in_use):
        return None
    return MappingProxyType({name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != MARK})
