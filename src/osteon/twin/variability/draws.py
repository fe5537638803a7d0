"""Random numbers that belong to a person: keyed by study, person and purpose, never by position in a batch.

Philox is a counter-based generator: the key says which study and purpose, the counter which person. So a person's
numbers are the same alone or among a million, in any order, in any process, on any machine.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from osteon.errors import UsageError

Floats = NDArray[np.float64]

WORDS_PER_COUNT = 4
"""Philox gives four 64-bit words for each value of its counter."""

TO_UNIT = 2.0**-53


def uniforms(study: str, purpose: str, people: NDArray[np.int64], count: int) -> Floats:
    """Uniform numbers above 0 and up to 1, shape ``(count, n)``.

    Parameters
    ----------
    study, purpose
        Names; another name gives independent numbers.
    people
        The number of each person in the study, from 0 up, in any order, ``(n,)``.
    count
        Numbers for each person.

    Raises
    ------
    UsageError
        A person's number is negative, or ``count`` is not above 0.
    """
    who = np.asarray(people, dtype=np.int64)
    if count < 1 or who.ndim != 1 or (who.size and int(who.min()) < 0):
        raise UsageError("people are numbered from 0 up, and each needs at least one random number")
    blocks = -(-count // WORDS_PER_COUNT)
    key = np.frombuffer(hashlib.blake2b(f"{study}\x1f{purpose}".encode(), digest_size=16).digest(), dtype="<u8")
    distinct, where = np.unique(who, return_inverse=True)
    raw = np.empty((distinct.size, blocks * WORDS_PER_COUNT), dtype=np.uint64)
    starts = np.flatnonzero(np.diff(distinct, prepend=-2) != 1)
    for start, end in zip(starts, [*starts[1:], distinct.size], strict=True):
        generator = np.random.Philox(key=key, counter=int(distinct[start]) * blocks)
        raw[start:end] = generator.random_raw(raw[start:end].size).reshape(end - start, -1)
    unit = ((raw[:, :count] >> np.uint64(11)).astype(np.float64) + 1.0) * TO_UNIT
    return np.ascontiguousarray(unit[where].T)


def normals(study: str, purpose: str, people: NDArray[np.int64], count: int) -> Floats:
    """Standard normal numbers, shape ``(count, n)``, by the method of Box and Muller (1958).

    Parameters are those of :func:`uniforms`.
    """
    pairs = -(-count // 2)
    both = uniforms(study, purpose, people, 2 * pairs)
    radius = np.sqrt(-2.0 * np.log(both[:pairs]))
    angle = 2.0 * np.pi * both[pairs:]
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count]
