"""What a record says of a person besides scans: Observations, Conditions and FamilyMemberHistory.

A condition that is recorded as present becomes a Condition where one code says exactly that. One that is recorded as
absent becomes an Observation with the value false, never a refuted Condition: a reader that looks at the code alone
must not find a disease that is not there.
"""

from __future__ import annotations

from typing import Any

from osteon.exchange.fhir.local_codes import FIELD, Code, codes, fields
from osteon.exchange.fhir_out.elements import Entries, Resource, coding, concept, quantity, standard, unknown_date
from osteon.exchange.fhir_out.scans import answer, list_value, local_code
from osteon.person import History, Labs, Person

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_BODY = ("height_cm", "weight_kg")
_FAMILY = ("history.parent_hip_fracture", "history.parent_osteoporosis")


def add_findings(person: Person, entries: Entries) -> dict[str, Resource]:
    """Add everything but scans, treatments and risks; gives the references by path of the field."""
    found: dict[str, Resource] = {}
    _age(person, entries)
    for name in _BODY:
        value = getattr(person, name)
        if value is not None:
            found[name] = entries.add(name, _measured(name, value, "vital-signs", entries, local=False))
    _body_mass(person, found, entries)
    if person.menopause_age_years is not None:
        resource = _measured("menopause_age_years", person.menopause_age_years, "social-history", entries, local=False)
        found["menopause_age_years"] = entries.add("menopause_age_years", resource)
    if person.menopausal_status is not None:
        found["menopausal_status"] = entries.add(
            "menopausal_status", _said("menopausal_status", person.menopausal_status, entries)
        )
    for name in Labs.model_fields:
        value, path = getattr(person.labs, name), f"labs.{name}"
        if value is not None:
            local = not any(one.field == path for one in codes("observation"))
            found[path] = entries.add(path, _measured(path, value, "laboratory", entries, local=local))
    for name in History.model_fields:
        value, path = getattr(person.history, name), f"history.{name}"
        if value is not None:
            found[path] = entries.add(path, _history(path, value, entries))
    return found


def _age(person: Person, entries: Entries) -> None:
    """The age on the day of the latest scan, because a birth date may be unknown or give another decimal."""
    resource = _measured("age_years", person.age_years, "social-history", entries, local=False)
    if person.latest_scan is not None:
        del resource["_effectiveDateTime"]
        resource["effectiveDateTime"] = person.latest_scan.date.isoformat()
    entries.add("age_years", resource)


def _body_mass(person: Person, found: dict[str, Resource], entries: Entries) -> None:
    """The recorded body mass index under its local code too; a computed one points to height and weight."""
    if person.bmi is None:
        return
    if person.bmi_kg_m2 is not None:
        resource = _measured("bmi_kg_m2", person.bmi_kg_m2, "vital-signs", entries, local=True)
    elif 10 <= person.bmi <= 100:  # what a record may hold; beyond it, height or weight is a slip
        resource = _measured("bmi_kg_m2", round(person.bmi, 2), "vital-signs", entries, local=False)
        resource["derivedFrom"] = [found[name] for name in _BODY]
    else:
        return
    found["bmi_kg_m2"] = entries.add("bmi_kg_m2", resource)


def _observation(path: str, category: str, entries: Entries, *, local: bool, **value: Any) -> Resource:
    code = local_code(path)
    if not local:
        code["coding"] = [one for one in code["coding"] if one["system"] != FIELD]
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [concept("", coding(_CATEGORY, category))],
        "code": code,
        "subject": entries.patient,
        "_effectiveDateTime": unknown_date(),
        **value,
    }


def _measured(path: str, value: float, category: str, entries: Entries, *, local: bool) -> Resource:
    number = quantity(value, fields()[path].unit)
    return _observation(path, category, entries, local=local, valueQuantity=number)


def _said(path: str, value: Any, entries: Entries) -> Resource:
    """A fact of the history as an Observation under its local code."""
    if isinstance(value, bool):
        content: Resource = {"valueBoolean": value}
    elif isinstance(value, int):
        content = {"valueInteger": value}
    elif isinstance(value, float):
        content = {"valueQuantity": quantity(value, fields()[path].unit)}
    elif isinstance(value, tuple):
        content = list_value(path, value)
    else:
        content = {"valueCodeableConcept": answer(value)}
        same = [one for one in codes("answer") if (one.field, one.meaning) == (path, value)]
        content["valueCodeableConcept"]["coding"][:0] = standard(same)
    return _observation(path, "social-history", entries, local=True, **content)


def _history(path: str, value: Any, entries: Entries) -> Resource:
    if value is True and path in _FAMILY:
        return _parent(path, entries)
    meaning = "" if value is True else value
    same = [one for one in codes("condition") if one.field == path and one.meaning == meaning]
    return _condition(path, same, entries) if same and value is not False else _said(path, value, entries)


def _condition(path: str, same: list[Code], entries: Entries) -> Resource:
    """A condition that is recorded as present. Whether it is active was not recorded, so that is not said."""
    return {
        "resourceType": "Condition",
        "code": concept(same[0].display or fields()[path].label, *standard(same)),
        "subject": entries.patient,
    }


def _parent(path: str, entries: Entries) -> Resource:
    same = [one for one in codes("family") if one.field == path]
    label = {"history.parent_hip_fracture": "Hip fracture"}.get(path, "Osteoporosis")
    code = concept(label, *standard(same), coding(FIELD, path, fields()[path].label))
    return {
        "resourceType": "FamilyMemberHistory",
        "status": "partial",
        "patient": entries.patient,
        "relationship": concept("Parent", coding(_ROLES, "PRNT", "parent")),
        "condition": [{"code": code}],
    }
