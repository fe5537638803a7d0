"""The tables that screening reads: who should be screened, by body and country, and the factors that bodies count.

The rows are ``evidence/data/screening_rules.csv`` and ``screening_factors.csv``; a clinician can review them there or
printed in ``docs/screening.md``. A row fits when its criteria hold and at least so many of its factors are present.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from osteon.care.screening.result import Step
from osteon.care.wording import keys, read_rows
from osteon.errors import UsageError
from osteon.evidence.countries import country_called
from osteon.evidence.loader import EvidenceError

Answer = Literal["yes", "no", "none", "outside"]

INTERNATIONAL = "International"

# Countries that the table has under one name, because one body speaks for them.
_TOGETHER: Mapping[str, str] = dict.fromkeys(("Germany", "Austria", "Switzerland"), "Germany, Austria, Switzerland")


@dataclass(frozen=True, slots=True)
class Factor:
    """A risk factor as a rule names it: a label for the reader, and the phrases that ask the record for it."""

    key: str
    label: str
    criteria: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: who says what, how strongly, about which step, to whom."""

    id: str
    body: str
    country: str
    year: int
    strength: str
    step: Step
    answer: Answer
    criteria: str
    factors: tuple[Factor, ...]
    at_least: int
    who: str
    advice: str
    tools: tuple[str, ...]
    sources: tuple[str, ...]
    locator: str


@cache
def factors() -> Mapping[str, Factor]:
    """Every factor, by its key."""
    return {
        record["key"]: Factor(record["key"], record["label"], record["criteria"])
        for record in read_rows("screening_factors.csv")
    }


@cache
def rules() -> tuple[Rule, ...]:
    """Every row that was read at its source, in file order.

    Raises
    ------
    EvidenceError
        A row names a step, an answer or a factor that does not exist, or counts factors and lists none.
    """
    return tuple(_rule(record) for record in read_rows("screening_rules.csv"))


def _rule(record: Mapping[str, str]) -> Rule:
    step = next((one for one in get_args(Step) if one == record["step"]), None)
    answer = next((one for one in get_args(Answer) if one == record["answer"]), None)
    if step is None or answer is None:
        raise EvidenceError("the step or the answer is not one of the fixed words", where=record["id"])
    named = keys(record["factors"])
    unknown = [key for key in named if key not in factors()]
    if unknown or bool(named) != bool(record["at_least"]):
        raise EvidenceError(f"the factors do not fit: {unknown or 'none are counted'}", where=record["id"])
    return Rule(
        id=record["id"],
        body=record["body"],
        country=record["country"],
        year=int(record["year"]),
        strength=record["strength"],
        step=step,
        answer=answer,
        criteria=record["criteria"],
        factors=tuple(factors()[key] for key in named),
        at_least=int(record["at_least"] or 0),
        who=record["who"],
        advice=record["advice"],
        tools=keys(record["tools"]),
        sources=keys(record["source"]),
        locator=record["locator"],
    )


def countries() -> tuple[str, ...]:
    """The countries whose bodies are in the table, in file order, without the international ones."""
    return tuple(dict.fromkeys(rule.country for rule in rules() if rule.country != INTERNATIONAL))


def country_named(name: str | None) -> str | None:
    """The country as the table writes it; none stays none, for all countries.

    Raises
    ------
    UsageError
        No body of that country is in the table.
    """
    if name is None:
        return None
    called = country_called(name)
    wanted = _TOGETHER.get(called, called).casefold()
    found = next((one for one in countries() if one.casefold() == wanted), None)
    if found is None:
        raise UsageError(
            f"no screening guideline of {name.strip()!r} is known",
            where="country",
            mend=f"Write one of: {'; '.join(countries())}, or leave it out for all",
        )
    return found
