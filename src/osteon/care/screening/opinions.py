"""What one body says about one person: the first of its rows that fits decides.

A row that hangs on something missing is not skipped. It stays possible, and the answer is only given when all that
remains possible says the same; otherwise the answer is that it depends, and on what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from osteon.care.screening.facts import ScreeningFacts, facts_at
from osteon.care.screening.result import Advised, BodyOpinion, Standing
from osteon.care.screening.rules import Answer, Rule
from osteon.care.wording import listed

FIRST_STEPS = ("scan", "risk tool")
_MOST_NAMED = 4  # of what is missing, in a sentence

_STANDINGS: dict[Answer, Standing] = {
    "yes": "advised",
    "no": "advised against",
    "none": "no recommendation",
    "outside": "outside its scope",
}
_ADVISED: dict[Standing, Advised] = {
    "advised": True,
    "advised against": False,
    "not called for": False,
    "depends": "uncertain",
    "no recommendation": "uncertain",
    "outside its scope": "uncertain",
}
_AGE = re.compile(r"\bage>=(\d+)")


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a body's rows lead.

    Attributes
    ----------
    standing
        The answer.
    rule
        The row that decides, or, when it depends, the first row that might; none when no row can fit.
    missing
        What would settle it.
    """

    standing: Standing
    rule: Rule | None
    missing: tuple[str, ...] = ()


def decide(facts: ScreeningFacts, rows: Sequence[Rule]) -> Decision:
    """The answer of one body's rows, in their order."""
    maybe: list[tuple[Rule, tuple[str, ...]]] = []
    sure: Rule | None = None
    for rule in rows:
        truth = facts.fits(rule)
        if truth.yes:
            sure = rule
            break
        if truth.yes is None:
            maybe.append((rule, truth.missing))
    possible = {rule.answer for rule, _ in maybe} | ({sure.answer} if sure is not None else set())
    if sure is not None and len(possible) == 1:
        return Decision(_STANDINGS[sure.answer], sure)
    if not maybe:
        return Decision("not called for", None)
    missing = tuple(dict.fromkeys(name for _, names in maybe for name in names))
    shown = next((rule for rule, _ in maybe if rule.answer == "yes"), maybe[0][0])
    return Decision("depends", shown, missing)


def opinion(facts: ScreeningFacts, rows: Sequence[Rule]) -> BodyOpinion:
    """The answer of one body, for a reader."""
    decision = decide(facts, rows)
    shown = decision.rule or rows[-1]
    factors = facts.present(shown.factors) if decision.standing == "advised" else ()
    asks = decision.standing in ("not called for", "advised against")
    return BodyOpinion(
        body=shown.body,
        country=shown.country,
        year=shown.year,
        strength=shown.strength if decision.rule is not None else "",
        step=shown.step,
        advised=_ADVISED[decision.standing],
        standing=decision.standing,
        reason=_reason(decision, factors),
        advice=shown.advice if decision.rule is not None else "",
        factors=factors,
        missing=decision.missing,
        asks_from_age=_asks_from(facts, rows) if asks else None,
        tools=tuple(dict.fromkeys(tool for rule in rows for tool in rule.tools)),
        sources=tuple(dict.fromkeys(key for rule in _behind(decision, rows) for key in rule.sources)),
        locator=shown.locator,
    )


def _behind(decision: Decision, rows: Sequence[Rule]) -> Iterable[Rule]:
    return rows if decision.rule is None or decision.standing == "depends" else (decision.rule,)


def _reason(decision: Decision, factors: tuple[str, ...]) -> str:
    if decision.rule is None:
        return "None of the groups that it names fits."
    if decision.standing == "depends":
        return f"{decision.rule.who}. {depends_on(decision.missing)}"
    return f"{decision.rule.who}{f' (here: {listed(factors)})' if factors else ''}."


def depends_on(missing: Sequence[str]) -> str:
    """What would settle an answer, in a sentence; a long list is cut here and stays whole in ``missing``."""
    if len(missing) <= _MOST_NAMED:
        return f"It depends on {listed(missing)}, which the record lacks."
    rest = len(missing) - _MOST_NAMED
    return f"It depends on {', '.join(missing[:_MOST_NAMED])} and {rest} more that the record lacks."


def _asks_from(facts: ScreeningFacts, rows: Sequence[Rule]) -> int | None:
    """The first age named in the body's rows from which it asks, today's record otherwise unchanged."""
    ages = sorted({int(age) for rule in rows for age in _AGE.findall(rule.criteria)})
    return next((age for age in ages if age > facts.person.age_years and _asks_at(facts, rows, age)), None)


def _asks_at(facts: ScreeningFacts, rows: Sequence[Rule], age: int) -> bool:
    return decide(facts_at(facts.person, age, facts.densitometry), rows).standing == "advised"


def concerns(rows: Sequence[Rule], sex: str) -> bool:
    """Whether any of a body's rows can be about this sex at all."""
    other = "man" if sex == "female" else "woman"
    return any(other not in rule.criteria.split(" and ") for rule in rows)
