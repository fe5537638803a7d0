"""Settings that all tests share."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from osteon.person import clock

# JAX compilation would trip a deadline; the examples are chosen the same way on every machine.
settings.register_profile(
    "osteon", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("osteon")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# Scans in the tests are of 2026. Without a fixed day they would be old scans one day, and every next step overdue.
pytest.MonkeyPatch().setattr(clock, "today", lambda: dt.date(2026, 11, 30))


@pytest.fixture
def root() -> Path:
    """The repository's root."""
    return Path(__file__).parent.parent


@pytest.fixture
def examples(root: Path) -> Path:
    """The folder of example persons."""
    return root / "examples"
