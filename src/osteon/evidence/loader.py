"""Read the evidence files and answer for each number.

Two kinds of file lie in ``evidence/data``:

* ``constants_*.csv``: one number a row, with the columns of :class:`Row`. Names are unique across files.
* every other ``*.csv``: a data set with columns of its own (trial curves, survey targets), read with
  :func:`table`. Its first lines may be comments that start with ``#`` and say where it comes from.

``sources*.csv`` hold the bibliography; a row's ``source`` is a key into it.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from itertools import dropwhile
from typing import Literal

from osteon.errors import OsteonError

Status = Literal["read", "unverified"]


class EvidenceError(OsteonError):
    """A number was asked for that does not exist or may not be used: a bug in Osteon, not a user's slip."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number was published.

    ``licence`` is filled for data files that were copied, empty for single facts.
    """

    key: str
    authors: str
    year: int
    title: str
    published_in: str
    link: str
    licence: str

    def __str__(self) -> str:
        return f"{self.authors} ({self.year}). {self.title}. {self.published_in}. {self.link}"


@dataclass(frozen=True, slots=True)
class Row:
    """One published number.

    Attributes
    ----------
    name
        Dotted and unique, e.g. ``nhanes3.femoral_neck.female_white_20_29.mean``.
    value, unit
        The number as used and its unit (UCUM where one exists, ``1`` for a pure number).
    spread, spread_kind
        The printed uncertainty and what it is (``sd``, ``se``, ``ci95``, ``range``), or none.
    population
        Who it was measured in.
    source, locator
        Key into ``sources*.csv``; table, equation or page inside it.
    status
        ``read`` when somebody read the number at its source (or computed it from data named there);
        ``unverified`` otherwise. An unverified number is refused by :func:`value`.
    note
        What was printed when that differs, or how the number was derived.
    """

    name: str
    value: float
    unit: str
    spread: str
    spread_kind: str
    population: str
    source: str
    locator: str
    status: Status
    note: str


def _read_csv(file_name: str) -> list[dict[str, str]]:
    text = files("osteon.evidence").joinpath("data", file_name).read_text(encoding="utf-8")
    lines = dropwhile(lambda line: line.startswith("#"), text.splitlines(keepends=True))
    records = [dict(record) for record in csv.DictReader(lines)]
    for record in records:
        # A comma without quotation marks shifts every later cell; such a row must never be read as if it were right.
        if None in record or None in record.values():
            first = next(iter(record.values()), "")
            raise EvidenceError("the row does not fit its header", where=f"{file_name}: {first}")
    return records


def _row(record: Mapping[str, str], file_name: str) -> Row:
    missing = [field.name for field in fields(Row) if record.get(field.name) is None]
    if missing:
        raise EvidenceError(f"columns {missing} are missing", where=f"{file_name}: {record.get('name')}")
    status = record["status"]
    if status not in ("read", "unverified"):
        raise EvidenceError(f"status {status!r} is not 'read' or 'unverified'", where=record["name"])
    number = float(record["value"])
    if not math.isfinite(number):
        raise EvidenceError("the value is not finite", where=record["name"])
    return Row(
        name=record["name"],
        value=number,
        unit=record["unit"],
        spread=record["spread"],
        spread_kind=record["spread_kind"],
        population=record["population"],
        source=record["source"],
        locator=record["locator"],
        status="read" if status == "read" else "unverified",
        note=record["note"],
    )


@cache
def all_rows() -> Mapping[str, Row]:
    """Every constant, by name, in file order."""
    rows: dict[str, Row] = {}
    for entry in _data_files("constants_"):
        for record in _read_csv(entry):
            one = _row(record, entry)
            if one.name in rows:
                raise EvidenceError(f"{one.name} stands twice", where=entry)
            if one.source not in _sources():
                raise EvidenceError(f"source {one.source!r} is in no sources*.csv", where=one.name)
            rows[one.name] = one
    return rows


@cache
def _sources() -> Mapping[str, Source]:
    sources: dict[str, Source] = {}
    for entry in _data_files("sources"):
        for record in _read_csv(entry):
            key = record["key"]
            if key in sources:
                raise EvidenceError(f"source {key!r} stands twice", where=entry)
            sources[key] = Source(
                key=key,
                authors=record["authors"],
                year=int(record["year"]),
                title=record["title"],
                published_in=record["published_in"],
                link=record["link"],
                licence=record["licence"],
            )
    return sources


def _data_files(prefix: str) -> list[str]:
    folder = files("osteon.evidence").joinpath("data")
    names = (item.name for item in folder.iterdir())
    return sorted(name for name in names if name.startswith(prefix) and name.endswith(".csv"))


def row(name: str) -> Row:
    """The evidence row called ``name``; raises :class:`EvidenceError` when there is none."""
    try:
        return all_rows()[name]
    except KeyError:
        raise EvidenceError(f"no evidence row is called {name!r}") from None


def value(name: str) -> float:
    """The number called ``name``, refused while its status is ``unverified``.

    Raises
    ------
    EvidenceError
        The row does not exist, or nobody has read it at its source yet.
    """
    one = row(name)
    if one.status != "read":
        raise EvidenceError(
            f"{name} is unverified and may not be used",
            mend="Read it at its source and set its status to 'read'",
        )
    return one.value


def source(key: str) -> Source:
    """The publication with this key; raises :class:`EvidenceError` when there is none."""
    try:
        return _sources()[key]
    except KeyError:
        raise EvidenceError(f"no source has the key {key!r}") from None


def cite(names: Iterable[str]) -> tuple[Source, ...]:
    """The sources behind evidence rows and source keys, each once, in order of author, year and title.

    Parameters
    ----------
    names
        Names of evidence rows, or keys of sources, as collected in a result's ``sources``.
    """
    keys = {all_rows()[name].source if name in all_rows() else source(name).key for name in names}
    return tuple(sorted((source(key) for key in keys), key=lambda one: (one.authors.casefold(), one.year, one.title)))


@cache
def table(file_name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a data set in ``evidence/data``, as text by column name."""
    return tuple(_read_csv(file_name))


def status_counts() -> Mapping[Status, int]:
    """How many constants have been read at their source, and how many have not."""
    counts = Counter(one.status for one in all_rows().values())
    return {"read": counts["read"], "unverified": counts["unverified"]}
