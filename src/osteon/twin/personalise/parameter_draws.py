"""Equally likely values of the bone model's parameters: what the calibration leaves open."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from osteon.evidence.loader import table
from osteon.twin.osteon_model.parameters import Prior
from osteon.twin.variability.draws import normals

Floats = NDArray[np.float64]

COUNT = 48
DRAWS_FILE = "osteon_model_draws.csv"


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


def write_draws(draws: Mapping[str, Floats], path: Path) -> None:
    """Write draws as a data set, one line a draw, for :func:`stored_draws` to read."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write("# Equally likely parameters of the bone model, drawn from its calibration.\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(draws)
        writer.writerows([f"{x:.8g}" for x in row] for row in zip(*draws.values(), strict=True))


def stored_draws() -> dict[str, Floats] | None:
    """The draws kept with the evidence, none when the calibration has not written any."""
    try:
        rows = table(DRAWS_FILE)
    except FileNotFoundError:
        return None
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
