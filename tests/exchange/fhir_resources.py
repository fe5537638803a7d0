"""FHIR resources for the tests, small and valid; each test breaks one thing."""

from __future__ import annotations

from typing import Any

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"


def patient(**changes: Any) -> dict[str, Any]:
    """A woman of 61 on the day of the scan."""
    return {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1964-05-20", **changes}


def observation(loinc: str, value: Any, unit: str = "1", /, **changes: Any) -> dict[str, Any]:
    """A numeric Observation of patient p1 on 2026-02-03; a change to None removes the element."""
    resource: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": loinc}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-02-03T09:30:00+01:00",
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }
    return {key: content for key, content in {**resource, **changes}.items() if content is not None}


def body_site(text: str = "", code: str = "") -> dict[str, Any]:
    """A bodySite by text, SNOMED CT code, or both."""
    site: dict[str, Any] = {}
    if text:
        site["text"] = text
    if code:
        site["coding"] = [{"system": SNOMED, "code": code}]
    return site


def bundle(*resources: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A collection Bundle."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": one} for one in resources],
        **changes,
    }


SPINE_T = ("38267-1", -1.4)
SPINE_BMD = "24966-4"
HIP_T = "38264-8"
FEMUR_T = "38263-0"
ANY_BMD = "46383-6"
