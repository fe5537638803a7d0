"""The border: files in and out, checked and explained.

``read_person(path)`` reads Osteon's own JSON or a FHIR R4 file, whichever it is; ``read_fhir_resources(paths)``
reads FHIR resources that lie in separate files; ``write_person_json(person)`` writes what can be read again.
"""

from __future__ import annotations

from pathlib import Path

from osteon.errors import InputError
from osteon.exchange.files import display_name, read_json
from osteon.exchange.osteon_json import person_from_dict, person_json_schema, write_person_json
from osteon.exchange.result import Ignored, ReadPerson

__all__ = [
    "Ignored",
    "ReadPerson",
    "person_json_schema",
    "read_fhir_resources",
    "read_person",
    "write_person_json",
]


def read_person(path: str | Path) -> ReadPerson:
    """Read one person from a file; the content decides which reader is used.

    Parameters
    ----------
    path
        Osteon JSON, a FHIR R4 Bundle or resource in JSON, or a DICOM file that holds numbers; ``-`` reads
        standard input (JSON).

    Raises
    ------
    InputError
        The file cannot be read as a person. The message says what is wrong, where, and what to write instead.
    """
    if _is_dicom(path):
        from osteon.exchange.dicom import read_dicom

        found = read_dicom(path)
        return ReadPerson(person=found.person, format="dicom", ignored=found.ignored, warnings=found.warnings)
    return person_from_json(read_json(path), display_name(path))


def _is_dicom(path: str | Path) -> bool:
    """Whether a file carries the mark of DICOM: the letters DICM after 128 bytes of anything."""
    file = Path(path)
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return stream.read(132)[128:] == b"DICM"
    except (OSError, ValueError):  # the JSON reader will say what is wrong with it
        return False


def person_from_json(data: object, name: str) -> ReadPerson:
    """The person in the content of a JSON file."""
    if isinstance(data, list):
        raise InputError(
            "the file holds a list, and one person is expected",
            where=name,
            mend="Give each person a file of their own; put FHIR resources into a Bundle",
        )
    if isinstance(data, dict) and "resourceType" in data:
        from osteon.exchange.fhir import read_fhir

        return read_fhir(data, name)
    return person_from_dict(data, name)


def read_fhir_resources(paths: list[str | Path]) -> ReadPerson:
    """Read one person from FHIR resources that lie in separate files.

    Parameters
    ----------
    paths
        JSON files, each with one FHIR R4 resource: the Patient, the Observations, a DiagnosticReport.
    """
    from osteon.exchange.fhir import read_fhir_files

    return read_fhir_files([(display_name(path), read_json(path)) for path in paths])
