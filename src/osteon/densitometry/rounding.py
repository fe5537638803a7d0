"""Scores as decimal numbers: what was meant, and what a device would have printed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def exact(score: float) -> Decimal:
    """A score as the decimal number that was meant: the last bits of floating-point arithmetic are dropped."""
    return Decimal(repr(round(float(score), 6)))


def as_printed(score: float) -> float:
    """A computed score rounded as a device prints it: one decimal, halves away from zero, and never minus zero."""
    return float(exact(score).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)) + 0.0


def written(score: float) -> str:
    """A score with the decimals that it has, at least one: -2.0, -1.62."""
    tenths = exact(score) * 10
    return f"{score:.1f}" if tenths == tenths.to_integral_value() else f"{score:.2f}"
