"""Read a FRAX result that somebody typed in; probabilities that a tool computed are made anew and not read."""

from __future__ import annotations

from typing import Any

from osteon.errors import InputError
from osteon.exchange.fhir.dates import read_date
from osteon.exchange.fhir.elements import Node
from osteon.exchange.fhir.local_codes import EXTENSION, FRAX_TYPED_IN, OUTCOME, TOOL
from osteon.exchange.fhir.notes import Notes
from osteon.exchange.fhir.observations import Findings

_FIELDS = {"major_osteoporotic": "major_osteoporotic_percent", "hip": "hip_percent"}


def read_risk(risk: Node, found: Findings, notes: Notes) -> None:
    """Read a RiskAssessment into ``found.frax`` when it is a typed-in FRAX result with its date and country."""
    method = risk.child("method")
    if method is None or FRAX_TYPED_IN not in method.codes(TOOL):
        notes.ignore(risk.path(), "a risk that was computed", "risks are computed anew from the record")
        return
    if risk.text("status") not in ("final", "amended", "corrected"):
        notes.ignore(risk.path(), "a FRAX result", f"its status is {risk.text('status')[:20] or 'missing'}")
        return
    date = read_date(risk, "occurrenceDateTime")
    country = _extension(risk, "frax-country")
    if date is None or date.precision != "day" or country is None:
        raise InputError(
            "a FRAX result needs its full date and the country of the model",
            where=risk.place(),
            mend=f"Give occurrenceDateTime as YYYY-MM-DD and the extension {EXTENSION}frax-country",
        )
    if found.frax is not None:
        notes.ignore(risk.path(), "a second FRAX result", "a record holds one")
        return
    entered: dict[str, Any] = {"date": date.day, "country": country.text("valueString")}
    bone = _extension(risk, "frax-with-bmd")
    if bone is not None:
        entered["with_bmd"] = bone.flag("valueBoolean")
    for one in risk.children("prediction"):
        outcome = one.child("outcome")
        for code in outcome.codes(OUTCOME) if outcome else []:
            if code in _FIELDS:
                entered[_FIELDS[code]] = one.number("probabilityDecimal")
    found.frax = entered


def _extension(node: Node, name: str) -> Node | None:
    return next((one for one in node.children("extension") if one.text("url") == EXTENSION + name), None)
