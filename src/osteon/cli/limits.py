"""Numbers on the command line: whole or not, within limits, refused in words that name what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from cyclopts import Parameter, Token

_WHOLE = re.compile(r"[-+]?\d{1,15}")


def whole(low: int, high: int | None = None) -> Parameter:
    """A whole number from ``low`` to ``high``; anything with a fraction is refused rather than rounded."""
    asked = f"Write a whole number from {low} to {high}" if high is not None else f"Write a whole number, {low} or more"
    return Parameter(converter=_whole_number(asked), validator=_within(low, high, asked))


def number(low: float, high: float, *, above: bool = False) -> Parameter:
    """A number from ``low`` (or ``above`` it) to ``high``."""
    asked = f"Write a number above {low:g} and up to {high:g}" if above else f"Write a number from {low:g} to {high:g}"
    return Parameter(validator=_within(low, high, asked, above=above))


def _whole_number(asked: str) -> Callable[[type, Sequence[Token]], int]:
    def convert(_: type, tokens: Sequence[Token]) -> int:
        text = tokens[0].value.strip()
        if not _WHOLE.fullmatch(text):
            raise ValueError(f"{text!r} is not a whole number. {asked}")
        return int(text)

    return convert


def _within(low: float, high: float | None, asked: str, *, above: bool = False) -> Callable[[type, Any], None]:
    def check(_: type, value: Any) -> None:
        # Comparisons with NaN are false, so it is refused as well.
        enough = value > low if above else value >= low
        if not (enough and (high is None or value <= high)):
            raise ValueError(asked)

    return check
