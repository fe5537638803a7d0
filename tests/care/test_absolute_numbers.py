"""Each medicine's card has absolute numbers: how many broke a bone with it, and how many without."""

from __future__ import annotations

import pytest

from osteon.care.wording import fill, read_rows
from osteon.evidence import THERAPIES

MEDICINES = ("antiresorptive", "anabolic")
CARDS = {row["therapy"]: row for row in read_rows("drug_cards.csv")}


@pytest.mark.parametrize("therapy", [one.name for one in THERAPIES.values() if one.group in MEDICINES])
def test_a_card_says_how_many_with_and_how_many_without(therapy: str) -> None:
    summary = fill(CARDS[therapy]["summary"])
    assert " against " in summary or " with placebo" in summary, summary


@pytest.mark.parametrize("therapy", sorted(CARDS))
def test_a_card_is_whole(therapy: str) -> None:
    card = CARDS[therapy]
    assert all(card[part] for part in ("certainty", "certainty_reason", "summary", "harms", "burden", "on_stopping"))
