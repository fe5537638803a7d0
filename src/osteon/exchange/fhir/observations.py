"""Read Observations: DXA results into scans, body size, laboratory values and smoking into their fields."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from pydantic import ValidationError

from osteon.errors import InputError
from osteon.evidence import table
from osteon.exchange.explain import problems
from osteon.exchange.fhir.dates import FhirDate, effective
from osteon.exchange.fhir.elements import LOINC, SNOMED, Node
from osteon.exchange.fhir.local_codes import field_code
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.fhir.own_findings import Detail, own_region, read_value
from osteon.exchange.fhir.sites import DxaCode, Place, dxa_codes, measured_place
from osteon.exchange.fhir.units import in_unit_of
from osteon.person import Labs, Person, SiteMeasurement

SMOKING_STATUS = "72166-2"
_NOT_A_RESULT = {
    "entered-in-error": "its status says that it was entered in error",
    "cancelled": "its status says that it was cancelled",
    "registered": "its status says that no result is available yet",
}
_NOT_READ = ("note", "interpretation", "method", "referenceRange", "hasMember", "derivedFrom")
_ELEMENTS = frozenset(
    {
        "resourceType",
        "id",
        "meta",
        "implicitRules",
        "language",
        "text",
        "contained",
        "extension",
        "modifierExtension",
        "identifier",
        "basedOn",
        "partOf",
        "status",
        "category",
        "code",
        "subject",
        "focus",
        "encounter",
        "issued",
        "performer",
        "dataAbsentReason",
        "bodySite",
        "specimen",
        "device",
        "component",
    }
)
_FINISHED = ("final", "amended", "corrected")


class Measured(NamedTuple):
    """One DXA number."""

    day: dt.date
    place: Place
    field: str
    value: float
    where: str
    final: bool
    device: str


class Reading(NamedTuple):
    """One value of a field that a person has once, such as weight; the latest counts."""

    value: Any
    date: FhirDate | None
    where: str
    own: bool = False
    """Written under Osteon's own code, or said once for the whole record: then it needs no date."""


@dataclass(slots=True)
class Findings:
    """What the resources of a file say, before it is put together."""

    measured: list[Measured] = field(default_factory=list)
    readings: dict[str, list[Reading]] = field(default_factory=dict)
    details: list[Detail] = field(default_factory=list)
    scan_order: dict[dt.date, int] = field(default_factory=dict)
    treatments: list[dict[str, Any]] = field(default_factory=list)
    medicines: list[dict[str, str]] = field(default_factory=list)
    other_orders: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ordered: dict[str, str] = field(default_factory=dict)
    medications: dict[str, Node] = field(default_factory=dict)
    contested: set[str] = field(default_factory=set)
    frax: dict[str, Any] | None = None
    adult_from: dt.date | None = None
    """The day on which the person became 18, where the birth date is known: earlier body sizes are a child's."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What the parts of one Observation share."""

    whole: Node
    device: str
    date: FhirDate | None
    date_from: str
    found: Findings
    notes: Notes


@cache
def _quantity_fields() -> dict[str, tuple[str, str]]:
    rows = (row for row in table("fhir_codes.csv") if row["group"] == "quantity")
    return {row["code"]: (row["meaning"], row["display"]) for row in rows}


def read_observation(
    observation: Node, device: str, fallback: tuple[FhirDate | None, str], found: Findings, notes: Notes
) -> None:
    """Read one Observation and its components into ``found``; what is not read goes into ``notes``.

    Parameters
    ----------
    observation
        The resource.
    device
        The densitometer, empty when unknown.
    fallback
        The date of the report that lists this Observation, for when it has none of its own, and its path.
    found, notes
        Are added to.

    Raises
    ------
    InputError
        A DXA result cannot be used as it stands, or a value is not plausible.
    """
    status = observation.text("status")
    for barred, reason in (
        (status in _NOT_A_RESULT, _NOT_A_RESULT.get(status, "")),
        (observation.has("modifierExtension"), "a modifier extension changes its meaning"),
        (observation.has("focus"), "its focus is not the patient"),
    ):
        if barred:
            notes.ignore(observation.path(), _title(observation), reason)
            return
    own, _ = effective(observation)
    date, date_from = (own, "") if own else fallback
    context = _Context(observation, device, date, date_from, found, notes)
    if field_code(observation):
        _read_own(observation, context)
        return
    parts = observation.children("component")
    read = [_read_part(one, context) for one in parts]
    if not parts or _has_value(observation):
        read.append(_read_part(observation, context))
    if any(read):
        _list_unread(observation, notes)
    if any(read) and status not in _FINISHED:
        notes.warn(observation.path("status"), f"the result is not final ({status[:20] or 'no status'}), and was read")


def _read_own(observation: Node, context: _Context) -> None:
    """Read an Observation under one of Osteon's own field codes: of a region, of a scan, or of the person."""
    path, value, where = read_value(observation, field_code(observation))
    group, _, name = path.rpartition(".")
    if group not in ("site", "scan"):
        context.found.readings.setdefault(name, []).append(Reading(value, context.date, where, own=True))
        return
    day = _exact_day(context)
    region = own_region(observation.child("bodySite"))
    if group == "site" or name == "precision_g_cm2":
        if region is None:
            raise InputError(
                "the region is missing", where=observation.place("bodySite"), mend="Add bodySite with its code"
            )
        if group == "site":
            context.found.measured.append(Measured(day, Place(*region), name, value, where, True, context.device))
            return
        value = {region.site: value}
    context.found.details.append(Detail(day, name, value, where))


def _exact_day(context: _Context) -> dt.date:
    date = context.date
    if date is None or date.precision != "day":
        raise InputError(
            "the day of the examination is missing" if date is None else "only the month or year of the scan is given",
            where=context.whole.place("effectiveDateTime"),
            mend="Give the full day as YYYY-MM-DD: changes between scans are judged by it",
        )
    return date.day


def _list_unread(observation: Node, notes: Notes) -> None:
    for key in observation.data:
        if key in _NOT_READ:
            notes.ignore(observation.path(key), f"a result's {key}", "only the number is read")
        elif key.lstrip("_") not in _ELEMENTS and not key.lstrip("_").startswith(("value", "effective")):
            notes.ignore(
                observation.path(key), f"the element {key[:40]!r}", "FHIR R4 does not define it for an Observation"
            )


def _read_part(part: Node, context: _Context) -> bool:
    """Read an Observation's own value, or one component; whether anything was read."""
    code = part.child("code")
    codes = code.codes(LOINC) if code else []
    dxa = [dxa_codes()[one] for one in codes if one in dxa_codes()]
    if len({(one.field, one.site, one.side) for one in dxa}) > 1:
        raise InputError(
            "two codes of the same Observation name different DXA results",
            where=part.place("code"),
            mend="Keep the one that is right",
        )
    if dxa:
        return _read_dxa(part, dxa[0], context)
    fields = _quantity_fields()
    known = [fields[one] for one in codes if one in fields]
    if known:
        return _read_quantity(part, *known[0], context)
    if SMOKING_STATUS in codes:
        return _read_smoking(part, context)
    context.notes.ignore(part.path(), _title(part), "its code is not one that Osteon reads")
    return False


def _read_dxa(part: Node, code: DxaCode, context: _Context) -> bool:
    what = {"bmd_g_cm2": "bone density", "t_score": "T-score", "z_score": "Z-score"}[code.field]
    quantity = _quantity(part, f"{code.name} (LOINC {code.code})", context.notes)
    if quantity is None:
        return False
    site_from = part if part.has("bodySite") else context.whole
    sited = Node(part.file, part.where, {**part.data, "bodySite": site_from.data.get("bodySite")})
    place = measured_place(code, sited, context.notes)
    if place is None:
        return False
    value = in_unit_of(code.field, quantity, quantity.number("value") or 0.0, what)
    _plausible(SiteMeasurement, code.field, {"site": place.site, code.field: value}, quantity)
    day = _exact_day(context)
    if context.date_from:
        context.notes.warn(context.whole.path("effectiveDateTime"), f"the date was taken from {context.date_from}")
    final = context.whole.text("status") in _FINISHED
    context.found.measured.append(Measured(day, place, code.field, value, part.path(), final, context.device))
    return True


def _read_quantity(part: Node, person_field: str, display: str, context: _Context) -> bool:
    quantity = _quantity(part, display, context.notes)
    if quantity is None:
        return False
    adult_from = context.found.adult_from
    if context.date is not None and adult_from is not None and context.date.day < adult_from:
        context.notes.ignore(part.path(), display, "it was taken before the age of 18")
        return False
    try:
        value = in_unit_of(person_field, quantity, quantity.number("value") or 0.0, display)
    except InputError as error:  # a laboratory's unit shall not keep the scan from being read
        context.notes.ignore(quantity.path(), display, f"{error.problem}. {error.mend}")
        return False
    if person_field in Labs.model_fields:
        _plausible(Labs, person_field, {person_field: value}, quantity)
    else:
        _plausible(Person, person_field, {"sex": "female", "age_years": 110, person_field: value}, quantity)
    context.found.readings.setdefault(person_field, []).append(Reading(value, context.date, part.path()))
    return True


def _read_smoking(part: Node, context: _Context) -> bool:
    words = {row["code"]: row["meaning"] for row in table("fhir_codes.csv") if row["group"] == "smoking"}
    concept = part.child("valueCodeableConcept")
    answers = {words[code] for code in (concept.codes(SNOMED) if concept else []) if code in words}
    if len(answers) != 1:
        context.notes.ignore(part.path(), "smoking status", "the answer is not never, former or current smoker")
        return False
    context.found.readings.setdefault("smoking", []).append(Reading(answers.pop(), context.date, part.path()))
    return True


def _quantity(part: Node, what: str, notes: Notes) -> Node | None:
    """The ``valueQuantity`` with a number in it, or none after a note of why there is none."""
    quantity = part.child("valueQuantity")
    if quantity is not None and quantity.number("value") is not None:
        if quantity.has("comparator"):
            notes.ignore(part.path(), what, "the value is only a limit (a comparator stands before it)")
            return None
        return quantity
    if quantity is not None or part.has("dataAbsentReason"):
        reason = "the value is missing"
    elif _has_value(part):
        reason = "the value is not a valueQuantity"
    else:
        reason = "it has no value"
    notes.ignore(part.path(), what, reason)
    return None


def _plausible(
    model: type[SiteMeasurement | Labs | Person], key: str, record: dict[str, object], quantity: Node
) -> None:
    """Check one value against the record's own range, and name its place in the FHIR file when it is outside."""
    try:
        model.model_validate(record)
    except ValidationError as error:
        for one in problems(error, model):
            if one.where == key:
                raise InputError(one.what, where=quantity.place("value"), mend=one.mend) from None
        raise


def _has_value(node: Node) -> bool:
    return any(key.startswith("value") for key in node.data)


def _title(observation: Node) -> str:
    """What to call an Observation in a note: its code, never its value."""
    code = observation.child("code")
    if code is None:
        return "an Observation without a code"
    for one in code.children("coding"):
        if one.text("code"):
            return f"{one.text('display')[:80] or 'an Observation'} ({one.text('code')[:20]})"
    return (code.text("text") or "an Observation without a code")[:80]
