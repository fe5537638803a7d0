"""A dated copy of registry records: the one that Osteon ships, or one that a user has updated."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from osteon.care.studies.result import Study
from osteon.errors import InputError
from osteon.evidence import table

BUILT_IN_DATE = dt.date(2026, 11, 22)
_MAKE_ONE = "Give a file that `osteon update-studies` wrote"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Registry records and the day on which they were copied."""

    date: dt.date
    studies: tuple[Study, ...]


def built_in_snapshot() -> Snapshot:
    """The snapshot that comes with Osteon."""
    return Snapshot(
        date=BUILT_IN_DATE, studies=tuple(Study.model_validate(dict(one)) for one in table("registered_trials.csv"))
    )


def read_snapshot(file: Path) -> Snapshot:
    """A snapshot that was written by the registry updater: CSV with its date in the first line.

    Raises
    ------
    InputError
        The file cannot be read, has no date, or a row is not a study.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    except OSError as error:
        raise InputError(
            f"cannot read the list of studies: {(error.strerror or 'it failed').lower()}",
            where=str(file),
            mend=_MAKE_ONE,
        ) from None
    except UnicodeDecodeError:
        raise InputError(
            "that is not a list of studies, which is UTF-8 text", where=str(file), mend=_MAKE_ONE
        ) from None
    stamp = lines[0].removeprefix("# Snapshot of ").strip() if lines else ""
    try:
        date = dt.date.fromisoformat(stamp)
    except ValueError:
        raise InputError(
            "that is not a list of studies: its first line does not read '# Snapshot of YYYY-MM-DD'",
            where=str(file),
            mend=_MAKE_ONE,
        ) from None
    studies = []
    for number, record in enumerate(csv.DictReader(lines[1:]), start=3):
        try:
            studies.append(Study.model_validate(record))
        except ValidationError as error:
            field = ".".join(str(part) for part in error.errors()[0]["loc"])
            raise InputError(f"the column {field!r} is not as expected", where=f"{file}, line {number}") from None
    return Snapshot(date=date, studies=tuple(studies))
