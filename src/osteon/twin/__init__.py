"""The bone model: equations, therapies, the engine that integrates them, and their validation."""

from osteon.twin.project import RelativeProjection, project_relative
from osteon.twin.validate import Validation, validate

__all__ = ["RelativeProjection", "Validation", "project_relative", "validate"]
