"""What the ledger says of the bone model is what the bone model says today."""

from __future__ import annotations

import pytest

from osteon.care.cells import claims
from osteon.twin.cell_therapy import CellProduct, Signal, what_would_have_to_be_true

CLAIM_OF = {
    "commitment": "regenerates",
    "activity": "osteoblasts",
    "inflammation": "inflammation",
    "vascular": "blood_supply",
}


@pytest.mark.parametrize("half_life_days", [None, 180.0])
def test_the_ledger_and_the_bone_model_agree(half_life_days: float | None) -> None:
    ledger = {one.key: one.would_have_to_be_true for one in claims()}
    signal = Signal() if half_life_days is None else Signal(half_life_days=half_life_days)
    answer = what_would_have_to_be_true(CellProduct(million_cells=100), signal=signal)
    assert {one.mechanism for one in answer.mechanisms} == set(CLAIM_OF)
    for one in answer.mechanisms:
        text = ledger[CLAIM_OF[one.mechanism]]
        assert "bone model one infusion" in text
        if half_life_days is None:
            assert ("at no plausible size" in text) == (not one.reachable), one.mechanism
        else:
            assert ("halves in 180 days it could" in text) == one.reachable, one.mechanism
            assert ("not with a signal that halves in 180 days" in text) == (not one.reachable), one.mechanism
