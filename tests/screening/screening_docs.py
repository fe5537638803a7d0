"""Print the tables that a clinician reviews into ``docs/screening.md``, from the files that the code and tests read.

Run ``python tests/screening/screening_docs.py`` after changing a table; a test compares the page with the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from screening_cases import cases

from osteon.care.screening.rules import factors, rules
from osteon.evidence import source

PAGE = Path(__file__).parents[2] / "docs" / "screening.md"
STEPS = {"scan": "scan", "risk tool": "tool first", "spine image": "spine image", "look again": "look again"}
ANSWERS = {"yes": "yes", "no": "advises against", "none": "says neither", "outside": "not for them"}


def _table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(header)
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _rule(criteria: str) -> str:
    parts = criteria.split(" and ")
    bracketed = (f"({part})" if " or " in part and len(parts) > 1 else part for part in parts)
    return f"`{' and '.join(bracketed)}`"


def _rules() -> str:
    rows = []
    for one in rules():
        counted = f"{one.at_least} of: {', '.join(factor.key for factor in one.factors)}" if one.factors else ""
        shown = " and ".join(part for part in (_rule(one.criteria) if one.criteria else "", counted) if part)
        where = "; ".join(f"{source(key).authors.split(',')[0]} {source(key).year}" for key in one.sources)
        body = f"{one.body} {one.year}"
        rows.append(
            [body, one.country, one.strength, STEPS[one.step], ANSWERS[one.answer], one.who, one.advice, shown, where]
        )
    return _table(["body", "country", "strength", "step", "answer", "who", "what it says", "rule", "read at"], rows)


def _factors() -> str:
    return _table(["key", "factor", "rule"], ([one.key, one.label, _rule(one.criteria)] for one in factors().values()))


def _cases() -> str:
    columns = ["sex", "age", "menopause", "height", "weight", "neck_t", "fractures", "frax_major", "other", "rest"]
    header = ["no.", "person", "sex", "age", "menopause", "height", "weight", "neck T", "fractures", "FRAX major %"]
    rows = (
        [one.row["case"], one.row["who"], *(one.row[name] for name in columns), one.row["expect"]] for one in cases()
    )
    return _table([*header, "other", "rest", "expected"], rows)


BLOCKS: dict[str, Callable[[], str]] = {"rules": _rules, "factors": _factors, "cases": _cases}


def rewritten() -> str:
    """The text of the page with every marked block printed from its table."""
    text = PAGE.read_text("utf-8")
    for name, block in BLOCKS.items():
        begin, end = f"<!-- table: {name} -->", "<!-- end of table -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if not pattern.search(text):
            raise LookupError(f"screening.md has no block for {name!r}")
        printed = f"{begin}\n\n{block()}\n\n{end}"
        text = pattern.sub(lambda _, printed=printed: printed, text, count=1)
    return text


if __name__ == "__main__":
    PAGE.write_text(rewritten(), "utf-8")
