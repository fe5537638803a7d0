"""The Patient: sex, birth date, ethnicity; nothing that names the person."""

from __future__ import annotations

from typing import Any

from osteon.errors import InputError
from osteon.evidence import table
from osteon.exchange.fhir.dates import read_date
from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.local_codes import EXTENSION, PERSON_ID
from osteon.exchange.fhir.notes import Notes

_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_SEX_EXTENSIONS = tuple(_US_CORE + end for end in ("individual-sex", "sex", "birthsex"))
_SEX_CODES = {"F": "female", "M": "male", "female": "female", "male": "male"}
_NAMING = ("name", "identifier", "telecom", "address", "photo", "contact")
_OTHER = ("maritalStatus", "communication", "generalPractitioner", "managingOrganization", "multipleBirthInteger")


def read_patient(patient: Node, notes: Notes) -> dict[str, Any]:
    """The fields that a Patient gives, those of Osteon's own extensions among them.

    They are ``sex``, ``birth_date`` or ``born_about``, ``ethnicity``, ``country``, ``id`` and ``label``.

    ``born_about`` stands in for ``birth_date`` when only the year or month of birth is known; both are left out when
    there is no birth date.

    Raises
    ------
    InputError
        Sex is missing, or sex or birth date cannot be used.
    """
    found: dict[str, Any] = {"sex": _sex(patient, notes)}
    born = read_date(patient, "birthDate")
    if born is None:
        pass  # the age may be recorded instead
    elif born.precision == "day":
        found["birth_date"] = born.day
    else:
        found["born_about"] = born.day
        half = "six months" if born.precision == "year" else "two weeks"
        notes.warn(
            patient.path("birthDate"), f"only the {born.precision} of birth is given; the age is right to within {half}"
        )
    if 0 < len(patient.text("id")) <= 64:
        found["id"] = patient.text("id")
    _own(patient, found)
    if "ethnicity" not in found:
        _ethnicity(patient, found, notes)
    if patient.flag("deceasedBoolean") or patient.has("deceasedDateTime"):
        notes.warn(patient.path(), "the Patient is recorded as deceased")
    if patient.flag("active") is False:
        notes.warn(patient.path("active"), "the Patient's record is marked as not active")
    naming = [key for key in _NAMING if patient.has(key) and not (key == "identifier" and _only_own(patient))]
    if naming:
        notes.ignore(patient.path(), ", ".join(naming), "details that name a person are never taken over")
    other = [key for key in _OTHER if patient.has(key)]
    if other:
        notes.ignore(patient.path(), ", ".join(other), "Osteon has no use for it")
    return found


def _sex(patient: Node, notes: Notes) -> str:
    gender = patient.text("gender")
    recorded = _recorded_sex(patient)
    if gender in ("female", "male"):
        if recorded and recorded != gender:
            notes.warn(
                patient.path("gender"),
                f"gender is {gender} and the recorded sex is {recorded}: read as {gender}; "
                "change sex in the imported record if the reference values should follow the other",
            )
        return gender
    if recorded:
        notes.warn(patient.path("gender"), f"gender is not female or male; sex read as {recorded} from the extension")
        return recorded
    problem = f"gender is {gender[:20]!r}" if gender else "the Patient has no gender"
    raise InputError(
        f"{problem} and no recorded sex, and the reference values of bone density are kept for female and male",
        where=patient.place("gender"),
        mend='Add "gender": "female" or "gender": "male" to the Patient, or, where the gender says something else, the '
        f"sex as the extension {_SEX_EXTENSIONS[1]} with the code {' or '.join(_sex_codes())}",
    )


def _sex_codes() -> list[str]:
    return [f"{row['code']} ({row['meaning']})" for row in _rows("sex")]


def _recorded_sex(patient: Node) -> str:
    codes = _SEX_CODES | {row["code"]: row["meaning"] for row in _rows("sex")}
    for extension in patient.children("extension"):
        if extension.text("url") in _SEX_EXTENSIONS:
            coding = extension.child("valueCoding")
            code = extension.text("valueCode") or (coding.text("code") if coding else "")
            if code in codes:
                return codes[code]
    return ""


def _own(patient: Node, found: dict[str, Any]) -> None:
    """What Osteon itself wrote: a local identifier that is no FHIR id, the record's label, ethnicity and country."""
    for identifier in patient.children("identifier"):
        if identifier.text("system") == PERSON_ID:
            found["id"] = identifier.text("value")
    for extension in patient.children("extension"):
        if extension.text("url") == f"{EXTENSION}label":
            found["label"] = extension.text("valueString")
        elif extension.text("url") == f"{EXTENSION}ethnicity":
            found["ethnicity"] = extension.text("valueCode")
        elif extension.text("url") == f"{EXTENSION}country":
            found["country"] = extension.text("valueString")


def _only_own(patient: Node) -> bool:
    return all(one.text("system") == PERSON_ID for one in patient.children("identifier"))


def _ethnicity(patient: Node, found: dict[str, Any], notes: Notes) -> None:
    """Take over race only when it is one that the record knows and nothing else stands beside it."""
    race: list[str] = []
    ethnicity: list[str] = []
    for extension in patient.children("extension"):
        for url, codes in ((f"{_US_CORE}race", race), (f"{_US_CORE}ethnicity", ethnicity)):
            if extension.text("url") == url:
                for part in extension.children("extension"):
                    coding = part.child("valueCoding")
                    if part.text("url") == "ombCategory" and coding is not None:
                        codes.append(coding.text("code"))
    known = {row["code"]: row["meaning"] for row in _rows("race")}
    if len(race) == 1 and race[0] in known and not ethnicity:
        found["ethnicity"] = known[race[0]]
    elif race or ethnicity:
        notes.ignore(
            patient.path("extension"),
            "race and ethnicity",
            "it is taken over only when a single category that Osteon knows is recorded",
        )


def _rows(group: str) -> list[dict[str, str]]:
    return [dict(row) for row in table("fhir_codes.csv") if row["group"] == group]
