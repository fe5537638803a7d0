"""Put the resources of a file together into one person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from pydantic import ValidationError

from osteon.exchange.explain import as_input_error
from osteon.exchange.fhir.age import age_on
from osteon.exchange.fhir.bundle import resource_type
from osteon.exchange.fhir.conditions import read_condition, read_family
from osteon.exchange.fhir.dates import FhirDate, effective
from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.entered_frax import read_risk
from osteon.exchange.fhir.gather import gather
from osteon.exchange.fhir.local_codes import SCAN
from osteon.exchange.fhir.medicines import add_orders, medications, read_request, read_statement
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.fhir.observations import Findings, read_observation
from osteon.exchange.fhir.own_findings import Detail
from osteon.exchange.fhir.patient import read_patient
from osteon.exchange.fhir.references import Subjects, distinct, local_reference
from osteon.exchange.files import at
from osteon.exchange.result import ReadPerson
from osteon.person import Person, clock

_PROPOSED = "what is proposed, ordered or booked is no part of the record"
_UNREAD = {
    "Appointment": _PROPOSED,
    "CarePlan": _PROPOSED,
    "ServiceRequest": _PROPOSED,
    "Provenance": "who wrote a resource is no part of the record",
    "MedicationAdministration": "single doses are not taken from FHIR; add the medicine to treatments or history",
    "MedicationDispense": "that a medicine was handed out does not say that it is taken; add it to treatments if it is",
}
_READERS: dict[str, Callable[[Node, Findings, Notes], None]] = {
    "Condition": read_condition,
    "FamilyMemberHistory": read_family,
    "MedicationStatement": read_statement,
    "MedicationRequest": read_request,
    "Procedure": read_statement,
    "RiskAssessment": read_risk,
}


def assemble(resources: list[tuple[Node, str]], notes: Notes, *, several_files: bool = False) -> ReadPerson:
    """One person from resources.

    Parameters
    ----------
    resources
        Each resource with its place, and its ``fullUrl`` (empty when there is none).
    notes
        Remarks made while the resources were found; is added to.
    several_files
        Whether the resources lie in files of their own; places then begin with the file.
    """
    if several_files:  # the place inside the file alone would not say which file
        resources = [(Node("", node.place(), node.data), url) for node, url in resources]
    resources = distinct(resources, notes)
    patients = [pair for pair in resources if resource_type(pair[0]) == "Patient"]
    subjects = Subjects(resources, patients, notes)
    fields = read_patient(subjects.patient, notes)
    found = _observations(resources, subjects, notes, _adult_from(fields.get("born_about") or fields.get("birth_date")))
    add_orders(found, notes)
    ages = found.readings.pop("age_years", [])
    fields |= gather(found, notes, subjects.patient.file)
    days = [scan["date"] for scan in fields.get("scans", ())]
    if not days:
        notes.warn("", "No bone density measurement was found")
    day = max(days, default=clock.today())
    born = fields.pop("born_about", None) or fields.get("birth_date")
    fields["age_years"] = age_on(day, born, ages, subjects.patient.place("birthDate"), notes)
    try:
        person = Person.model_validate(fields)
    except ValidationError as error:
        raise as_input_error(error, Person, at(subjects.patient.file, "the person read from FHIR")) from None
    return ReadPerson(person, "fhir", tuple(notes.ignored), notes.warnings)


ADULT_YEARS = 18


def _adult_from(born: dt.date | None) -> dt.date | None:
    """The day on which somebody born then becomes an adult; the day before for the 29th of February."""
    if born is None:
        return None
    leap = (born.month, born.day) == (2, 29)
    return dt.date(born.year + ADULT_YEARS, born.month, 28 if leap else born.day)


def _observations(
    resources: list[tuple[Node, str]], subjects: Subjects, notes: Notes, adult_from: dt.date | None
) -> Findings:
    found = Findings(adult_from=adult_from, medications=medications(resources))
    reports = _report_dates(resources, notes)
    devices = _devices(resources)
    for node, url in resources:
        kind = resource_type(node)
        if kind == "Observation":
            if subjects.owns(node, notes):
                fallback = reports.get(local_reference(node)) or reports.get(url) or (None, "")
                device = _device(node, devices)
                before = len(found.measured)
                read_observation(node, device.name, fallback, found, notes)
                _add_device(device, found, before)
        elif kind == "DiagnosticReport":
            if subjects.owns(node, notes):
                _report(node, resources, notes)
                _order(node, found)
        elif kind in _READERS:
            if subjects.owns(node, notes):
                _READERS[kind](node, found, notes)
        elif kind not in ("Patient", "Device", "Medication"):  # the last two are read where something points to them
            notes.ignore(node.path(), kind[:40], _UNREAD.get(kind, "Osteon does not read this type of resource"))
    return found


def _report_dates(resources: list[tuple[Node, str]], notes: Notes) -> dict[str, tuple[FhirDate | None, str]]:
    """The date of each report, by the references to its results."""
    dates: dict[str, tuple[FhirDate | None, str]] = {}
    for node, _ in resources:
        if resource_type(node) == "DiagnosticReport" and node.text("status") not in ("entered-in-error", "cancelled"):
            found = effective(node)
            for result in node.children("result"):
                dates[result.text("reference")] = found
    return dates


def _report(report: Node, resources: list[tuple[Node, str]], notes: Notes) -> None:
    status = report.text("status")
    if status in ("entered-in-error", "cancelled"):
        notes.warn(report.path("status"), f"the report's status is {status}; check whether its results count")
    elif status not in ("final", "amended", "corrected", "appended"):
        notes.warn(report.path("status"), f"the report is not final ({status[:20] or 'no status'})")
    here = {local_reference(node) for node, _ in resources} | {url for _, url in resources if url}
    for result in report.children("result"):
        reference = result.text("reference")
        if reference and reference not in here and reference.lstrip("#") not in here:
            notes.ignore(result.path(), f"the result {reference[:60]}", "the file does not hold it")
    for key in ("presentedForm", "media", "imagingStudy"):
        if report.has(key):
            notes.ignore(report.path(key), "an attached document or image", "only coded results are read")
    for key in ("conclusion", "conclusionCode"):
        if report.has(key):
            notes.ignore(report.path(key), "the report's conclusion", "the diagnosis is made anew from the numbers")


def _order(report: Node, found: Findings) -> None:
    """Keep the order of the scans as Osteon wrote them."""
    date, _ = effective(report)
    for identifier in report.children("identifier"):
        if identifier.text("system") == SCAN and date is not None and identifier.text("value").isdecimal():
            found.scan_order[date.day] = int(identifier.text("value"))


class _Device(NamedTuple):
    """A densitometer: its name, the version of its software, its serial number; empty where unknown."""

    name: str = ""
    software: str = ""
    serial: str = ""


def _devices(resources: list[tuple[Node, str]]) -> dict[str, _Device]:
    found: dict[str, _Device] = {}
    for node, url in resources:
        if resource_type(node) == "Device":
            versions = [one.text("value") for one in node.children("version")]
            device = _Device(_device_name(node), next(iter(versions), ""), node.text("serialNumber"))
            found |= {key: device for key in (local_reference(node), url) if key}
    return found


def _device_name(device: Node) -> str:
    names = [one.text("name") for one in device.children("deviceName")]
    model = device.text("modelNumber") or next((name for name in names if name), "")
    return " ".join(part for part in (device.text("manufacturer"), model) if part)


def _device(observation: Node, devices: dict[str, _Device]) -> _Device:
    pointer = observation.child("device")
    if pointer is None:
        return _Device()
    return devices.get(pointer.text("reference").lstrip("#")) or _Device(pointer.text("display"))


def _add_device(device: _Device, found: Findings, before: int) -> None:
    for one in found.measured[before:]:
        for name, value in (("software", device.software), ("scanner_serial", device.serial)):
            if value:
                found.details.append(Detail(one.day, name, value, one.where))
