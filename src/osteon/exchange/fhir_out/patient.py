"""The Patient: sex, birth date, ethnicity, country, the local identifier; nothing that names the person."""

from __future__ import annotations

import re

from osteon.exchange.fhir.local_codes import EXTENSION, PERSON_ID, codes
from osteon.exchange.fhir_out.carried import carried
from osteon.exchange.fhir_out.elements import Entries, Resource, coding
from osteon.person import Person

_FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"


def add_patient(person: Person, entries: Entries) -> None:
    """Add the Patient. An identifier that FHIR does not allow as an id becomes a local identifier."""
    name = carried(person.id)
    plain = name is not None and _FHIR_ID.fullmatch(name) is not None
    entries.add(
        "",
        {
            "resourceType": "Patient",
            "id": name if plain else None,
            "extension": [
                *_own_text("label", person.label),
                *_ethnicity(person),
                *_own_text("country", person.country),
            ],
            "identifier": [] if plain or name is None else [{"system": PERSON_ID, "value": name}],
            "gender": person.sex,
            "birthDate": person.birth_date.isoformat() if person.birth_date else None,
        },
    )


def _own_text(name: str, text: str | None) -> list[Resource]:
    kept = carried(text)
    return [{"url": f"{EXTENSION}{name}", "valueString": kept}] if kept else []


def _ethnicity(person: Person) -> list[Resource]:
    """Osteon's own word, and the US Core extension where a category says the same."""
    if person.ethnicity is None:
        return []
    found: list[Resource] = [{"url": f"{EXTENSION}ethnicity", "valueCode": person.ethnicity}]
    for use, end in (("race", "race"), ("us_ethnicity", "ethnicity")):
        for one in codes(use):
            if one.meaning == person.ethnicity:
                category = {"url": "ombCategory", "valueCoding": coding(one.system, one.code, one.display)}
                text = {"url": "text", "valueString": one.display}
                found.append({"url": f"{_US_CORE}{end}", "extension": [category, text]})
    return found
