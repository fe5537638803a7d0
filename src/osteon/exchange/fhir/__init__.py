"""FHIR R4 into a person: a Bundle, one resource with what it contains, or several files with one resource each.

The reader works on plain JSON and is tolerant about what it does not need, strict about what it reads. Nothing is
dropped in silence: what does not enter the person is listed with its place and the reason.
"""

from __future__ import annotations

from typing import Any

from osteon.errors import InputError
from osteon.exchange.fhir.assemble import assemble
from osteon.exchange.fhir.bundle import collect
from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.result import ReadPerson


def read_fhir(data: dict[str, Any], name: str = "") -> ReadPerson:
    """Read one person from the content of a FHIR file.

    Parameters
    ----------
    data
        A Bundle, or a DiagnosticReport, Observation or Patient with contained resources.
    name
        What messages call the file.

    Raises
    ------
    InputError
        There is not exactly one patient, or a measurement cannot be used as it stands.
    """
    notes = Notes()
    return assemble(collect(Node(name, "", data), notes), notes)


def read_fhir_files(files: list[tuple[str, Any]]) -> ReadPerson:
    """Read one person from FHIR resources in separate files.

    Parameters
    ----------
    files
        Pairs of a file's name and its content.
    """
    notes = Notes()
    resources = []
    for name, data in files:
        if not isinstance(data, dict):
            raise InputError(
                "the file does not hold a FHIR resource",
                where=name,
                mend="Give files that each hold one resource in curly brackets",
            )
        resources += collect(Node(name, "", data), notes)
    if not resources:
        raise InputError("no file was given", mend="Name the files of the Patient and of the Observations")
    return assemble(resources, notes, several_files=True)
