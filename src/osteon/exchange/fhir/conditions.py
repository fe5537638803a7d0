"""Read Conditions and FamilyMemberHistory into a person's history: only what a code says without doubt."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.local_codes import FIELD, codes
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.fhir.observations import Findings, Reading

_PRESENT = ("", "active", "recurrence", "relapse")
_CERTAIN = ("", "confirmed")
_PARENTS = ("PRNT", "MTH", "FTH", "NMTH", "NFTH", "NPRN")
_MOTHERS = ("MTH", "NMTH")
_ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_HIP_FRACTURE = re.compile(r"\bhip fracture|fracture of (the )?(hip|neck of (the )?femur|proximal femur)")


@cache
def _known() -> dict[tuple[str, str], tuple[str, Any]]:
    """From system and code of a Condition to the field of the history and its value."""
    rows = (*codes("condition"), *codes("condition_read"))
    return {(one.system, one.code): (one.field, one.meaning or True) for one in rows}


@cache
def _diagnoses() -> frozenset[tuple[str, str]]:
    return frozenset((one.system, one.code) for one in codes("diagnosis"))


def read_condition(condition: Node, found: Findings, notes: Notes) -> None:
    """Read one Condition; what does not enter the history is listed with the reason."""
    concept = condition.child("code")
    what = _title(concept, "a Condition")
    pairs = _pairs(concept)
    if any(pair in _diagnoses() for pair in pairs):
        notes.ignore(condition.path(), what, "the diagnosis by bone density is made anew from the numbers")
        return
    meant = {_known()[pair] for pair in pairs if pair in _known()}
    if not meant:
        reason = "its code is not one of the conditions that Osteon reads; add it to history if it matters for bone"
        notes.ignore(condition.path(), what, reason)
        return
    status = _status(condition, "clinicalStatus", _CLINICAL)
    certainty = _status(condition, "verificationStatus", _VERIFICATION)
    if status not in _PRESENT:
        notes.ignore(condition.path(), what, f"its clinical status is {status[:20]}; add it to history if it counts")
    elif certainty not in _CERTAIN:
        notes.ignore(condition.path(), what, f"its verification status is {certainty[:20]}")
    elif len(meant) > 1:
        notes.ignore(condition.path(), what, "its codes name different conditions")
    else:
        field, value = meant.pop()
        _add(found, notes, field, value, condition, what=what)


def read_family(history: Node, found: Findings, notes: Notes) -> None:
    """Read one FamilyMemberHistory: a parent's hip fracture or osteoporosis."""
    status = history.text("status")
    relation = history.child("relationship")
    roles = relation.codes(_ROLES) if relation else []
    parent, mother = any(code in _PARENTS for code in roles), any(code in _MOTHERS for code in roles)
    what = "family history"
    if status not in ("partial", "completed"):
        notes.ignore(history.path(), what, f"its status is {status[:20] or 'missing'}")
        return
    if not parent:
        notes.ignore(history.path(), what, "it is not about a parent")
        return
    read_any = False
    for one in history.children("condition"):
        for field in _family_fields(one.child("code")):
            _add(found, notes, field, True, one, what=what)
            if mother and field == "history.parent_hip_fracture":
                _add(found, notes, "history.mother_hip_fracture", True, one, what=what)
            read_any = True
    if not read_any:
        notes.ignore(history.path(), what, "only a parent's hip fracture and osteoporosis are read")


def _family_fields(concept: Node | None) -> list[str]:
    pairs = _pairs(concept)
    rows = (*codes("family"), *codes("family_read"))
    found = [one.field for one in rows if (one.system, one.code) in pairs]
    found += [code for system, code in pairs if system == FIELD and code.startswith("history.parent_")]
    if concept and _HIP_FRACTURE.search(_words(concept)):
        found.append("history.parent_hip_fracture")
    return list(dict.fromkeys(found))


def _add(found: Findings, notes: Notes, field: str, value: Any, node: Node, *, what: str) -> None:
    """Take a condition over once; where two contradict each other, neither enters the history."""
    name = field.removeprefix("history.")
    if name in found.contested:
        notes.ignore(node.path(), what, f"parts of the file contradict each other about {name}")
        return
    readings = found.readings.setdefault(name, [])
    if any(one.value != value for one in readings):
        found.contested.add(name)
        notes.warn(node.path(), f"parts of the file contradict each other about {name}, and none was read")
        notes.ignore(node.path(), what, f"parts of the file contradict each other about {name}")
        del found.readings[name]
    elif not readings:
        readings.append(Reading(value, None, node.path(), own=True))


def _status(condition: Node, key: str, system: str) -> str:
    concept = condition.child(key)
    if concept is None:
        return ""
    found = concept.codes(system) or [one.text("code") for one in concept.children("coding")]
    return next(iter(found), "") or concept.text("text") or "without a code"


def _pairs(concept: Node | None) -> list[tuple[str, str]]:
    if concept is None:
        return []
    return [(one.text("system"), one.text("code")) for one in concept.children("coding")]


def _words(concept: Node) -> str:
    parts = [concept.text("text"), *(one.text("display") for one in concept.children("coding"))]
    return " ".join(parts).casefold()


def _title(concept: Node | None, otherwise: str) -> str:
    """What to call it in a note: the code's own name."""
    if concept is None:
        return otherwise
    for one in concept.children("coding"):
        if one.text("display"):
            return one.text("display")[:80]
    return concept.text("text")[:80] or otherwise
