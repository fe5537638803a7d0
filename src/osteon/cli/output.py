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


def keep_apart(out: Path | None, *read: str | Path, option: str = "--out") -> None:
    """Refuse to write a result over a file that is read: what was in it would be lost."""
    for one in read:
        if out is not None and out.exists() and Path(one).exists() and out.samefile(one):
            raise UsageError(
                "this is the file that is read, and it would be written over",
                where=f"{option} {out}",
                mend="Choose another file",
            )


def need_folder(out: Path) -> None:
    """Refuse a folder that is not there before the work is done, rather than after."""
    if not out.parent.is_dir():
        raise UsageError(
            f"there is no folder {out.parent}", where="--out", mend="Make it first, or choose another place"
        )


def write_file(path: Path, content: str | bytes, option: str = "--out") -> None:
    """Write a result; a folder that does not exist or a place without permission is a usage error."""
    try:
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        else:
            path.write_bytes(content)
    except OSError as error:
        why = {
            "FileNotFoundError": f"there is no folder {path.parent}",
            "IsADirectoryError": "that is a folder",
            "PermissionError": "it is not allowed",
        }.get(type(error).__name__, error.strerror or "it failed")
        raise UsageError(
            f"cannot write there: {why}", where=str(path), mend=f"Choose another file with {option}"
        ) from None


def bullet_list(title: str, lines: Iterable[str]) -> str:
    """A titled list as text, empty when there is nothing to list."""
    items = list(lines)
    return "\n".join([title, *(f"  - {item}" for item in items)]) if items else ""
