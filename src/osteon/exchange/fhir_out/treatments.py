"""Treatments and other medicines as MedicationStatement; what is no medicine (exercise, cells) as Procedure."""

from __future__ import annotations

from osteon.evidence import THERAPIES
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.exchange.fhir.local_codes import RXNORM, THERAPY, codes
from osteon.exchange.fhir_out.carried import carried
from osteon.exchange.fhir_out.elements import Entries, Resource, coding, concept, standard, without_empty
from osteon.person import Person, Treatment

_MEDICINES = ("supplement", *MEDICINE_GROUPS)


def add_treatments(person: Person, entries: Entries) -> None:
    """Add the treatments in the order of the record."""
    for i, treatment in enumerate(person.treatments):
        entries.add(f"treatments/{i}", _resource(treatment, entries))


def add_medicines(person: Person, entries: Entries) -> None:
    """Add the other medicines that are taken now, by the names on the list."""
    for i, medicine in enumerate(person.medicines):
        known = [coding(RXNORM, medicine.rxnorm, medicine.name)] if medicine.rxnorm else []
        what: Resource = {
            "resourceType": "MedicationStatement",
            "status": "active",
            "medicationCodeableConcept": concept(medicine.name, *known),
            "subject": entries.patient,
        }
        if carried(medicine.name):
            entries.add(f"medicines/{i}", what)


def _resource(treatment: Treatment, entries: Entries) -> Resource:
    therapy = THERAPIES[treatment.therapy]
    same = [one for one in codes("therapy") if one.meaning == treatment.therapy]
    what = concept(therapy.label, *standard(same), coding(THERAPY, therapy.name, therapy.label))
    period = without_empty(
        {
            "start": treatment.start.isoformat() if treatment.start else None,
            "end": treatment.stop.isoformat() if treatment.stop else None,
        }
    )
    ended = treatment.stop is not None
    if therapy.group in _MEDICINES:
        return {
            "resourceType": "MedicationStatement",
            "status": "completed" if ended else "active",
            "medicationCodeableConcept": what,
            "subject": entries.patient,
            "effectivePeriod": period,
        }
    done = "completed" if ended else "in-progress"
    return {
        "resourceType": "Procedure",
        "status": "not-done" if therapy.group == "none" else done,
        "code": what,
        "subject": entries.patient,
        "performedPeriod": period,
    }
