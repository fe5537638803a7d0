"""The options of the clinician's report as compact cards for paper: what stands elsewhere is named, not said again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from osteon.care.result import Option
from osteon.report.rows import OptionRow
from osteon.report.words import first_small

_SHORT = 40
"""Texts up to this many letters cost less than the words that would point to another card."""


def compact_cards(options: Sequence[tuple[Option, OptionRow]]) -> tuple[OptionRow, ...]:
    """The cards, in order; ``guidelines`` names what speaks, and a text of an earlier card becomes a pointer to it.

    The guideline table of the same report says in full what each guideline says, so a card names them only.
    """
    first_said: dict[str, str] = {}

    def once(text: str, label: str, *, head: str = "") -> str:
        said_by = first_said.setdefault(text, label)
        if said_by == label or len(text) <= _SHORT:
            return text
        return f"{head}: as for {first_small(said_by)}." if head else f"As for {first_small(said_by)}."

    cards = []
    for option, row in options:
        speaking = {one.sentence: f"{one.guideline} {one.year}, {one.strength}" for one in option.guidelines}
        cards.append(
            replace(
                row,
                guidelines="; ".join(dict.fromkeys(speaking[one] for one in row.reasons if one in speaking)),
                reasons=tuple(once(one, row.label, head=_head(one)) for one in row.reasons if one not in speaking),
                certainty_reason=once(row.certainty_reason, row.label),
                checks=once(row.checks, row.label),
                harms=once(row.harms, row.label),
                on_stopping=once(row.on_stopping, row.label),
            )
        )
    return tuple(cards)


def _head(reason: str) -> str:
    """What a reason is about: the words before its colon."""
    head, colon, _ = reason.partition(": ")
    return head if colon else ""
