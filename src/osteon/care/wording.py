"""Texts with published numbers in them, filled from the evidence so that no number is typed twice.

A text in a data file names a number in braces, ``{reid2018.fractures.zoledronate}``; it is filled with the value of
that evidence row, and the row's source is added to the sources of the text. An unverified row is refused, so a number
that nobody read at its source cannot reach a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from osteon.evidence import row, table, value
from osteon.evidence.loader import EvidenceError

_NAME = re.compile(r"\{([\w.]+)(?::([^{}]*))?\}")


def fill(text: str) -> str:
    """The text with every ``{name}`` (or ``{name:+g}``) replaced by the value of the evidence row of that name."""
    return _NAME.sub(lambda match: format(value(match[1]), match[2] or ",g"), text)


def names_in(text: str) -> tuple[str, ...]:
    """The evidence rows that a text names, in order, each once."""
    return tuple(dict.fromkeys(match[1] for match in _NAME.finditer(text)))


def sources_of(*texts: str) -> tuple[str, ...]:
    """The source keys of the evidence rows that the texts name, each once."""
    return tuple(dict.fromkeys(row(name).source for text in texts for name in names_in(text)))


@cache
def read_rows(file_name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a data set that somebody read at their source; the others do not reach an output.

    Raises
    ------
    EvidenceError
        A row has more or fewer cells than the header, or a status of its own: it would vanish without a word.
    """
    for record in table(file_name):
        if None in record or None in record.values() or record.get("status") not in ("read", "unverified"):
            first = next(iter(record.values()))
            raise EvidenceError(
                "the row does not fit its header, or its status is unknown", where=f"{file_name}: {first}"
            )
    return tuple(record for record in table(file_name) if record["status"] == "read")


def keys(text: str) -> tuple[str, ...]:
    """The entries of a cell that holds several, separated by spaces."""
    return tuple(text.split())


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    items = list(words)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
