"""Turn pydantic's findings into one message in plain words, with paths like ``scans[0].sites[1].t_score``."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from osteon.errors import InputError
from osteon.evidence.drug_names import what_was_meant
from osteon.evidence.therapies import THERAPIES
from osteon.exchange.files import at, join, plain_minus
from osteon.exchange.unit_factors import read_otherwise, unit_of
from osteon.findings import LIMITS, first_mistakes, record_at, with_others

_EXPECTED = {
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text",
    "tuple_type": "a list in square brackets",
    "model_type": "an object in curly brackets",
    "model_attributes_type": "an object in curly brackets",
    "dict_type": "an object in curly brackets",
}
_SYNONYMS = {
    "end": "stop",
    "begin": "start",
    "gender": "sex",
    "age": "age_years",
    "dob": "birth_date",
    "race": "ethnicity",
    "bmi": "bmi_kg_m2",
    "bmd": "bmd_g_cm2",
    "menopause": "menopause_age_years",
}


class Problem(NamedTuple):
    """One thing that is wrong: place, what, and what to write instead."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        what = f"{self.what}. {self.mend}" if self.mend else self.what
        return f"{self.where}: {what}" if self.where else what


def as_input_error(error: ValidationError, model: type[BaseModel], name: str) -> InputError:
    """One :class:`InputError` for all findings: the first one in full, the others one a line.

    Parameters
    ----------
    error
        What pydantic raised.
    model
        The record type that was validated.
    name
        What messages call the file.
    """
    first, *others = problems(error, model)
    mend = with_others(first.mend, [str(one) for one in others])
    return InputError(first.what, where=at(name, first.where), mend=mend)


def problems(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """The findings in the order of the record, without those that only follow from another one."""
    return [_explain(one, model) for one in first_mistakes(error)]


def _explain(one: dict[str, Any], model: type[BaseModel]) -> Problem:
    loc: Sequence[str | int] = one["loc"]
    kind: str = one["type"]
    ctx: dict[str, Any] = one.get("ctx", {})
    where = ""
    for step in loc:
        where = join(where, step)
    if kind == "osteon":
        return Problem(where, ctx["problem"], ctx["mend"])
    if kind == "missing":
        return Problem(where, "this is needed and is missing", _give(_describe(model, loc)))
    if kind == "extra_forbidden":
        return Problem(where, f"the key {str(loc[-1])[:60]!r} is not known here", _nearest_key(model, loc))
    if kind == "literal_error":
        return Problem(where, f"{_shown(one['input'])} is not one of the words allowed here", _nearest_word(one))
    if kind in _EXPECTED:
        cure = _number_in(one["input"]) or _describe(model, loc) or f"Write {_EXPECTED[kind]}, without quotation marks"
        return Problem(where, f"expected {_EXPECTED[kind]}, found {_shown(one['input'])}", cure)
    if kind in LIMITS:
        key, words = LIMITS[kind]
        problem = f"{_shown(one['input'])} is not plausible: it {words} {ctx[key]:g}"
        mend = (
            _metres(loc, one["input"])
            or _other_unit(model, loc, one["input"])
            or _describe(model, loc)
            or "Check the value and its unit"
        )
        return Problem(where, problem, mend)
    if kind == "too_short":
        return Problem(where, "the list is empty", "Put at least one item into it, or leave it out where it may be")
    if kind == "string_too_long":
        return Problem(where, f"the text is longer than {ctx['max_length']} characters", "Shorten it")
    if kind == "finite_number":
        return Problem(where, "expected an ordinary number", "Leave the field out when the value is missing")
    message = str(one["msg"])
    return Problem(where, message[0].lower() + message[1:], "")


def _shown(value: object) -> str:
    """A value in a message: its kind, and itself only when it is short and single."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) < 1e15 else "a huge number"
    if isinstance(value, str):
        return f"the text {value!r}" if len(value) <= 24 and value.isprintable() else "text"
    if isinstance(value, list | tuple):
        return "a list"
    return "an object"


def _describe(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    record = record_at(model, loc)
    field = record.model_fields.get(str(loc[-1])) if record and loc else None
    return field.description.rstrip(".") if field and field.description else ""


def _give(description: str) -> str:
    """A field's description as what to do about its absence."""
    if not description:
        return "Add it"
    if description.split(maxsplit=1)[0] in ("Write", "Give", "Name", "Send", "Say"):
        return description
    return f"Give: {description[0].lower()}{description[1:]}"


def _number_in(given: object) -> str:
    """A number that was written as text, perhaps with a decimal comma or a printed minus; empty when it is none."""
    if not isinstance(given, str):
        return ""
    text = plain_minus(given.strip().replace(",", "."))
    if not re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", text):
        return ""
    minus = " and with the hyphen of the keyboard for the minus" if text.startswith("-") and "-" not in given else ""
    return f"Write {text}, without quotation marks{minus}"


def _metres(loc: Sequence[str | int], given: object) -> str:
    """A height that was written in metres."""
    if loc[-1] != "height_cm" or not isinstance(given, int | float) or not 1.0 <= given <= 2.3:
        return ""
    return f"Perhaps {given * 100:.0f} was meant: the unit is cm"


def _other_unit(model: type[BaseModel], loc: Sequence[str | int], given: object) -> str:
    """A value that fits its limits when read in another unit of the laboratory."""
    record, name = record_at(model, loc), str(loc[-1])
    if record is None or name not in record.model_fields or not isinstance(given, int | float):
        return ""
    low, high = -math.inf, math.inf
    for limit in record.model_fields[name].metadata:
        low = max(low, getattr(limit, "ge", -math.inf), getattr(limit, "gt", -math.inf))
        high = min(high, getattr(limit, "le", math.inf), getattr(limit, "lt", math.inf))
    found = read_otherwise(name, float(given), low, high)
    if found is None:
        return ""
    return f"Perhaps {found[0]:.3g} was meant: the unit is {unit_of(name)}, and {given:g} looks like {found[1]}"


def _nearest_key(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    record = record_at(model, loc)
    if record is None:
        return "Remove it"
    word = str(loc[-1]).casefold()
    same_start = [name for name in record.model_fields if len(word) > 2 and name.startswith(word[:4])]
    near = list(dict.fromkeys([*same_start, *get_close_matches(word, record.model_fields, n=2, cutoff=0.6)]))[:2]
    near = [_SYNONYMS[word]] if _SYNONYMS.get(word) in record.model_fields else near
    if near:
        unit = unit_of(near[0])
        mind = f": write the value in {unit}" if unit and word != near[0].rpartition("_")[0] else ""
        return f"Perhaps {' or '.join(repr(name) for name in near)} was meant{mind}"
    known = ", ".join(record.model_fields)
    return f"Remove it, or use one of: {known}" if len(known) < 200 else "Remove it; docs/input-files.md lists the keys"


def _nearest_word(one: dict[str, Any]) -> str:
    words = one["ctx"]["expected"].replace(" or ", ", ")
    allowed = [word.strip("'") for word in words.split(", ")]
    given = one["input"]
    if isinstance(given, str):
        medicine = what_was_meant(given) if set(allowed) <= set(THERAPIES) else ""
        if medicine:
            return medicine
        text = given.strip().casefold().replace(" ", "_").replace("-", "_")
        prefixed = [word for word in allowed if text and word.startswith(text)]
        near = get_close_matches(text, allowed, n=1, cutoff=0.6) or (prefixed if len(prefixed) == 1 else [])
        if near:
            return f"Perhaps {near[0]!r} was meant"
    return f"Use one of: {', '.join(allowed)}"
