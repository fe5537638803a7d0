"""Print the tables that a clinician reviews into the docs, from the same files that the code and the tests read.

Run ``python tests/care/care_docs.py`` after changing a table; a test compares the pages with the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from care_cases import cases

from osteon.care.cells import claims
from osteon.care.wording import fill, read_rows
from osteon.evidence import source, table

DOCS = Path(__file__).parents[2] / "docs"


def _table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(header)
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _rule(criteria: str) -> str:
    """The criteria with the alternatives in brackets, for a reader."""
    parts = criteria.split(" and ")
    bracketed = (f"({part})" if " or " in part and len(parts) > 1 else part for part in parts)
    return f"`{' and '.join(bracketed)}`"


def _cases() -> str:
    columns = ["sex", "age", "menopause", "neck_t", "spine_t", "z", "fractures", "frax_major", "frax_hip"]
    columns += ["egfr", "calcium", "vitamin_d", "other", "country"]
    header = ["no.", "patient", "sex", "age", "menopause", "neck T", "spine T", "Z", "fractures", "FRAX major %"]
    header += ["FRAX hip %", "eGFR", "calcium", "vitamin D", "other", "country", "expected"]
    rows = (
        [one.row["case"], one.row["who"], *(one.row[name] for name in columns), one.row["expect"]] for one in cases()
    )
    return _table(header, rows)


def _rules() -> str:
    rows = (
        [
            f"{one['guideline']} {one['year']}",
            one["country"],
            ", ".join(filter(None, (one["strength"], one["superseded"]))),
            one["who"],
            fill(one["advice"]),
            one["verdict"],
            one["therapies"].replace("_", " "),
            _rule(one["criteria"]),
        ]
        for one in read_rows("guideline_rules.csv")
    )
    return _table(["guideline", "country", "strength", "who", "what it says", "verdict", "therapies", "rule"], rows)


def _unread() -> str:
    rows = (
        [f"{one['guideline']} {one['year']}", one["who"], one["advice"]]
        for one in table("guideline_rules.csv")
        if one["status"] != "read"
    )
    return _table(["guideline", "who", "what it is said to say"], rows)


def _cautions() -> str:
    rows = (
        [one["therapies"].replace("_", " "), one["kind"], _rule(one["criteria"]), fill(one["finding"])]
        for one in read_rows("drug_cautions.csv")
    )
    return _table(["therapies", "kind", "rule", "what is said"], rows)


def _ledger() -> str:
    parts = []
    for one in claims():
        parts.append(f"### {one.claim}\n\n**{one.verdict}** Certainty: {one.certainty.replace('-', ' ')}.\n")
        parts.append(
            f"* **In people.** {one.human}\n* **In animals.** {one.animal}\n* **In the laboratory.** {one.laboratory}"
        )
        parts.append(f"* **What would have to be true.** {one.would_have_to_be_true}\n")
        names = "; ".join(f"{source(key).authors} {source(key).year}" for key in one.sources)
        parts.append(f"Sources: {names}.\n")
    return "\n".join(parts).rstrip()


def _flags() -> str:
    return "\n".join(f"* {one['flag']}" for one in read_rows("claims_red_flags.csv"))


def _checklist() -> str:
    rows = (
        [number, one["question"], fill(one["why"])]
        for number, one in enumerate(read_rows("claims_provider_checklist.csv"), 1)
    )
    return _table(["", "question", "why"], rows)


def _regulators() -> str:
    rows = (
        [one["region"], one["authority"], one["date"], one["position"]] for one in read_rows("claims_regulators.csv")
    )
    return _table(["region", "who", "when", "position"], rows)


def _cost() -> str:
    return "\n".join(f"* {fill(one['fact'])}" for one in read_rows("claims_cost_and_harm.csv"))


BLOCKS: dict[str, dict[str, Callable[[], str]]] = {
    "options.md": {"cases": _cases, "rules": _rules, "unread rules": _unread, "cautions": _cautions},
    "claims-ledger.md": {"ledger": _ledger},
    "stem-cells.md": {"red flags": _flags, "checklist": _checklist, "regulators": _regulators, "cost": _cost},
}


def rewritten(page: str) -> str:
    """The text of a page with every marked block printed from its table."""
    text = (DOCS / page).read_text("utf-8")
    for name, block in BLOCKS[page].items():
        begin, end = f"<!-- table: {name} -->", "<!-- end of table -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if not pattern.search(text):
            raise LookupError(f"{page} has no block for {name!r}")
        printed = f"{begin}\n\n{block()}\n\n{end}"
        text = pattern.sub(lambda _, printed=printed: printed, text, count=1)
    return text


if __name__ == "__main__":
    for page in BLOCKS:
        (DOCS / page).write_text(rewritten(page), "utf-8")
