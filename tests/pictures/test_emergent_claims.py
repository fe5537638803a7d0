"""Every sentence of docs/emergent-behaviour.md about the model's courses, held to the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from osteon.twin.osteon_model.behaviours import BEHAVIOURS
from osteon.twin.osteon_model.emergent import Behaviour


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.key)
def test_what_the_page_says_of_the_courses_holds(behaviour: Behaviour) -> None:
    found = behaviour.findings()
    assert len(found) >= 3 or behaviour.key == "order"
    for one in found:
        assert one.holds, f"{one.sentence}: {one.measured:.3f} {one.unit}, not within {one.low:g} to {one.high:g}"


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda one: one.key)
def test_the_claims_could_fail(behaviour: Behaviour) -> None:
    """Courses that never move satisfy no behaviour, so that the claims say something."""
    flat = {label: {name: values * 0.0 for name, values in own.items()} for label, own in behaviour.courses().items()}
    broken = 0
    for claim in behaviour.claims:
        try:
            broken += not claim.low <= claim.number(flat) <= claim.high
        except (FloatingPointError, RuntimeWarning):
            broken += 1
    assert broken >= 1


def test_each_behaviour_stands_on_the_page_with_its_picture(root: Path) -> None:
    page = (root / "docs/emergent-behaviour.md").read_text("utf-8")
    for one in BEHAVIOURS:
        assert f"## {one.title}" in page
        assert f"images/emergent/{one.key}.svg" in page
        for claim in one.claims:
            assert claim.sentence in page
    assert "does not hold" not in page
