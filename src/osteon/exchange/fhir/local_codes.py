"""Osteon's own code systems in FHIR, and the standard codes of a person's fields.

Where no standard code says what a field says, the field's own path is the code, in a code system that is plainly
local (``urn:osteon:...``). Both the reader and the writer take their codes from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, cast, get_args

from osteon.evidence import table
from osteon.exchange.fhir.elements import LOINC, SNOMED, Node
from osteon.person import Side, Site, Vertebra

FIELD = "urn:osteon:fhir:field"
ANSWER = "urn:osteon:fhir:answer"
REGION = "urn:osteon:fhir:region"
THERAPY = "urn:osteon:fhir:therapy"
TOOL = "urn:osteon:fhir:tool"
OUTCOME = "urn:osteon:fhir:outcome"
SCAN = "urn:osteon:fhir:scan"
PERSON_ID = "urn:osteon:fhir:person-id"
EXTENSION = "urn:osteon:fhir:extension:"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CDC_RACE = "urn:oid:2.16.840.1.113883.6.238"
UCUM = "http://unitsofmeasure.org"

FRAX_TYPED_IN = "frax-typed-in"

SYSTEMS: Mapping[str, str] = {
    "LOINC": LOINC,
    "SNOMED CT": SNOMED,
    "ICD-10-CM": ICD10CM,
    "RxNorm": RXNORM,
    "CDC race and ethnicity": CDC_RACE,
}


class Field(NamedTuple):
    """What a field of a person is called in FHIR, and the UCUM unit of its number."""

    path: str
    label: str
    unit: str


class Code(NamedTuple):
    """A standard code: what it is for, the field and the value that it stands for, and the code itself."""

    use: str
    field: str
    meaning: str
    system: str
    code: str
    display: str


class Region(NamedTuple):
    """A measured region as a person's record holds it."""

    site: Site
    side: Side | None
    vertebrae: tuple[Vertebra, ...] | None


@cache
def fields() -> Mapping[str, Field]:
    """Every field that is written as a finding, by path; evidence table ``fhir_fields.csv``."""
    return {row["field"]: Field(row["field"], row["label"], row["unit"]) for row in table("fhir_fields.csv")}


@cache
def codes(use: str) -> tuple[Code, ...]:
    """The standard codes for one use; evidence table ``fhir_record_codes.csv`` without what nobody verified."""
    return tuple(
        Code(row["use"], row["field"], row["meaning"], SYSTEMS[row["system"]], row["code"], row["display"])
        for row in table("fhir_record_codes.csv")
        if row["use"] == use and row["status"] != "unverified"
    )


def field_code(node: Node) -> str:
    """The local code of an Observation or component, or an empty text when it has none."""
    code = node.child("code")
    return next(iter(code.codes(FIELD)), "") if code else ""


def region_code(region: Region) -> str:
    """A region as a local code: ``femoral_neck``, ``total_hip:left``, ``lumbar_spine::L1-L2-L4``."""
    parts = [region.site, region.side or "", "-".join(region.vertebrae or ())]
    return ":".join(parts).rstrip(":")


def region_of(code: str) -> Region | None:
    """The region that a local code names, or none when it is no such code."""
    site, side, vertebrae = (*code.split(":"), "", "")[:3]
    names = tuple(vertebrae.split("-")) if vertebrae else ()
    known = site in get_args(Site) and side in ("", *get_args(Side)) and set(names) <= set(get_args(Vertebra))
    if not known or code.count(":") > 2 or (names and site != "lumbar_spine") or len(set(names)) != len(names):
        return None
    return Region(cast("Site", site), cast("Side | None", side or None), cast("tuple[Vertebra, ...]", names) or None)
