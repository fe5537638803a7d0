"""Which bone medicine a MedicationRequest or MedicationStatement is about, and whether it goes on.

The FHIR reader tells a medicine by its code or name. Here it is also looked for where an order points to, and orders
that have ended are kept apart: the reader leaves out what ended without a date, and denosumab must not be missed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.medicines import therapy_of as read_therapy

ORDER_TYPES = ("MedicationRequest", "MedicationStatement")
_ENDED = ("stopped", "completed", "ended")
_TAKEN = ("active", "on-hold")
_ONLY_THOUGHT_OF = ("proposal", "plan", "option")


class Medicine(NamedTuple):
    """A bone medicine in the record: the therapy, whether it goes on, and the date that the resource gives."""

    therapy: str
    goes_on: bool
    date: str


def therapy_of(resource: Mapping[str, Any], others: Sequence[Mapping[str, Any]] = ()) -> str | None:
    """The therapy that an order or statement is about, or none when it is no bone medicine that Osteon knows.

    Parameters
    ----------
    resource
        The MedicationRequest or MedicationStatement.
    others
        Resources beside it, in which a referenced Medication is looked up.
    """
    found = (read_therapy(Node("", "a medicine", dict(concept))) for concept in _concepts(resource, others))
    return next((therapy for therapy in found if therapy), None)


def label_of(resource: Mapping[str, Any], others: Sequence[Mapping[str, Any]] = ()) -> str:
    """What the order calls the medicine; empty when it has no words for it."""
    for concept in _concepts(resource, others):
        displays = (one.get("display") for one in _list(concept.get("coding")) if isinstance(one, dict))
        for text in (concept.get("text"), *displays):
            if isinstance(text, str) and text.strip():
                return " ".join(text.split())[:80]
    return ""


def bone_medicines(resources: Sequence[Mapping[str, Any]]) -> tuple[Medicine, ...]:
    """The bone medicines among a record's resources; entries made in error or never carried out are left out."""
    found = []
    for one in resources:
        status = one.get("status")
        barred = one.get("doNotPerform") or one.get("intent") in _ONLY_THOUGHT_OF
        if one.get("resourceType") in ORDER_TYPES and status in (*_ENDED, *_TAKEN) and not barred:
            therapy = therapy_of(one, resources)
            if therapy is not None:
                date = one.get("authoredOn") or one.get("effectiveDateTime") or ""
                found.append(Medicine(therapy, status in _TAKEN, str(date)[:10]))
    return tuple(found)


def _concepts(resource: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The coded medicine: in the order itself, in what it contains, or in the Medication that it points to."""
    found = [resource.get("medicationCodeableConcept")]
    pointer = resource.get("medicationReference")
    if isinstance(pointer, dict):
        target = str(pointer.get("reference", ""))
        found.append({"text": pointer.get("display")})
        beside = [one for one in (*_list(resource.get("contained")), *others) if isinstance(one, dict)]
        found += [one.get("code") for one in beside if _is_medication(one, target)]
    return [one for one in found if isinstance(one, dict)]


def _is_medication(resource: Mapping[str, Any], target: str) -> bool:
    name = resource.get("id")
    named = isinstance(name, str) and bool(name) and target in (f"#{name}", f"Medication/{name}")
    return named and resource.get("resourceType") == "Medication"


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
