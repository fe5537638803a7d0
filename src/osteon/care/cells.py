"""Stem cells, counselled: what is known, who could take part in research, how to judge an offer.

On the evidence found, no cell therapy has been shown to raise bone density or prevent fracture in osteopenia. That
sentence opens every result of this module, zoledronate stands beside it, and no provider is named, ranked or linked.
The claims ledger, red flags, checklist and regulators' positions are tables in ``evidence/data/claims_*.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import get_args

from osteon.care.cards import cards
from osteon.care.result import CellTherapy, Certainty, ChecklistItem, Claim, RegulatorPosition
from osteon.care.suitability import suitability, summary
from osteon.care.wording import fill, keys, read_rows, sources_of
from osteon.densitometry.result import Densitometry
from osteon.evidence.loader import EvidenceError
from osteon.person import Person

STATEMENT = (
    "On the evidence found, no cell therapy has been shown to raise bone density or prevent fracture in osteopenia."
)

PROVIDER_RULE = (
    "All twelve questions of the provider checklist must be answered yes. One no, and it is not research that protects "
    "the patient. On the evidence found, no provider anywhere meets the whole list for osteopenia."
)

QUESTIONS = (
    "Is this a trial that a regulator has cleared, and may I see its number?",
    "What will it cost me, now and later?",
    "How many people with low bone density have had this product, and where are the results published?",
    "What would happen to my bones without it, and with a zoledronate infusion instead?",
    "What went wrong in others, and who pays if something goes wrong for me?",
    "How will you measure whether it worked, and when?",
    "Would it keep me from having another treatment or joining another trial?",
)


@cache
def claims() -> tuple[Claim, ...]:
    """The claims ledger, in the order of the table."""
    return tuple(_claim(record) for record in read_rows("claims_stem_cells.csv"))


def _claim(record: Mapping[str, str]) -> Claim:
    certainty = next((one for one in get_args(Certainty) if one == record["certainty"]), None)
    if certainty is None:
        raise EvidenceError(f"certainty {record['certainty']!r} is not a GRADE word", where=record["key"])
    texts = [record[name] for name in ("human", "animal", "laboratory", "would_have_to_be_true")]
    return Claim(
        key=record["key"],
        claim=record["claim"],
        verdict=record["verdict"],
        human=fill(record["human"]),
        animal=fill(record["animal"]),
        laboratory=fill(record["laboratory"]),
        certainty=certainty,
        would_have_to_be_true=fill(record["would_have_to_be_true"]),
        sources=tuple(dict.fromkeys((*keys(record["sources"]), *sources_of(*texts)))),
    )


def cell_therapy(person: Person, densitometry: Densitometry | None = None) -> CellTherapy:
    """The counselling page on stem cells for one person.

    Parameters
    ----------
    person
        The record. What it does not hold stays unknown.
    densitometry
        What the scan says, for the question of severity; none when there is no scan.
    """
    ledger = claims()
    facts = read_rows("claims_cost_and_harm.csv")
    flags = read_rows("claims_red_flags.csv")
    checklist = read_rows("claims_provider_checklist.csv")
    regulators = read_rows("claims_regulators.csv")
    items = suitability(person, densitometry)
    zoledronate = cards()["zoledronate"].evidence
    named = [
        *(key for one in ledger for key in one.sources),
        *(key for record in facts for key in keys(record["sources"])),
        *(record["source"] for table in (flags, checklist, regulators) for record in table),
        *zoledronate.sources,
    ]
    return CellTherapy(
        statement=STATEMENT,
        hypothetical=True,
        beside=f"Beside it stands zoledronate. {zoledronate.summary}",
        suitability=items,
        suitability_summary=summary(items),
        claims=ledger,
        red_flags=tuple(record["flag"] for record in flags),
        provider_checklist=tuple(
            ChecklistItem(key=record["key"], question=record["question"], why=fill(record["why"]))
            for record in checklist
        ),
        provider_rule=PROVIDER_RULE,
        regulators=tuple(
            RegulatorPosition(
                region=record["region"],
                authority=record["authority"],
                date=record["date"],
                position=record["position"],
                source=record["source"],
            )
            for record in regulators
        ),
        cost_and_harm=tuple(fill(record["fact"]) for record in facts),
        questions=QUESTIONS,
        sources=tuple(dict.fromkeys(named)),
    )
