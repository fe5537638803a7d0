"""A person as a FHIR R4 Bundle."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from osteon.care import MonitoringStep
from osteon.densitometry.result import Densitometry
from osteon.errors import UsageError
from osteon.exchange.fhir_out.elements import Entries
from osteon.exchange.fhir_out.findings import add_findings
from osteon.exchange.fhir_out.patient import add_patient
from osteon.exchange.fhir_out.plan import add_diagnosis, add_plan
from osteon.exchange.fhir_out.provenance import add_provenance, add_software
from osteon.exchange.fhir_out.risks import Basis, add_risks
from osteon.exchange.fhir_out.scans import add_scans
from osteon.exchange.fhir_out.treatments import add_medicines, add_treatments
from osteon.person import Person
from osteon.risk import FractureRisk


def fhir_bundle(
    person: Person,
    *,
    densitometry: Densitometry | None = None,
    risks: Sequence[FractureRisk] | None = None,
    monitoring: Sequence[MonitoringStep] | None = None,
    recorded: dt.datetime | None = None,
) -> dict[str, Any]:
    """A person as a Bundle of type collection: the record, and what Osteon computed from it.

    The same record gives the same Bundle, to the byte. It never holds a name. The parts of a report that are already
    there can be handed over; what is left out is computed.

    Parameters
    ----------
    person
        The record.
    densitometry
        From :func:`osteon.densitometry.assess`.
    risks
        From :func:`osteon.care.fracture.fracture_risks`.
    monitoring
        From :func:`osteon.care.monitoring`.
    recorded
        When the Bundle is made, with its time zone; without it the Bundle holds no time of its own.

    Raises
    ------
    UsageError
        ``recorded`` has no time zone.
    """
    from osteon import care
    from osteon.care.fracture import fracture_risks
    from osteon.densitometry import assess

    if recorded is not None and recorded.tzinfo is None:
        raise UsageError(
            "the time of the Bundle has no time zone", where="recorded", mend="Give a datetime with tzinfo, such as UTC"
        )
    bone = densitometry if densitometry is not None else assess(person)
    chances = risks if risks is not None else fracture_risks(person, bone)
    steps = monitoring if monitoring is not None else care.monitoring(person, bone)

    entries = Entries(person)
    add_patient(person, entries)
    reports = add_scans(person, bone, entries)
    findings = add_findings(person, entries)
    add_treatments(person, entries)
    add_medicines(person, entries)
    software = add_software(entries)
    report = reports.get(bone.scan_date.isoformat()) if bone.scan_date else None
    diagnosis = add_diagnosis(person, bone, report, entries)
    basis = [reference for path, reference in findings.items() if not path.startswith("labs.")]
    computed = [*([diagnosis] if diagnosis else [])]
    computed += add_risks(person, chances, Basis(basis, report, software), entries)
    computed += add_plan(bone, steps, diagnosis, entries)
    sources = [*bone.sources, *(name for one in chances for name in one.sources)]
    sources += [name for step in steps for name in step.sources]
    add_provenance(computed, sources, software, entries, recorded=recorded)
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    if recorded is not None:
        bundle["timestamp"] = recorded.isoformat(timespec="seconds")
    bundle["entry"] = [{"fullUrl": url, "resource": resource} for url, resource in entries.resources]
    return bundle


def export_fhir(person: Person, *, recorded: dt.datetime | None = None) -> str:
    """A person as the JSON text of a FHIR R4 Bundle; see :func:`fhir_bundle`."""
    return json.dumps(fhir_bundle(person, recorded=recorded), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
