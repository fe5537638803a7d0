"""Which bone medicine a MedicationRequest or MedicationStatement is about: by RxNorm code, else by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from osteon.evidence import table

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ORDER_TYPES = ("MedicationRequest", "MedicationStatement")
_ENDED = ("stopped", "completed", "ended")
_TAKEN = ("active", "on-hold")
_ONLY_THOUGHT_OF = ("proposal", "plan", "option")


class Medicine(NamedTuple):
    """A bone medicine in the record: the therapy, whether it goes on, and the date that the resource gives."""

    therapy: str
    goes_on: bool
    date: str


@cache
def _by_code() -> Mapping[str, str]:
    return {row["code"]: row["therapy"] for row in table("rxnorm_bone_medicines.csv")}


@cache
def _by_name() -> Mapping[str, str]:
    return {row["name"]: row["therapy"] for row in table("drug_names.csv")}


def therapy_of(resource: Mapping[str, Any], others: Sequence[Mapping[str, Any]] = ()) -> str | None:
    """The therapy that an order or statement is about, or none when it is no bone medicine that Osteon knows.

    Parameters
    ----------
    resource
        The MedicationRequest or MedicationStatement.
    others
        Resources beside it, in which a referenced Medication is looked up.
    """
    for concept in _concepts(resource, others):
        codings = [one for one in _list(concept.get("coding")) if isinstance(one, dict)]
        for coding in codings:
            if coding.get("system") == RXNORM and (found := _by_code().get(str(coding.get("code")))):
                return found
        texts = [concept.get("text"), *(one.get("display") for one in codings)]
        if found := named_in(" ".join(text for text in texts if isinstance(text, str))):
            return found
    return None


def named_in(text: str) -> str | None:
    """The therapy whose name stands in a text as whole words."""
    words = f" {' '.join(re.findall(r'[a-z0-9]+', text.casefold()))} "
    return next((therapy for name, therapy in _by_name().items() if f" {name} " in words), None)


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
