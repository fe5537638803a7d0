"""The small parts that FHIR resources are made of, and identifiers that are the same on every run."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from osteon.exchange.fhir.local_codes import UCUM, Code
from osteon.person import Person

Resource = dict[str, Any]

# The namespace of Osteon's identifiers: a UUID of version 5 from it depends on nothing but the text that goes in.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:osteon:fhir")
_DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def coding(system: str, code: str, display: str = "") -> Resource:
    """One code; the display is left out when its official wording is not known."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(text: str, *codings: Resource) -> Resource:
    """A coded concept: codes, and the text that a reader sees."""
    return ({"coding": list(codings)} if codings else {}) | ({"text": text} if text else {})


def standard(codes: Sequence[Code]) -> list[Resource]:
    """Standard codes as codings, in the order of the code table."""
    return [coding(one.system, one.code, one.display) for one in codes]


def quantity(value: float, unit: str) -> Resource:
    """A number with its UCUM unit."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def unknown_date() -> Resource:
    """What stands in place of a date that is required and not known."""
    return {"extension": [{"url": _DATA_ABSENT, "valueCode": "unknown"}]}


def without_empty(resource: Resource) -> Resource:
    """A resource without the elements that hold nothing: FHIR knows no null and no empty list."""
    return {key: value for key, value in resource.items() if value not in (None, [], {}, "")}


@dataclass(slots=True)
class Entries:
    """Collects the resources of one Bundle in order, each under a URN that depends only on whose and what it is.

    Attributes
    ----------
    patient
        The reference to the Patient.
    """

    person: Person
    resources: list[tuple[str, Resource]] = field(default_factory=list)
    _key: str = ""

    def __post_init__(self) -> None:
        """Take the local identifier as the key, so that a person's resources keep their URNs; else the whole record."""
        whole = json.dumps(self.person.model_dump(mode="json"), sort_keys=True)
        self._key = f"id:{self.person.id}" if self.person.id else f"record:{whole}"

    @property
    def patient(self) -> Resource:
        """The reference to the Patient."""
        return {"reference": self.urn("Patient", "")}

    def urn(self, kind: str, path: str) -> str:
        """The URN of a resource: of its type and its place in the record."""
        return uuid.uuid5(_NAMESPACE, f"{self._key}|{kind}|{path}").urn

    def add(self, path: str, resource: Resource) -> Resource:
        """Add a resource and give the reference to it; ``path`` is its place in the record."""
        full = without_empty(resource)
        url = self.urn(full["resourceType"], path)
        self.resources.append((url, full))
        return {"reference": url}
