"""Read medicines: MedicationStatement, MedicationRequest, and Procedures that Osteon itself wrote.

Bone medicines become treatments; every other medicine that is taken now is kept by name (``medicines``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from osteon.errors import InputError
from osteon.evidence import THERAPIES, table
from osteon.evidence.drug_names import therapy_named
from osteon.exchange.fhir.bundle import resource_type
from osteon.exchange.fhir.dates import read_date
from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.local_codes import RXNORM, THERAPY, codes
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.fhir.observations import Findings
from osteon.exchange.fhir.references import local_reference
from osteon.person.history import LONGEST_NAME, MOST_MEDICINES

_ENDED = ("completed", "stopped")
_UNNAMED = "it has no name; write what it is in text or display"
_NO_END = "it has ended and no date says when; add it to treatments by hand"


@cache
def _by_code() -> Mapping[str, str]:
    known = {row["code"]: row["therapy"] for row in table("rxnorm_bone_medicines.csv")}
    return known | {one.code: one.meaning for one in codes("therapy")}


def therapy_of(concept: Node | None) -> str:
    """The therapy that a coded medicine is, by local code, RxNorm code or name; empty when Osteon knows none."""
    if concept is None:
        return ""
    own = [code for code in concept.codes(THERAPY) if code in THERAPIES]
    coded = own or [_by_code()[code] for code in concept.codes(RXNORM) if code in _by_code()]
    if coded:
        return coded[0]
    texts = [concept.text("text"), *(one.text("display") for one in concept.children("coding"))]
    return therapy_named(" ".join(texts))


def medications(resources: list[tuple[Node, str]]) -> dict[str, Node]:
    """The Medication resources of a file, by every way in which an order may point to them."""
    found: dict[str, Node] = {}
    for node, url in resources:
        if resource_type(node) == "Medication":
            found |= {key: node for key in (local_reference(node), url) if key}
    return found


def read_statement(statement: Node, found: Findings, notes: Notes) -> None:
    """Read a MedicationStatement, or a Procedure with a local therapy code, into ``found.treatments``.

    A medicine that has ended without a date for its end stays out: without that date it would count as still taken.
    """
    procedure = statement.text("resourceType") == "Procedure"
    concept = statement.child("code") if procedure else _medicine(statement, found)
    therapy, what = therapy_of(concept), _title(concept)
    status = statement.text("status")
    if procedure and not (concept and concept.codes(THERAPY)):
        notes.ignore(statement.path(), "Procedure", "Osteon does not read this type of resource")
        return
    if not therapy:
        if other := _other(statement, concept, status, notes):
            _keep(other, statement.path(), found, notes)
        return
    period = statement.child("effectivePeriod") or statement.child("performedPeriod")
    start = read_date(period, "start") if period else None
    stop = read_date(period, "end") if period else None
    if status in _ENDED and stop is None:
        notes.ignore(statement.path(), what, _NO_END)
        return
    going_on = status in ("active", "in-progress") or (status == "not-done" and therapy == "none")
    if not going_on and status not in _ENDED:
        notes.ignore(statement.path(), what, f"its status is {status[:20] or 'missing'}")
        return
    treatment: dict[str, Any] = {"therapy": therapy}
    for name, date in (("start", start), ("stop", stop)):
        if date is not None:
            treatment[name] = date.day
            if date.precision != "day":
                notes.warn(statement.path(), f"only the {date.precision} of {name} is given; its middle was taken")
    if start and stop and stop.day < start.day:
        raise InputError(
            "the treatment stops before it starts",
            where=statement.place("effectivePeriod"),
            mend="Swap start and end, or correct the year",
        )
    if start is None and statement.has("effectiveDateTime"):
        notes.ignore(statement.path("effectiveDateTime"), "a day of use", "only a period says when a medicine began")
    found.treatments.append(treatment)


def read_request(request: Node, found: Findings, notes: Notes) -> None:
    """Read a MedicationRequest: an active order says that the medicine is taken, and not since when."""
    concept = _medicine(request, found)
    therapy, what = therapy_of(concept), _title(concept)
    status, intent = request.text("status"), request.text("intent")
    if request.flag("doNotPerform") or intent in ("proposal", "plan", "option"):
        notes.ignore(request.path(), what, "it is not an order")
    elif not therapy:
        if other := _other(request, concept, status, notes):
            found.other_orders.append((request.path(), other))
    elif status in _ENDED:
        notes.ignore(request.path(), what, _NO_END)
    elif status != "active":
        notes.ignore(request.path(), what, f"its status is {status[:20] or 'missing'}")
    elif therapy in found.ordered:
        notes.ignore(request.path(), what, "another order of the same medicine stands in the file")
    else:
        found.ordered[therapy] = request.path()


def _other(resource: Node, concept: Node | None, status: str, notes: Notes) -> dict[str, str]:
    """Any other medicine that is taken now, with its name, so that those that cost bone can be found; else empty."""
    name = _name(concept)
    if not name:
        notes.ignore(resource.path(), _title(concept), _why_unknown(concept, resource))
    elif status != "active":
        reason = "it has ended" if status in _ENDED else f"its status is {status[:20] or 'missing'}"
        notes.ignore(resource.path(), name[:80], reason)
    else:
        numbers = [code for code in (concept.codes(RXNORM) if concept else ()) if re.fullmatch(r"[0-9]{1,8}", code)]
        return {"name": name} | ({"rxnorm": numbers[0]} if numbers else {})
    return {}


def _keep(medicine: dict[str, str], where: str, found: Findings, notes: Notes) -> None:
    if len(found.medicines) < MOST_MEDICINES:
        found.medicines.append(medicine)
    else:
        notes.ignore(where, medicine["name"][:80], f"a record holds {MOST_MEDICINES} other medicines at most")


def add_orders(found: Findings, notes: Notes) -> None:
    """Take orders over as treatments where no statement says more about the same medicine."""
    for therapy, where in found.ordered.items():
        if any(one["therapy"] == therapy and "stop" not in one for one in found.treatments):
            notes.ignore(where, therapy, "a MedicationStatement says more about it")
        else:
            found.treatments.append({"therapy": therapy})
            notes.warn(where, "an order does not say when the medicine was begun; its start was left open")
    for where, other in found.other_orders:
        if other["name"].casefold() in {one["name"].casefold() for one in found.medicines}:
            notes.ignore(where, other["name"][:80], "it stands in the file already")
        else:
            _keep(other, where, found, notes)


def _medicine(resource: Node, found: Findings) -> Node | None:
    """What the medicine is: named in the resource itself, or in the Medication that it points to."""
    pointer = resource.child("medicationReference")
    if resource.has("medicationCodeableConcept") or pointer is None:
        return resource.child("medicationCodeableConcept")
    reference = pointer.text("reference").removeprefix("#")
    relative = "/".join(reference.split("/_history/")[0].split("/")[-2:])
    medication = found.medications.get(reference) or found.medications.get(relative)
    if medication is not None:
        return medication.child("code")
    # The name beside a pointer that leads out of the file says the same.
    return Node(pointer.file, pointer.where, {"text": pointer.text("display")}) if pointer.has("display") else None


def _why_unknown(concept: Node | None, resource: Node) -> str:
    if concept is None and resource.has("medicationReference"):
        return "it points to a Medication that the file does not hold, or that has no code; name the medicine in it"
    return _UNNAMED


def _name(concept: Node | None) -> str:
    """The first name that says something; empty without one."""
    if concept is None:
        return ""
    names = [concept.text("text"), *(one.text("display") for one in concept.children("coding"))]
    return next((short for name in names if len(short := name[:LONGEST_NAME].strip()) > 1), "")


def _title(concept: Node | None) -> str:
    return _name(concept)[:80] or ("a medicine without a code" if concept is None else "a medicine")
