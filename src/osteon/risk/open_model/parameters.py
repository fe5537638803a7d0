"""The printed ratios of the open fracture model, once or as many equally plausible sets.

What it is: every ratio is a row of evidence. Its 95 % interval, where one is printed, is read as the spread of a
normal distribution of the logarithm. A ratio without a printed interval is held fixed, so a band shows the uncertainty
of what was printed with an interval and no more.

Random numbers: one counter-based generator (Philox) for each parameter, keyed by seed and parameter name. The first
draws do not change when more are asked for, and a parameter that is added does not move the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from osteon.evidence import all_rows, row, value

Floats = NDArray[np.float64]

_PREFIXES = ("fracture.gradient.", "fracture.rr.", "fracture.dose.", "fracture.death.")
_Z_95 = 1.959963984540054  # 97.5th percentile of the standard normal distribution


@dataclass(frozen=True, slots=True)
class Parameters:
    """Logarithms of the ratios, by evidence name, each of shape (draws,)."""

    logs: Mapping[str, Floats]
    draws: int

    def log(self, name: str) -> Floats:
        """The logarithm of one ratio, shape (draws,)."""
        return self.logs[name]


def log_standard_error(name: str) -> float:
    """Standard error of the logarithm of a ratio, from its printed 95 % interval; 0 when none is printed."""
    one = row(name)
    if one.spread_kind != "ci95":
        return 0.0
    low, high = (float(part) for part in one.spread.split("-"))
    return float(np.log(high / low) / (2 * _Z_95))


def _names() -> list[str]:
    return [name for name in all_rows() if name.startswith(_PREFIXES)]


def printed() -> Parameters:
    """The ratios as they were printed: one set."""
    return Parameters(logs={name: np.log([value(name)]) for name in _names()}, draws=1)


def _normals(name: str, draws: int, seed: int) -> Floats:
    digest = hashlib.blake2b(f"osteon open fracture model|{seed}|{name}".encode(), digest_size=16).digest()
    generator = np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))
    return generator.standard_normal(draws)


def drawn(draws: int, seed: int = 0) -> Parameters:
    """Equally plausible sets of ratios.

    Parameters
    ----------
    draws
        How many sets, at least 1.
    seed
        The same seed gives the same sets on every machine.

    Raises
    ------
    ValueError
        ``draws`` is below 1.
    """
    if draws < 1:
        raise ValueError("draws must be at least 1")
    logs = {}
    for name in _names():
        error = log_standard_error(name)
        centre = np.full(draws, np.log(value(name)))
        logs[name] = centre + error * _normals(name, draws, seed) if error else centre
    return Parameters(logs=logs, draws=draws)
