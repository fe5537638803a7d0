"""What comes next, as proposals: the diagnosis to confirm, the next scan, a referral, an appointment to be made.

Nothing here is an order: each resource is a draft or a proposal that a clinician takes up or leaves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from osteon.care import MonitoringStep
from osteon.densitometry.result import Densitometry
from osteon.exchange.fhir.local_codes import Region, codes
from osteon.exchange.fhir_out.elements import Entries, Resource, coding, concept, standard
from osteon.exchange.fhir_out.scans import body_site
from osteon.person import DAYS_PER_YEAR, Person

_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_LABELS = {"osteopenia": "Osteopenia (low bone mass)", "osteoporosis": "Osteoporosis"}
_SCAN = "Bone-density scan"
_PROPOSED = "Proposed by Osteon; nothing has been ordered or booked."


def add_diagnosis(
    person: Person, densitometry: Densitometry, report: Resource | None, entries: Entries
) -> Resource | None:
    """Add the Condition that bone density makes: osteopenia or osteoporosis; none for any other finding.

    The ICD-10-CM code for osteoporosis says that there is no current pathological fracture, so it is left out where
    the record holds a fracture after minor trauma. Osteoporosis at an earlier scan persists when the latest is better
    (AACE 2020 says so of women; the same is taken to hold for men), so a better scan never writes osteopenia over it.
    """
    earlier = densitometry.earlier_osteoporosis
    diagnosis = densitometry.diagnosis if earlier is None else "osteoporosis"
    found = [one for one in codes("diagnosis") if one.meaning == diagnosis]
    if not found or densitometry.deciding_site is None or densitometry.scan_date is None:
        return None
    history = person.history
    if diagnosis == "osteoporosis" and (history.previous_fragility_fracture or history.fragility_fracture_sites):
        found = found[:1]
    reason = densitometry.reason
    if earlier is not None:
        by = " (AACE 2020)" if person.sex == "female" else ""
        reason += f" {earlier.sentence} The diagnosis persists when a later T-score is better{by}."
    region = Region(densitometry.deciding_site, densitometry.deciding_side, None)
    resource = {
        "resourceType": "Condition",
        "clinicalStatus": concept("", coding(_CLINICAL, "active")),
        "verificationStatus": concept("", coding(_VERIFICATION, "provisional")),
        "code": concept(_LABELS[diagnosis], *standard(found)),
        "bodySite": [body_site(region)],
        "subject": entries.patient,
        "recordedDate": densitometry.scan_date.isoformat(),
        "evidence": [{"detail": [report]}] if report else [],
        "note": [{"text": f"{reason} Computed from the scan; a clinician has to confirm it."}],
    }
    return entries.add("diagnosis", resource)


def add_plan(
    densitometry: Densitometry, steps: Sequence[MonitoringStep], diagnosis: Resource | None, entries: Entries
) -> list[Resource]:
    """Add the proposals: the next scan, and where there is a diagnosis a consultation; gives their references.

    Where the question of treatment comes before the next scan, no time is named and no scan is proposed.
    """
    scans = [step for step in steps if step.what == _SCAN and step.years_from_scan is not None]
    made = [entries.add("plan/scan", _next_scan(step, densitometry, diagnosis, entries)) for step in scans[:1]]
    if diagnosis is not None:
        referral = entries.add("plan/referral", _referral(diagnosis, entries))
        made += [referral, entries.add("plan/appointment", _appointment(referral, diagnosis, entries))]
    return made


def _next_scan(
    step: MonitoringStep, densitometry: Densitometry, diagnosis: Resource | None, entries: Entries
) -> Resource:
    due = _due(densitometry.scan_date, step.years_from_scan)
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "code": concept(_SCAN, *standard([one for one in codes("procedure") if one.meaning == "bone_density_scan"])),
        "subject": entries.patient,
        "occurrenceDateTime": due,
        "reasonReference": [diagnosis] if diagnosis else [],
        "note": [{"text": f"{step.when[0].upper()}{step.when[1:]}. {step.why} {_PROPOSED}"}],
    }


def _due(scan: dt.date | None, years: float | None) -> str | None:
    """The month in which the next scan would fall, when the advice names a time; no day is pretended."""
    if scan is None or not years:
        return None
    return f"{scan + dt.timedelta(days=round(years * DAYS_PER_YEAR)):%Y-%m}"


def _referral(diagnosis: Resource, entries: Entries) -> Resource:
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "code": concept("Consultation about bone health"),
        "subject": entries.patient,
        "reasonReference": [diagnosis],
        "note": [{"text": _PROPOSED}],
    }


def _appointment(referral: Resource, diagnosis: Resource, entries: Entries) -> Resource:
    return {
        "resourceType": "Appointment",
        "status": "proposed",
        "description": "Consultation about bone health",
        "reasonReference": [diagnosis],
        "basedOn": [referral],
        "participant": [{"actor": entries.patient, "status": "needs-action"}],
        "comment": _PROPOSED,
    }
