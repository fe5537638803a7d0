"""Who must not have a therapy, who needs a second thought, and what to look up first.

The rows are ``evidence/data/drug_cautions.csv``. A ``contraindication`` rules the therapy out when it holds and
makes it uncertain while it is not known; a ``first`` is something to settle before starting; a ``caution`` is said when
it holds; a ``check`` is something to ask about that the record cannot hold and that seldom rules the therapy out. A
``check`` without a finding is only a question: its answer says nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from osteon.care.facts import Facts
from osteon.care.wording import fill, keys, read_rows


@dataclass(frozen=True, slots=True)
class Cautions:
    """What speaks against a therapy, what to settle first, what to weigh, what to look up, and the rows' sources."""

    against: tuple[str, ...]
    first: tuple[str, ...]
    weigh: tuple[str, ...]
    unknown: tuple[str, ...]
    checks: tuple[str, ...]
    sources: tuple[str, ...]


def cautions_for(facts: Facts, therapy: str) -> Cautions:
    """Apply every row about a therapy to a person."""
    said: dict[str, list[str]] = {"contraindication": [], "first": [], "caution": [], "check": []}
    unknown: list[str] = []
    checks: list[str] = []
    sources: list[str] = []
    for record in read_rows("drug_cautions.csv"):
        if therapy not in keys(record["therapies"]):
            continue
        sources.append(record["source"])
        truth = facts.holds(record["criteria"])
        kind = record["kind"]
        if truth.yes and record["finding"]:
            said[kind].append(fill(record["finding"]))
        elif truth.yes is None and kind in ("contraindication", "first"):
            unknown.extend(truth.missing)
        elif truth.yes is None and kind == "check":
            checks.extend(truth.missing)
    return Cautions(
        against=tuple(said["contraindication"]),
        first=tuple(said["first"]),
        weigh=(*said["caution"], *said["check"]),
        unknown=tuple(dict.fromkeys(unknown)),
        checks=tuple(dict.fromkeys(checks)),
        sources=tuple(dict.fromkeys(sources)),
    )
