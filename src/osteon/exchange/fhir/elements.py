"""Take elements out of FHIR JSON that nobody has validated: the wrong kind of value is an error with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from osteon.errors import InputError
from osteon.exchange.files import at, join

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON object together with its place in the file.

    Attributes
    ----------
    file
        What messages call the file.
    where
        The place inside it, such as ``entry[4].resource.valueQuantity``.
    data
        The object itself.
    """

    file: str
    where: str
    data: dict[str, Any]

    def place(self, key: str = "") -> str:
        """The full place of this object or of one of its keys, with the file."""
        return at(self.file, self.path(key))

    def path(self, key: str = "") -> str:
        """The place inside the file."""
        return join(self.where, key) if key else self.where

    def has(self, key: str) -> bool:
        """Whether the element is there; FHIR has no null, so a null counts as absent."""
        return self.data.get(key) is not None

    def text(self, key: str) -> str:
        """A text, or an empty one when it is absent."""
        value = self.data.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(key, "text", value)
        return value.strip()

    def flag(self, key: str) -> bool | None:
        """A true or false, or none when it is absent."""
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "true or false", value)
        return value

    def number(self, key: str) -> float | None:
        """A number, or none when it is absent."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "a number", value)
        return float(value)

    def child(self, key: str) -> Node | None:
        """The object under a key, or none when it is absent."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(key, "an object in curly brackets", value)
        return Node(self.file, self.path(key), value)

    def children(self, key: str) -> list[Node]:
        """The objects in a list under a key; empty when it is absent."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(key, "a list in square brackets", value)
        nodes = []
        for i, item in enumerate(value):
            where = join(self.path(key), i)
            if not isinstance(item, dict):
                raise InputError(
                    f"expected an object in curly brackets, found {kind_of(item)}",
                    where=at(self.file, where),
                    mend="Correct the resource against the FHIR R4 definition",
                )
            nodes.append(Node(self.file, where, item))
        return nodes

    def codes(self, system: str) -> list[str]:
        """The codes of one system in a CodeableConcept."""
        return [one.text("code") for one in self.children("coding") if one.text("system") == system]

    def wrong(self, key: str, expected: str, value: object) -> InputError:
        """The error for an element that holds the wrong kind of value."""
        return InputError(
            f"expected {expected}, found {kind_of(value)}",
            where=self.place(key),
            mend="Correct the resource against the FHIR R4 definition",
        )


def kind_of(value: object) -> str:
    """The kind of a JSON value in plain words; never the value itself."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "an object"
