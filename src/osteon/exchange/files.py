"""Open a file from outside and read it as JSON, with an error that names the place and the mend.

JSON as it arrives can be cut off, saved in another encoding, hold a key twice or a number that is none. Python's
reader is lenient about several of these; here each is refused, because a lenient reading would change a
measurement without a word.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
import sys
from pathlib import Path
from typing import Any

from osteon.errors import InputError

MAX_BYTES = 50_000_000
MAX_DEPTH = 100
MAX_DIGITS = 30
STANDARD_INPUT = "-"

_NOT_TEXT = {
    b"PK\x03\x04": "an Excel workbook, a Word document or another packed file",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF",
}
_PICTURES = {b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture"}
_ONE_PERSON = (
    "Write one person's numbers into a JSON file (docs/input-files.md shows one), or, for an Excel table of "
    "many people, use `osteon batch`"
)
_UTF8 = 'Save the file as UTF-8 text (in an editor: "Save as", encoding UTF-8)'


class _Object(dict[str, Any]):
    """A JSON object that remembers the first key that stood in it twice."""

    repeated: str | None = None


class _NoNumber:
    """Stands where JSON held something that is no usable number, until its place is known."""

    def __init__(self, literal: str) -> None:
        self.literal = literal


def read_json(path: str | Path) -> Any:
    """The content of a JSON file, checked.

    Parameters
    ----------
    path
        A file, or ``-`` for standard input.

    Raises
    ------
    InputError
        The path cannot be read, is a folder, empty, above 50 MB, not UTF-8, or not plain JSON.
    """
    name = display_name(path)
    return parse_json(_decode(_read_bytes(path, name), name), name)


def display_name(path: str | Path) -> str:
    """How messages call the file."""
    if str(path) == STANDARD_INPUT:
        return "standard input"
    text = str(path)
    # The end of a long path is what tells files apart.
    return _clean(text, 240) if len(text) <= 240 else "..." + _clean(text[-237:], 240)


def parse_json(text: str, name: str) -> Any:
    """Parse JSON text strictly; ``name`` is what messages call it."""
    if not text.strip():
        raise InputError("the file is empty", where=name, mend="Give a file that holds a person or a FHIR Bundle")
    try:
        data = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_NoNumber,
            parse_int=_integer,
            parse_float=_real,
        )
    except json.JSONDecodeError as error:
        raise _broken(error, name) from None
    except RecursionError:
        raise _too_deep(name) from None
    _check(data, name)
    return data


def join(where: str, step: str | int) -> str:
    """Extend a place by a key or an index: ``scans``, ``scans[0]``, ``scans[0].date``."""
    if isinstance(step, int):
        return f"{where}[{step}]"
    step = _clean(step)
    return f"{where}.{step}" if where else step


def _read_bytes(path: str | Path, name: str) -> bytes:
    if str(path) == STANDARD_INPUT:
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
        return _sized(content, len(content), name)
    try:
        # Non-blocking, so that a pipe without a writer is refused instead of waited for.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError:  # a NUL in the name
        raise InputError("that is not a file name", where=name, mend="Check the path") from None
    except FileNotFoundError:
        raise InputError("there is no such file", where=name, mend="Check the path and the spelling") from None
    except OSError as error:
        raise InputError(f"cannot read the file: {error.strerror}", where=name, mend="Check the path") from None
    try:
        about = os.fstat(handle)
        if stat.S_ISDIR(about.st_mode):
            raise InputError("that is a folder, not a file", where=name, mend="Name one file inside it")
        if not stat.S_ISREG(about.st_mode):
            raise InputError("that is not an ordinary file", where=name, mend="Save its content to a file first")
        _sized(b"", about.st_size, name)  # refuse by size before reading
        with os.fdopen(handle, "rb", closefd=False) as stream:
            content = stream.read(MAX_BYTES + 1)
        return _sized(content, len(content), name)
    except OSError as error:
        raise InputError(f"cannot read the file: {error.strerror}", where=name, mend="Check the disk") from None
    finally:
        os.close(handle)


def _sized(content: bytes, size: int, name: str) -> bytes:
    if size > MAX_BYTES:
        raise InputError(
            f"the file is too large ({size / 1e6:.0f} MB; the limit is {MAX_BYTES / 1e6:.0f} MB)"
            if content == b""
            else f"more than {MAX_BYTES / 1e6:.0f} MB arrived",
            where=name,
            mend="Give the file of one person, without pictures or other attachments",
        )
    return content


def _decode(content: bytes, name: str) -> str:
    if not content:
        raise InputError("the file is empty", where=name, mend="Give a file that holds a person or a FHIR Bundle")
    for mark, kind in (_NOT_TEXT | _PICTURES).items():
        if content.startswith(mark):
            raise InputError(f"the file is {kind}, and one person is expected as text", where=name, mend=_ONE_PERSON)
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise InputError("the file is in UTF-32", where=name, mend=_UTF8)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4]:
        raise InputError("the file is in UTF-16 or UTF-32", where=name, mend=_UTF8)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"the file is not UTF-8 text (byte {error.start + 1})", where=f"{name}, line {line}", mend=_UTF8
        ) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = _Object(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        result.repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return result


def _integer(literal: str) -> int | _NoNumber:
    return int(literal) if len(literal) <= MAX_DIGITS else _NoNumber(literal)


def _real(literal: str) -> float | _NoNumber:
    number = float(literal)
    return number if math.isfinite(number) else _NoNumber(literal)


def _check(data: Any, name: str) -> None:
    """Walk the whole content once, without recursion, and refuse what JSON let pass."""
    stack: list[tuple[str, int, Any]] = [("", 1, data)]
    while stack:
        where, depth, node = stack.pop()
        if depth > MAX_DEPTH:
            raise _too_deep(name)
        if isinstance(node, _Object):
            if node.repeated is not None:
                raise InputError(
                    f"the key {_clean(node.repeated)!r} stands twice in one object",
                    where=at(name, join(where, node.repeated)),
                    mend="Keep one of the two",
                )
            for key in node:
                _check_text(key, name, where)
            stack.extend((join(where, key), depth + 1, value) for key, value in reversed(node.items()))
        elif isinstance(node, list):
            stack.extend((join(where, i), depth + 1, node[i]) for i in range(len(node) - 1, -1, -1))
        elif isinstance(node, str):
            _check_text(node, name, where)
        elif isinstance(node, _NoNumber):
            raise InputError(
                f"{node.literal[:20]} is not a usable number",
                where=at(name, where),
                mend="Write an ordinary number, or leave the field out when the value is missing",
            )


def _check_text(text: str, name: str, where: str) -> None:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise InputError("the text holds half of a character", where=at(name, where), mend=_UTF8)


def at(name: str, where: str) -> str:
    """A place inside a named file."""
    return f"{name}: {where}" if name and where else name or where


_MINUS_SIGNS = "\N{MINUS SIGN}\N{EN DASH}\N{FIGURE DASH}\N{NON-BREAKING HYPHEN}\N{HYPHEN}\N{SMALL HYPHEN-MINUS}"


def plain_minus(text: str) -> str:
    """The text with the hyphen of the keyboard where a printed minus or dash begins it, as in pasted numbers."""
    return f"-{text[1:]}" if text[:1] and text[0] in _MINUS_SIGNS else text


def _broken(error: json.JSONDecodeError, name: str) -> InputError:
    expected = {
        "Expecting value": "expected a value",
        "Expecting ',' delimiter": "expected a comma or the closing bracket",
        "Expecting ':' delimiter": "expected a colon after the key",
        "Expecting property name enclosed in double quotes": "expected a key in double quotes",
        "Illegal trailing comma before end of object": "found a comma before the closing bracket",
        "Illegal trailing comma before end of array": "found a comma before the closing bracket",
        "Extra data": "expected the end of the file after the closing bracket",
        "Unterminated string starting at": "found a text without its closing double quote",
    }.get(error.msg, error.msg[0].lower() + error.msg[1:])
    ended = error.pos >= len(error.doc.rstrip())
    printed = re.match(r"[^\w\s\"'-]\d{1,6}(\.\d{1,6})?", error.doc[error.pos :])
    number = plain_minus(printed[0]) if printed else ""
    if number.startswith("-"):
        cure = f"Write {number}, with the hyphen of the keyboard for the minus"
    elif error.msg.startswith("Unterminated string"):
        cure = "Close the text, or fetch the file again if it is cut off"
    elif ended:
        cure = "The file looks cut off: fetch it again, or close the open brackets"
    elif name.casefold().endswith((".csv", ".tsv", ".xlsx")):
        cure = "That looks like a table: many people at once go through `osteon batch`"
    else:
        cure = "Correct that place"
    return InputError(
        f"the file is not valid JSON: {expected}" + (", and the file ends" if ended else ""),
        where=f"{name}, line {error.lineno}, column {error.colno}",
        mend=cure,
    )


def _too_deep(name: str) -> InputError:
    return InputError(
        f"the content is nested more than {MAX_DEPTH} levels deep",
        where=name,
        mend="Give Osteon's own JSON or a FHIR Bundle; neither is nested so deeply",
    )


def _clean(text: str, longest: int = 80) -> str:
    """A key or name for a message: short, on one line, printable."""
    shown = "".join(char if char.isprintable() else "?" for char in text[:longest])
    return shown if len(text) <= longest else shown + "..."
