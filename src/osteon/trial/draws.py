"""The draws of people who lie close together in number: one run of the generator, with the gaps thrown away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from osteon.twin.variability import draws

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_GAPS = 16
"""Up to so many numbers are drawn for each that is kept."""


def uniforms(study: str, purpose: str, people: Ints, count: int) -> Floats:
    """As :func:`osteon.twin.variability.draws.uniforms`: the same numbers."""
    if not people.size:
        return np.empty((count, 0))
    every, where = _filled(people)
    return np.asarray(draws.uniforms(study, purpose, every, count)[:, where])


def normals(study: str, purpose: str, people: Ints, count: int) -> Floats:
    """As :func:`osteon.twin.variability.draws.normals`: the same numbers."""
    if not people.size:
        return np.empty((count, 0))
    every, where = _filled(people)
    return np.asarray(draws.normals(study, purpose, every, count)[:, where])


def _filled(people: Ints) -> tuple[Ints, Ints]:
    """All numbers from the first to the last of these people, and where each person stands among them."""
    first, last = int(people.min()), int(people.max())
    if last - first + 1 > MOST_GAPS * people.size:
        return people, np.arange(people.size)
    return np.arange(first, last + 1), people - first
