"""Writing results: clean JSON or text on standard output, files where they were asked for."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from osteon.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

TextOrJson = Literal["text", "json"]


def console() -> Console:
    """A console for standard output; plain when it is not a terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 100
    return Console(width=width, highlight=False)


def print_json(data: Any) -> None:
    """One JSON object on standard output and nothing else; refuses NaN and infinity."""
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def note(message: str) -> None:
    """A remark for the person at the terminal, on standard error so that output stays clean."""
    sys.stderr.write(message + "\n")


def write_file(path: Path, content: str | bytes, option: str = "--out") -> None:
    """Write a result; a folder that does not exist or a place without permission is a usage error."""
    try:
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        else:
            path.write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"cannot write there: {error.strerror}", where=str(path), mend=f"Choose another file with {option}"
        ) from None


def bullet_list(title: str, lines: Iterable[str]) -> str:
    """A titled list as text, empty when there is nothing to list."""
    items = list(lines)
    return "\n".join([title, *(f"  - {item}" for item in items)]) if items else ""
