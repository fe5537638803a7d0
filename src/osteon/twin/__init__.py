"""The bone model: equations, therapies, the engine that integrates them, and their validation."""

from osteon.twin.project import RelativeProjection, project_relative
from osteon.twin.reference.coverage import THERAPIES as _COVERED
from osteon.twin.validate import Validation, validate

__all__ = ["RelativeProjection", "Validation", "covered_therapies", "project_relative", "validate"]


def covered_therapies() -> tuple[str, ...]:
    """The therapies that the present model can project, by their fixed names."""
    return _COVERED
