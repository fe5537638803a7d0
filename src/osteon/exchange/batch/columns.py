"""Which column of a table is which field of a person, and how its cells are read.

A column is named by the path of its field: ``sex``, ``age_years``, ``history.smoking``, ``labs.egfr_ml_min``,
``scan_date``, ``device``, ``femoral_neck.t_score``. A map translates the headers of an existing table:
``{"Age": "age_years", "FN T": "femoral_neck.t_score", "Remarks": "-"}``, where ``-`` means: leave this column out.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from osteon.errors import InputError
from osteon.person import History, Labs, Person, SiteMeasurement

Kind = Literal["text", "number", "whole", "flag", "list"]
LEFT_OUT = "-"
SITES = ("lumbar_spine", "total_hip", "femoral_neck", "radius_33")
_NOT_CELLS = {"history", "labs", "treatments", "scans"}
_TRUE = {"true", "yes", "y", "1"}
_FALSE = {"false", "no", "n", "0"}
MISSING_WORDS = {"", "na", "n/a", "null", "none recorded"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it goes and what its cells hold."""

    header: str
    path: str
    kind: Kind


@cache
def known_columns() -> Mapping[str, Kind]:
    """Every path that a column may have, with the kind of its cells."""
    known: dict[str, Kind] = {
        name: _kind(field.annotation) for name, field in Person.model_fields.items() if name not in _NOT_CELLS
    }
    known["scan_date"] = "text"
    known["device"] = "text"
    for site in SITES:
        for name, field in SiteMeasurement.model_fields.items():
            if name != "site":
                known[f"{site}.{name}"] = _kind(field.annotation)
    for room, model in (("history", History), ("labs", Labs)):
        known.update({f"{room}.{name}": _kind(field.annotation) for name, field in model.model_fields.items()})
    return known


def _kind(annotation: Any) -> Kind:
    """The kind of cell for a field's type; optional and annotated types are looked through."""
    parts = [one for one in get_args(annotation) if one is not type(None)]
    if annotation is bool or bool in parts:
        return "flag"
    if annotation is int or int in parts:
        return "whole"
    if annotation is float or float in parts:
        return "number"
    if get_origin(annotation) is tuple or any(get_origin(one) is tuple for one in parts):
        return "list"
    for one in parts:
        found = _kind(one) if get_args(one) else "text"
        if found != "text":
            return found
    return "text"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table, in its order; those left out are none."""

    columns: tuple[Column | None, ...]

    @classmethod
    def from_headers(cls, headers: Sequence[str], names: Mapping[str, str], where: str) -> Columns:
        """Match headers to fields, through the map ``names`` first.

        Raises
        ------
        InputError
            A header is unknown, stands twice, or a needed column is absent.
        """
        columns: list[Column | None] = []
        for position, raw in enumerate(headers, start=1):
            header = raw.strip()
            path = names.get(header, header)
            if path == LEFT_OUT:
                columns.append(None)
                continue
            if path not in known_columns():
                near = _nearest(path)
                hint = f"Perhaps {near!r} was meant; otherwise" if near else "To leave it out,"
                raise InputError(
                    f"the column {header!r} is not known",
                    where=f"{where}, column {position}",
                    mend=f'{hint} map it in the column map, to a field or to "-"',
                )
            if any(one is not None and one.path == path for one in columns):
                raise InputError(f"two columns hold {path}", where=f"{where}, column {position}", mend='Map one to "-"')
            columns.append(Column(header, path, known_columns()[path]))
        present = {one.path for one in columns if one is not None}
        if "sex" not in present or not present & {"age_years", "birth_date"}:
            raise InputError(
                "the table needs the columns sex, and age_years or birth_date",
                where=where,
                mend="Name them so, or map your own headers to them",
            )
        return cls(tuple(columns))


def _nearest(path: str) -> str:
    """The known column that a header most likely means: one that holds its word, else one spelt like it."""
    word = path.strip().casefold().replace(" ", "_")
    holding = [known for known in known_columns() if word in re.split(r"[._]", known) or known.endswith(f".{word}")]
    spelt = difflib.get_close_matches(word, known_columns(), n=1, cutoff=0.6)
    return next(iter([*holding, *spelt]), "")


def cell_value(text: str, kind: Kind) -> Any:
    """The value of a cell; none when it is blank or says NA.

    Raises
    ------
    ValueError
        The text is not of the kind; the message says what to write.
    """
    text = text.strip()
    if text.casefold() in MISSING_WORDS:
        return None
    if kind in ("number", "whole"):
        return _number(text, kind)
    if kind == "flag":
        word = text.casefold()
        if word not in _TRUE | _FALSE:
            raise ValueError(f"{text[:24]!r} is neither yes nor no. Write true or false, or leave the cell empty")
        return word in _TRUE
    if kind == "list":
        return [part.strip() for part in text.split(";") if part.strip()]
    return text


def _number(text: str, kind: Kind) -> float | int:
    try:
        number = float(text.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        hint = "Write the decimal point as ." if "," in text else "Leave the cell empty when the value is missing"
        raise ValueError(f"{text[:24]!r} is not a number. {hint}") from None
    if not math.isfinite(number):
        raise ValueError(f"{text[:24]!r} is not a usable number. Leave the cell empty when the value is missing")
    return int(number) if kind == "whole" and number == int(number) else number
