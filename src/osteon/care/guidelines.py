"""Guideline rules and trials as a table: who triggers a row, and what the row says about which therapy.

The rows are ``evidence/data/guideline_rules.csv``; a clinician can review them there or printed in
``docs/options.md``. A row whose criteria hold for the person applies; one that hangs on something missing from the
record might apply, and says what is missing. Where guidelines disagree, both rows are returned.

A guideline speaks for its own country. Where that is not the person's, the row is returned all the same, marked as not
at home: a specialist would name it as what another country does. Where the record has no country, the one stands in
that does so in fracture risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from osteon.care.facts import Facts
from osteon.care.result import GuidelineAdvice
from osteon.care.wording import fill, keys, read_rows
from osteon.evidence import THERAPIES
from osteon.evidence.countries import country_called, european
from osteon.evidence.loader import EvidenceError
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.person import Person
from osteon.risk.open_model.country import DEFAULT

Verdict = Literal["for", "may", "against", "trial", "note"]

INTERNATIONAL, EUROPE = "International", "Europe"

# Groups of therapies, so that a row of the table stays short.
GROUPS: dict[str, tuple[str, ...]] = {
    "bisphosphonates": ("alendronate", "risedronate", "ibandronate", "zoledronate"),
    "hip_bisphosphonates": ("alendronate", "risedronate", "zoledronate"),
    "oral_bisphosphonates": ("alendronate", "risedronate", "ibandronate"),
    "builders": ("teriparatide", "abaloparatide", "romosozumab"),
    "all_drugs": tuple(name for name, one in THERAPIES.items() if one.group in MEDICINE_GROUPS),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: which guideline, how strong, who triggers it, what it says, about which therapies.

    ``strength`` ends with what has taken the guideline's place, where something has.
    """

    id: str
    guideline: str
    country: str
    year: int
    strength: str
    criteria: str
    who: str
    advice: str
    verdict: Verdict
    therapies: tuple[str, ...]
    source: str
    locator: str


def _therapies(text: str) -> tuple[str, ...]:
    names = [name for word in keys(text) for name in GROUPS.get(word, (word,))]
    unknown = [name for name in names if name not in THERAPIES]
    if unknown:
        raise EvidenceError(f"unknown therapies {unknown}", where="guideline_rules.csv")
    return tuple(dict.fromkeys(names))


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule that was read at its source, in file order."""
    found = []
    for record in read_rows("guideline_rules.csv"):
        verdict = next((one for one in get_args(Verdict) if one == record["verdict"]), None)
        if verdict is None:
            raise EvidenceError(f"verdict {record['verdict']!r} is not one of {get_args(Verdict)}", where=record["id"])
        found.append(
            Rule(
                id=record["id"],
                guideline=record["guideline"],
                country=record["country"],
                year=int(record["year"]),
                strength=", ".join(filter(None, (record["strength"], record["superseded"]))),
                criteria=record["criteria"],
                who=record["who"],
                advice=record["advice"],
                verdict=verdict,
                therapies=_therapies(record["therapies"]),
                source=record["source"],
                locator=record["locator"],
            )
        )
    return tuple(found)


def speaks_for(country: str, person: Person) -> bool:
    """Whether a body of a country, of Europe, or an international one speaks for where the person lives.

    Parameters
    ----------
    country
        As the table of rules has it.
    person
        The record; without a country the United States stand in, as in fracture risk.
    """
    home = DEFAULT if person.country is None else country_called(person.country)
    return country in (INTERNATIONAL, home) or (country == EUROPE and home in european())


def advice_for(facts: Facts, therapy: str) -> tuple[GuidelineAdvice, ...]:
    """The rows about one therapy that apply to a person or might, those that apply first."""
    found: list[GuidelineAdvice] = []
    for rule in rules():
        if therapy not in rule.therapies:
            continue
        truth = facts.holds(rule.criteria)
        if truth.yes is False:
            continue
        found.append(
            GuidelineAdvice(
                guideline=rule.guideline,
                year=rule.year,
                strength=rule.strength,
                who=rule.who,
                advice=fill(rule.advice),
                verdict=rule.verdict,
                applies=True if truth.yes else "uncertain",
                missing=truth.missing,
                source=rule.source,
                country=rule.country,
                at_home=speaks_for(rule.country, facts.person),
            )
        )
    return tuple(sorted(found, key=lambda one: one.applies is not True))
