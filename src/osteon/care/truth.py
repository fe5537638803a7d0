"""Answers in three values: yes, no, and not known, with the names of what would settle it (Kleene's logic)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truth:
    """An answer in three values: ``yes`` is true, false, or none; ``missing`` names what would settle it."""

    yes: bool | None
    missing: tuple[str, ...] = ()


YES, NO = Truth(True), Truth(False)


def known(answer: bool | None, missing: str) -> Truth:
    """An answer, or the name of what was not recorded."""
    return Truth(None, (missing,)) if answer is None else Truth(answer)


def every(truths: Iterable[Truth]) -> Truth:
    """True when all are; false as soon as one is, whatever is missing elsewhere."""
    seen = list(truths)
    if any(one.yes is False for one in seen):
        return NO
    missing = tuple(dict.fromkeys(name for one in seen for name in one.missing))
    return Truth(None, missing) if any(one.yes is None for one in seen) else YES


def some(truths: Iterable[Truth]) -> Truth:
    """True as soon as one is; false when all are."""
    seen = list(truths)
    if any(one.yes is True for one in seen):
        return YES
    missing = tuple(dict.fromkeys(name for one in seen for name in one.missing))
    return Truth(None, missing) if any(one.yes is None for one in seen) else NO


def opposite(truth: Truth) -> Truth:
    """Not: what is missing stays missing."""
    return truth if truth.yes is None else Truth(not truth.yes)
