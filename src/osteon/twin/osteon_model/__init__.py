"""Osteon's own bone model: three sites, both sexes, every therapy."""

from osteon.twin.osteon_model.model import OsteonModel

__all__ = ["OsteonModel"]
