"""Fracture risk: one RiskAssessment a tool, with the notice that must stand beside its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from osteon.exchange.fhir.local_codes import EXTENSION, FRAX_TYPED_IN, OUTCOME, TOOL, codes
from osteon.exchange.fhir_out.carried import carried
from osteon.exchange.fhir_out.elements import Entries, Resource, coding, concept, quantity, standard
from osteon.person import FraxResult, Person
from osteon.risk import FractureRisk
from osteon.risk.frax_typed_in import TOOL as FRAX_TOOL
from osteon.risk.open_model.result import TOOL as OPEN_TOOL

_OUTCOMES = {"major_osteoporotic": "Major osteoporotic fracture", "hip": "Hip fracture"}


class Basis(NamedTuple):
    """What the computed risks rest on: references to findings and to the latest scan, and to what computed them."""

    findings: list[Resource]
    report: Resource | None
    software: Resource


def add_risks(person: Person, risks: Sequence[FractureRisk], basis: Basis, entries: Entries) -> list[Resource]:
    """Add the typed-in FRAX result and what each tool computed; gives the references to the computed ones.

    A tool that gave neither a number nor a range is left out: there is nothing to say.

    Parameters
    ----------
    person
        The record.
    risks
        What the tools say, from :func:`osteon.care.fracture.fracture_risks`.
    basis
        What they rest on; the scan is named only for the tool that knows bone density.
    entries
        Is added to.
    """
    if person.frax is not None:
        entries.add("frax", _entered(person.frax, entries))
    tools = dict.fromkeys(one.tool for one in risks if one.tool != FRAX_TOOL)
    made = []
    for tool in tools:
        known = [one for one in risks if one.tool == tool and (one.percent is not None or one.percent_range)]
        if known:
            made.append(entries.add(f"risk/{tool}", _computed(tool, known, basis, entries)))
    return made


def _years(horizon: int) -> Resource:
    return {"low": quantity(0, "a"), "high": quantity(horizon, "a")}


def _outcome(name: str) -> Resource:
    return concept(_OUTCOMES[name], coding(OUTCOME, name, _OUTCOMES[name]))


def _prediction(one: FractureRisk) -> Resource:
    prediction: Resource = {"outcome": _outcome(one.outcome), "whenRange": _years(one.horizon_years)}
    if one.percent is not None:
        prediction["probabilityDecimal"] = round(one.percent, 2)
    elif one.percent_range is not None:
        low, high = (quantity(round(end, 2), "%") for end in one.percent_range)
        prediction["probabilityRange"] = {"low": low, "high": high}
    rationale = [one.reason] if one.reason else []
    if one.inputs_missing:
        rationale.append(f"Not recorded: {', '.join(one.inputs_missing)}.")
    return prediction | ({"rationale": " ".join(rationale)} if rationale else {})


def _computed(tool: str, known: list[FractureRisk], basis: Basis, entries: Entries) -> Resource:
    scan = [basis.report] if basis.report is not None and tool == OPEN_TOOL else []
    return {
        "resourceType": "RiskAssessment",
        "status": "final",
        "method": concept(tool),
        "code": concept("Probability of fracture"),
        "subject": entries.patient,
        "performer": basis.software,
        "basis": [*scan, *basis.findings],
        "prediction": [_prediction(one) for one in known],
        "note": [{"text": notice} for notice in dict.fromkeys(one.notice for one in known) if notice],
    }


def _entered(frax: FraxResult, entries: Entries) -> Resource:
    """A FRAX result as it was typed in, with the country of the model. Osteon neither computed nor checked it."""
    extensions: list[Resource] = []
    country = carried(frax.country)
    if country:
        extensions.append({"url": f"{EXTENSION}frax-country", "valueString": country})
    if frax.with_bmd is not None:
        extensions.append({"url": f"{EXTENSION}frax-with-bmd", "valueBoolean": frax.with_bmd})
    percents = {"major_osteoporotic": frax.major_osteoporotic_percent, "hip": frax.hip_percent}
    given = {name: percent for name, percent in percents.items() if percent is not None}
    same = [one for one in codes("risk") if one.meaning in given]
    return {
        "resourceType": "RiskAssessment",
        "extension": extensions,
        "status": "final",
        "method": concept("FRAX, typed in", coding(TOOL, FRAX_TYPED_IN, "FRAX, typed in")),
        "code": concept("Ten-year probability of fracture", *standard(same)),
        "subject": entries.patient,
        "occurrenceDateTime": frax.date.isoformat(),
        "prediction": [
            {"outcome": _outcome(name), "probabilityDecimal": percent, "whenRange": _years(10)}
            for name, percent in given.items()
        ],
        "note": [{"text": f"Obtained elsewhere with the FRAX model for {country or 'a country that is not named'}."}],
    }
