"""The evidence card of each therapy: what trials found, how sure that is and why, harms, burden, stopping.

The texts are ``evidence/data/drug_cards.csv``; the numbers in them come from ``constants_care.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import get_args

from osteon.care.result import Certainty, OptionEvidence
from osteon.care.wording import fill, keys, read_rows, sources_of
from osteon.evidence.loader import EvidenceError


@dataclass(frozen=True, slots=True)
class Card:
    """One therapy's card, filled."""

    evidence: OptionEvidence
    harms: tuple[str, ...]
    burden: str
    on_stopping: str


@cache
def cards() -> dict[str, Card]:
    """The cards by therapy."""
    return {record["therapy"]: _card(record) for record in read_rows("drug_cards.csv")}


def _card(record: Mapping[str, str]) -> Card:
    certainty = next((one for one in get_args(Certainty) if one == record["certainty"]), None)
    if certainty is None:
        raise EvidenceError(f"certainty {record['certainty']!r} is not a GRADE word", where=record["therapy"])
    texts = [record[name] for name in ("summary", "certainty_reason", "harms", "burden", "on_stopping")]
    named = tuple(dict.fromkeys((*sources_of(*texts), *keys(record["sources"]))))
    return Card(
        evidence=OptionEvidence(
            certainty=certainty,
            certainty_reason=fill(record["certainty_reason"]),
            summary=fill(record["summary"]),
            sources=named,
        ),
        harms=tuple(fill(one.strip()) for one in record["harms"].split("|") if one.strip()),
        burden=fill(record["burden"]),
        on_stopping=fill(record["on_stopping"]),
    )
