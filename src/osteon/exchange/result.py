"""What reading a file gives: the person, and an account of everything that was not taken over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from osteon.person import Person


class Ignored(NamedTuple):
    """A part of the file that was not read: its place, what it is, and why."""

    where: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadPerson:
    """A person who was read from a file.

    Attributes
    ----------
    person
        The checked record.
    format
        ``osteon`` for Osteon's own JSON, ``fhir`` for FHIR R4, ``dicom`` for a densitometer's file.
    ignored
        Everything in the file that did not enter the record, with the reason. Osteon's own JSON refuses what it
        does not know, so there it is always empty.
    warnings
        What was read but should be looked at.
    """

    person: Person
    format: Literal["osteon", "fhir", "dicom"]
    ignored: tuple[Ignored, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """Warnings and ignored parts as lines for a reader; parts that share a reason stand in one line."""
        groups: dict[tuple[str, str], list[str]] = {}
        for one in self.ignored:
            groups.setdefault((one.what, one.reason), []).append(one.where)
        lines = []
        for (what, reason), places in groups.items():
            more = f" and {len(places) - 1} more" if len(places) > 1 else ""
            lines.append(f"Not read: {what} ({places[0]}{more}): {reason}.")
        return (*self.warnings, *lines)
