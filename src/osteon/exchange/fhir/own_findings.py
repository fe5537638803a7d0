"""Read Observations that carry Osteon's own field codes: history, and details of a scan and of its regions."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from pydantic import ValidationError

from osteon.errors import InputError
from osteon.exchange.explain import problems
from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.local_codes import ANSWER, REGION, Region, fields, region_of
from osteon.person import History, Labs, Record, SiteMeasurement

_LISTS = ("history.fragility_fracture_sites", "scan.abnormal_vertebrae")
_GROUPS: dict[str, type[Record]] = {"history": History, "labs": Labs, "site": SiteMeasurement}


class OwnValue(NamedTuple):
    """One value under a local field code: the path of the field, the value, and where its number or answer stands."""

    path: str
    value: Any
    where: str


class Detail(NamedTuple):
    """Something that is known of a whole scan: its day, the field, the value, and where it stands."""

    day: dt.date
    field: str
    value: Any
    where: str


def read_value(node: Node, path: str) -> OwnValue:
    """The value of an Observation that has the local field code ``path``.

    Raises
    ------
    InputError
        The code is not known, or the value is not one that the field can hold.
    """
    if path not in fields():
        raise InputError(
            f"{path[:60]!r} is not a field that this version of Osteon knows",
            where=node.place("code"),
            mend="Remove the Observation, or read the file with the version of Osteon that wrote it",
        )
    key: str
    value: Any
    if path in _LISTS:
        key, value = "component", _list(node)
    elif node.has("valueQuantity"):
        key, value = "valueQuantity", _number(node, fields()[path].unit)
    elif node.has("valueBoolean"):
        key, value = "valueBoolean", node.flag("valueBoolean")
    elif node.has("valueInteger"):
        key, value = "valueInteger", _count(node)
    elif node.has("valueString"):
        key, value = "valueString", node.text("valueString")
    else:
        key, value = "valueCodeableConcept", _answer(node)
    _check(path, value, node.place(key))
    return OwnValue(path, value, node.path(key))


def own_region(body: Node | None) -> Region | None:
    """The region that a body site names by Osteon's own code; none when it has no such code.

    Raises
    ------
    InputError
        The code is not a region.
    """
    code = next(iter(body.codes(REGION)), "") if body else ""
    if not body or not code:
        return None
    region = region_of(code)
    if region is None:
        raise InputError(
            f"{code[:60]!r} is not a region",
            where=body.place("coding"),
            mend="Write it as femoral_neck:left or lumbar_spine::L1-L2",
        )
    return region


def _number(node: Node, unit: str) -> float:
    quantity = node.child("valueQuantity")
    number = quantity.number("value") if quantity else None
    if quantity is None or number is None:
        raise _no_value(node)
    if quantity.text("code") != unit:
        raise InputError(
            f"{quantity.text('code')[:20]!r} is not the unit of this field",
            where=quantity.place("code"),
            mend=f"Use {unit}",
        )
    if quantity.has("comparator"):
        raise InputError(
            "the value is only a limit", where=quantity.place("comparator"), mend="Give the value, or leave it out"
        )
    return number


def _count(node: Node) -> int:
    number = node.number("valueInteger")
    if number is None or number != int(number):
        raise _no_value(node)
    return int(number)


def _answer(node: Node) -> str:
    concept = node.child("valueCodeableConcept")
    answers = concept.codes(ANSWER) if concept else []
    if len(answers) != 1:
        raise _no_value(node)
    return answers[0]


def _list(node: Node) -> tuple[str, ...]:
    """The answers of the components in order; a value of false says that the list is empty."""
    parts = node.children("component")
    if not parts and node.flag("valueBoolean") is not False:
        raise _no_value(node)
    return tuple(_answer(one) for one in parts)


def _no_value(node: Node) -> InputError:
    return InputError(
        "the value is missing, or not of the kind that this field holds",
        where=node.place(),
        mend="Give the value as docs/fhir-export.md shows it, or remove the Observation",
    )


def _check(path: str, value: Any, where: str) -> None:
    """Check one value by its own field, so that a message can name its place in the FHIR file."""
    group, _, name = path.rpartition(".")
    model = _GROUPS.get(group)
    if model is None:
        return
    record = {"site": "total_hip", "t_score": 0.0, name: value} if group == "site" else {name: value}
    try:
        model.model_validate(record)
    except ValidationError as error:
        one = problems(error, model)[0]
        raise InputError(one.what, where=where, mend=one.mend) from None
