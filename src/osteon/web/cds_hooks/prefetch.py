"""The prefetch: what is wished for, and what came, read into a person.

Every key is a wish. A client may fill some, none, or all; with a resource, a search result, or ``null`` when the
record holds nothing. Keys that were not asked for are read all the same when they hold FHIR resources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from osteon.errors import InputError
from osteon.evidence import table
from osteon.exchange import ReadPerson
from osteon.exchange.fhir import read_fhir_files
from osteon.exchange.fhir.elements import LOINC
from osteon.exchange.fhir.local_codes import codes
from osteon.exchange.fhir.observations import SMOKING_STATUS
from osteon.exchange.fhir.sites import dxa_codes
from osteon.person import clock
from osteon.web.cds_hooks.medicines import Medicine, bone_medicines

ADULT_YEARS = 18
_READ_ALONE = ("DiagnosticReport", "Observation", "Patient")


def wishes() -> dict[str, str]:
    """The prefetch templates that discovery shows, by key: the least that the cards are made from."""
    sites = ("any", "lumbar_spine", "femur", "hip", "forearm")
    dxa = [code for code, one in dxa_codes().items() if one.site in sites]
    body = {row["code"] for row in table("fhir_codes.csv") if row["group"] == "quantity"} | {SMOKING_STATUS}
    body |= {one.code for one in codes("observation") if one.system == LOINC}
    patient = "patient={{context.patientId}}"
    return {
        "patient": "Patient/{{context.patientId}}",
        "dxa": f"Observation?{patient}&code={','.join(f'{LOINC}|{one}' for one in dxa)}",
        "measurements": f"Observation?{patient}&code={','.join(f'{LOINC}|{one}' for one in sorted(body))}",
        "conditions": f"Condition?{patient}",
        "medications": f"MedicationRequest?{patient}",
        "statements": f"MedicationStatement?{patient}",
        "family": f"FamilyMemberHistory?{patient}",
    }


# Remarks that every record would bring and that no clinician needs on a card.
_USUAL = (
    "details that name a person",
    "Osteon has no use for it",
    "race and ethnicity",
    "its start was left open",
    "No bone density measurement was found",  # the cards' own words say it
)
# What a resource answers, whatever key it stands under; Observations answer the key that they were asked for with.
_ANSWERS = {
    "Patient": "patient",
    "Condition": "conditions",
    "MedicationRequest": "medications",
    "MedicationStatement": "statements",
    "FamilyMemberHistory": "family",
}
WISHED_FOR = {
    "patient": "the Patient (sex and birth date)",
    "dxa": "bone-density Observations",
    "measurements": "height, weight, blood tests and smoking",
    "conditions": "the problem list",
    "medications": "the medicine orders",
    "statements": "the medicine statements",
    "family": "the family history",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """What the prefetch says about the patient.

    Attributes
    ----------
    read
        The person and the remarks of the reader; none when there was too little, or nothing that can be read.
    problem
        Why there is no person, in words for the clinician.
    state
        ``read``, ``empty`` (no Patient came), ``unreadable`` (it came and cannot be used as it stands) or ``child``
        (Osteon is for adults).
    lacking
        What was wished for and did not come, in words.
    medicines
        The bone medicines in the record.
    answered
        The wishes that were answered, be it with the word that the record holds nothing.
    """

    read: ReadPerson | None
    problem: str
    state: Literal["read", "empty", "unreadable", "child"]
    lacking: tuple[str, ...]
    medicines: tuple[Medicine, ...]
    answered: frozenset[str]

    @property
    def taken(self) -> frozenset[str]:
        """The therapies that are going on."""
        on = {one.therapy for one in self.medicines if one.goes_on}
        return frozenset(on | self._in_person(ended=False))

    @property
    def ended(self) -> frozenset[str]:
        """The therapies that were taken and are not any more."""
        off = {one.therapy for one in self.medicines if not one.goes_on}
        return frozenset((off | self._in_person(ended=True)) - self.taken)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reader warns of, and what was sent and not read, such as a problem that Osteon does not know."""
        lines = self.read.remarks if self.read is not None else ()
        return tuple(line for line in lines if not any(usual in line for usual in _USUAL))

    def _in_person(self, *, ended: bool) -> set[str]:
        treatments = self.read.person.treatments if self.read is not None else ()
        return {one.therapy for one in treatments if (one.stop is not None) is ended}


@dataclass(slots=True)
class _Found:
    """The resources of the prefetch, in files as the FHIR reader takes them."""

    files: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    resources: list[dict[str, Any]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)


def read_chart(prefetch: dict[str, Any] | None, patient_id: str) -> Chart:
    """Read whatever the prefetch holds.

    Parameters
    ----------
    prefetch
        The request's ``prefetch``, or none.
    patient_id
        The context's patient; a Patient with another id is refused.

    Raises
    ------
    InputError
        The prefetch holds another patient than the context names.
    """
    found = _Found()
    for key, value in (prefetch or {}).items():
        _take(f"prefetch.{key[:40]}", key, value, found)
    _same_patient(found, patient_id)
    lacking = [words for key, words in WISHED_FOR.items() if key not in found.answered | set(found.failed)]
    lacking += [f"{words}: the client reports an error" for words in found.failed.values()]
    read, problem, state = _read(found)
    medicines = bone_medicines([one for one in found.resources if not is_anothers(one, patient_id)])
    return Chart(read, problem, state, tuple(lacking), medicines, frozenset(found.answered))


def resources_of(value: Any) -> list[dict[str, Any]]:
    """The resources in a value of the prefetch: itself, the entries of a Bundle, or those of a list."""
    if isinstance(value, list):
        return [one for item in value for one in resources_of(item)]
    if not isinstance(value, dict):
        return []
    if value.get("resourceType") == "Bundle":
        entries = value.get("entry")
        inside = [one.get("resource") for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
        return [one for item in inside for one in resources_of(item)]
    if isinstance(value.get("resourceType"), str):
        return [value]
    return resources_of(value["resource"]) if isinstance(value.get("resource"), dict) else []


def is_anothers(resource: dict[str, Any], patient_id: str) -> bool:
    """Whether a resource says that it is about another patient; one that points nowhere else is taken to be theirs."""
    subject = resource.get("subject")
    pointer = subject.get("reference") if isinstance(subject, dict) else None
    if not isinstance(pointer, str) or not pointer or pointer.startswith(("urn:", "#")):
        return False
    return pointer.split("/_history/")[0].rsplit("/", 1)[-1] != patient_id


def _take(name: str, key: str, value: Any, found: _Found) -> None:
    resources = resources_of(value)
    kinds = {one["resourceType"] for one in resources}
    if value is None or resources or (isinstance(value, dict) and value.get("resourceType") == "Bundle"):
        found.answered.add(key)  # a null and an empty search result say: the record holds nothing of it
    if "OperationOutcome" in kinds:
        found.failed[key] = WISHED_FOR.get(key, name)
        found.answered.discard(key)
        resources = [one for one in resources if one["resourceType"] != "OperationOutcome"]
    found.answered |= {answered for kind, answered in _ANSWERS.items() if kind in kinds}
    found.resources += resources
    if isinstance(value, dict) and value.get("resourceType") == "Bundle" and "OperationOutcome" not in kinds:
        if resources:
            found.files.append((name, value))
    elif resources:
        found.files += [(name, _as_file(one)) for one in resources]


def _as_file(resource: dict[str, Any]) -> dict[str, Any]:
    if resource["resourceType"] in _READ_ALONE:
        return resource
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource}]}


def _same_patient(found: _Found, patient_id: str) -> None:
    for one in found.resources:
        if one["resourceType"] == "Patient" and one.get("id", patient_id) != patient_id:
            raise InputError(
                "the Patient in the prefetch is not the one that the context names",
                where="prefetch",
                mend="Send the prefetch of the patient in context.patientId",
            )


def _read(found: _Found) -> tuple[ReadPerson | None, str, Literal["read", "empty", "unreadable", "child"]]:
    patients = [one for one in found.resources if one["resourceType"] == "Patient"]
    if not patients:
        return None, "The request brought no Patient, so sex and age are not known.", "empty"
    if all(_is_child(one) for one in patients):
        return None, f"Osteon is for adults of {ADULT_YEARS} years or more.", "child"
    try:
        return read_fhir_files(found.files), "", "read"
    except InputError as error:
        return None, str(error), "unreadable"


def _is_child(patient: dict[str, Any]) -> bool:
    """Whether the birth date, as far as it is given, makes the Patient younger than an adult today."""
    given = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$", str(patient.get("birthDate", "")), re.ASCII)
    if given is None:
        return False
    today = clock.today()
    born = (int(given[1]), int(given[2] or 1), int(given[3] or 1))
    return (born[0] + ADULT_YEARS, *born[1:]) > (today.year, today.month, today.day)
