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
from osteon.densitometry.result import Diagnosis
from osteon.evidence.loader import EvidenceError
from osteon.person import Sex

_TEXTS = (
    "summary",
    "certainty_reason",
    "certainty_osteopenia_reason",
    "certainty_men_reason",
    "harms",
    "burden",
    "on_stopping",
)
# GRADE: evidence from other people than the person in question is a step less sure.
_STEP_DOWN: Mapping[Certainty, Certainty] = {"high": "moderate", "moderate": "low", "low": "very-low"}

_BEFORE_MENOPAUSE = "Its fracture trials were in women after the menopause."


@dataclass(frozen=True, slots=True)
class Card:
    """One therapy's card, filled.

    ``in_osteopenia`` is the evidence graded for fractures in osteopenia; ``in_men`` says why it is a step less sure in
    men, and is empty where it is not.
    """

    evidence: OptionEvidence
    in_osteopenia: OptionEvidence
    in_men: str
    harms: tuple[str, ...]
    burden: str
    on_stopping: str

    def evidence_for(self, diagnosis: Diagnosis, sex: Sex, *, premenopausal: bool = False) -> OptionEvidence:
        """The evidence as it counts for a person: trials of people unlike them say less.

        ``premenopausal`` is a woman before her menopause who is offered a medicine for bone.
        """
        evidence = self.in_osteopenia if diagnosis == "osteopenia" else self.evidence
        unlike = self.in_men if sex == "male" else _BEFORE_MENOPAUSE if premenopausal else ""
        if not unlike:
            return evidence
        grade = _STEP_DOWN.get(evidence.certainty, evidence.certainty)
        reason = f"{evidence.certainty_reason} {unlike}"
        return evidence.model_copy(update={"certainty": grade, "certainty_reason": reason})


@cache
def cards() -> dict[str, Card]:
    """The cards by therapy."""
    return {record["therapy"]: _card(record) for record in read_rows("drug_cards.csv")}


def _card(record: Mapping[str, str]) -> Card:
    texts = [record[name] for name in _TEXTS]
    named = tuple(dict.fromkeys((*sources_of(*texts), *keys(record["sources"]))))
    evidence = OptionEvidence(
        certainty=_grade(record, "certainty"),
        certainty_reason=fill(record["certainty_reason"]),
        summary=fill(record["summary"]),
        sources=named,
    )
    in_osteopenia = evidence
    if record["certainty_osteopenia"]:
        in_osteopenia = OptionEvidence(
            certainty=_grade(record, "certainty_osteopenia"),
            certainty_reason=fill(record["certainty_osteopenia_reason"]),
            summary=evidence.summary,
            sources=named,
        )
    return Card(
        evidence=evidence,
        in_osteopenia=in_osteopenia,
        in_men=fill(record["certainty_men_reason"]),
        harms=tuple(fill(one.strip()) for one in record["harms"].split("|") if one.strip()),
        burden=fill(record["burden"]),
        on_stopping=fill(record["on_stopping"]),
    )


def _grade(record: Mapping[str, str], column: str) -> Certainty:
    grade: Certainty | None = next((one for one in get_args(Certainty) if one == record[column]), None)
    if grade is None:
        raise EvidenceError(f"{column} {record[column]!r} is not a GRADE word", where=record["therapy"])
    return grade
