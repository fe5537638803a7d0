"""Markdown for the details of cards. Text from a record is escaped, so that it cannot become markup."""

from __future__ import annotations

import re
from collections.abc import Iterable

from osteon.evidence import cite

_MARKUP = re.compile(r"([\\`*_\[\]|#~])")
_FOOT = "Osteon supports a clinician's decision and does not replace it. Not examined: everything that was not sent."


def plain(text: str) -> str:
    """Text with everything that Markdown or HTML would take for markup made harmless."""
    safe = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bullets(lines: Iterable[str], most: int = 12) -> str:
    """A list; lines beyond ``most`` are counted."""
    items = list(lines)
    more = [f"and {len(items) - most} more"] if len(items) > most else []
    return "\n".join(f"- {plain(one)}" for one in [*items[:most], *more])


def section(title: str, lines: Iterable[str], most: int = 12) -> str:
    """A list under a bold title, or nothing when the list is empty."""
    items = list(lines)
    return f"**{plain(title)}**\n\n{bullets(items, most)}" if items else ""


def sources_line(names: Iterable[str], most: int = 6) -> str:
    """The sources behind a card in one line, as authors and year."""
    found = [f"{one.authors.split(',')[0]} {one.year}" for one in cite(dict.fromkeys(names))]
    more = f", and {len(found) - most} more" if len(found) > most else ""
    return f"Sources: {plain(', '.join(found[:most]) + more)}." if found else ""


def page(*parts: str) -> str:
    """The parts that hold something, and the line that stands under every card."""
    return "\n\n".join([*(part for part in parts if part), _FOOT])
