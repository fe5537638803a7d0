"""What of a record a FHIR Bundle cannot carry: texts that FHIR has no place for."""

from __future__ import annotations

import re
from typing import NamedTuple

from osteon.person import Person

# FHIR R4, datatype string: no empty text, and no control character except tab, line feed and carriage return.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class NotCarried(NamedTuple):
    """A part of a record that a Bundle does not hold: its place, and why."""

    where: str
    reason: str


def text_problem(text: str | None) -> str:
    """Why a text cannot stand in FHIR; empty when it can, and when there is none."""
    if text is None:
        return ""
    if not text.strip():
        return "an empty text cannot be written in FHIR; it says nothing"
    if text != text.strip():
        return "FHIR does not keep space around a text"
    return "the text holds control characters, which FHIR does not allow" if _FORBIDDEN.search(text) else ""


def carried(text: str | None) -> str | None:
    """A text as it goes into FHIR, or none when it cannot."""
    return None if text_problem(text) else text


def not_carried(person: Person) -> tuple[NotCarried, ...]:
    """Everything in a record that its Bundle does not hold; empty for all that makes sense.

    A record for which this is empty comes back equal from :func:`osteon.exchange.read_person`.
    """
    texts: dict[str, str | None] = {"id": person.id, "label": person.label, "country": person.country}
    lost = []
    texts |= {f"medicines[{i}].name": one.name for i, one in enumerate(person.medicines)}
    for i, scan in enumerate(person.scans):
        for name in ("device", "software", "reference", "scanner_serial"):
            texts[f"scans[{i}].{name}"] = getattr(scan, name)
        if scan.precision_g_cm2 is not None and not scan.precision_g_cm2:
            lost.append(NotCarried(f"scans[{i}].precision_g_cm2", "an empty table says nothing"))
    if person.frax is not None:
        texts["frax.country"] = person.frax.country
    found = [NotCarried(where, text_problem(text)) for where, text in texts.items() if text_problem(text)]
    return (*found, *lost)
