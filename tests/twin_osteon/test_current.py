"""What is kept beside the calibration belongs to it."""

from __future__ import annotations

import pytest

from osteon.evidence.loader import value
from osteon.twin.osteon_model.parameters import TRAITS
from osteon.twin.personalise.parameter_draws import stored_draws


def test_the_kept_draws_belong_to_the_parameters_in_use() -> None:
    stored_draws.cache_clear()
    assert stored_draws() is not None, "run osteon twin calibrate --draws-only --write"


def test_the_usual_age_at_menopause_lies_halfway_between_its_two_sources() -> None:
    recalled = value("variability.menopause_age.mean")
    observed = value("osteon_reference.menopause_age.observed")
    assert TRAITS["menopause_age"] == pytest.approx(0.5 * (recalled + observed), abs=0.05)
