"""Names for parts of a formula, from the words that the model's own code uses for them.

While a model's equations run on symbols, every function of the twin that returns is looked at: its local variables, the
fields of the named tuple that it returns, and its own name say what the formulas in them are called. So a reader of the
SBML finds ``osteoclast_loss`` and ``mineral_target``, not ``x17``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from osteon.exchange.sbml.expression import Expression

FUNCTION, VARIABLE, FIELD = 1, 2, 3
"""How well a name says what a formula is: a field of a result best, the name of a function least."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]+")


class Names:
    """The best name found for each formula; among equally good ones, the first."""

    def __init__(self) -> None:
        self._found: dict[Expression, tuple[int, str]] = {}

    def offer(self, formula: Any, name: str, rank: int) -> None:
        """Note a name; anything but a formula, and single letters, are passed over."""
        if not isinstance(formula, Expression) or formula.is_leaf or not _WORD.fullmatch(name):
            return
        if rank > self._found.get(formula, (0, ""))[0]:
            self._found[formula] = rank, name

    def of(self, formula: Expression) -> str | None:
        """The name of a formula, if it has one."""
        return self._found[formula][1] if formula in self._found else None

    def _read(self, frame: FrameType, event: str, result: Any) -> None:
        if event != "return" or result is None or not frame.f_globals["__name__"].startswith("osteon.twin."):
            return
        for name, value in frame.f_locals.items():
            self.offer(value, name, VARIABLE)
        if isinstance(result, Expression):
            self.offer(result, frame.f_code.co_name, FUNCTION)
        self._read_fields(result)

    def _read_fields(self, result: Any) -> None:
        for name in getattr(result, "_fields", ()):
            value = getattr(result, name)
            parts = value if isinstance(value, tuple) and not hasattr(value, "_fields") else (value,)
            for part in parts:
                self.offer(part, name, FIELD)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note the names of all formulas that functions hold when they return, inside a ``with`` block."""
        before = sys.getprofile()
        sys.setprofile(self._read)
        try:
            yield
        finally:
            sys.setprofile(before)


def common_ending(identifiers: list[str]) -> str:
    """The words in which all identifiers end: ``lumbar_spine`` for ``bmd_lumbar_spine`` and ``p_lumbar_spine``."""
    reversed_words = [one.split("_")[::-1] for one in identifiers]
    shared = []
    for words in zip(*reversed_words, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return "_".join(reversed(shared))
