"""Osteon's own bone model: three sites, both sexes, every therapy."""

from osteon.twin.osteon_model.model import LONG_STEPS, OsteonModel

__all__ = ["LONG_STEPS", "OsteonModel"]
