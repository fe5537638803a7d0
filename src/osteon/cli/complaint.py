"""What the parser of the command line refuses, in words for somebody who is new to it."""

from __future__ import annotations

from typing import Any, get_args

from cyclopts import CoercionError, CycloptsError, MissingArgumentError, UnknownOptionError, ValidationError
from cyclopts.exceptions import UnknownCommandError, UnusedCliTokensError


def in_words(error: CycloptsError) -> str:
    """What is wrong, where, and what to write instead; the parser's own sentence where that says it already."""
    name = _name(error)
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        return f"{error.unused_tokens[0]!r} is one word too many. Leave it out; a file name with spaces needs quotes."
    if isinstance(error, UnknownCommandError) and error.unused_tokens == ["help"]:
        return "there is no command 'help'. Write --help, alone or after a command."
    if isinstance(error, UnknownOptionError):
        word = (error.token.keyword or error.token.value).lstrip("-")
        if any("--format" in one.names and word in _choices(one.hint) for one in error.argument_collection):
            return f"there is no option --{word}. Write --format {word}."
    if isinstance(error, MissingArgumentError) and name:
        if not name.startswith("-"):
            return f"{name} is missing: the file to read. {_example(error, name)}"
        choices = _choices(error.argument.hint) if error.argument is not None else ()
        what = f" Choose from: {', '.join(choices)}." if choices else ""
        return f"{name} {'has no value after it' if _typed(error, name) else 'is needed and is missing'}.{what}"
    if isinstance(error, ValidationError) and name and error.exception_message:
        return f"{name}: {_value(error)} is not possible. {error.exception_message}."
    if isinstance(error, CoercionError) and name:
        if error.msg is not None:
            return f"{name}: {error.msg}."
        if error.target_type is int:
            return f"{name}: {_value(error)!r} is not a whole number. Write digits only."
        if error.target_type is float:
            return f"{name}: {_value(error)!r} is not a number. Write digits, with a point for decimals."
    return str(error)


def _name(error: CycloptsError) -> str:
    return error.argument.name if error.argument is not None else ""


def _choices(hint: Any) -> tuple[str, ...]:
    """The words that a parameter takes, if it takes only some: those of its literal types."""
    found: list[str] = []
    for one in get_args(hint):
        found += [one] if isinstance(one, str) else _choices(one)
    return tuple(found)


def _value(error: CycloptsError) -> str:
    """What was typed."""
    tokens = error.argument.tokens if error.argument is not None else []
    return tokens[0].value if tokens else ""


def _typed(error: MissingArgumentError, name: str) -> bool:
    return error.keyword is not None or any(word.split("=")[0] == name for word in error.root_input_tokens or ())


def _example(error: MissingArgumentError, name: str) -> str:
    file = {"TABLE": "table.csv --out results.csv", "DESIGN": "design.toml"}.get(name, "person.json")
    if (error.command_chain or ())[-2:] == ("trial", "run"):
        file += " --people 1000 --out results"
    return f"Write for example: osteon {' '.join([*(error.command_chain or ()), file])}"
