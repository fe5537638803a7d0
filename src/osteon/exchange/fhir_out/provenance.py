"""Where it comes from: the version of Osteon, and the publications behind what it computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from osteon import __version__
from osteon.evidence import cite
from osteon.exchange.fhir_out.elements import Entries, Resource, coding, concept, unknown_date

_AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def add_software(entries: Entries) -> Resource:
    """Add Osteon itself, as the Device that wrote the Bundle and computed what is computed."""
    return entries.add(
        "software",
        {
            "resourceType": "Device",
            "deviceName": [{"name": "Osteon", "type": "model-name"}],
            "type": concept("Software"),
            "version": [{"value": __version__}],
        },
    )


def add_provenance(
    targets: Sequence[Resource],
    sources: Iterable[str],
    software: Resource,
    entries: Entries,
    *,
    recorded: dt.datetime | None,
) -> None:
    """Add the Provenance of what Osteon computed, with the publications that it rests on.

    Parameters
    ----------
    targets
        References to what was computed.
    sources
        Names of evidence rows and keys of sources.
    software
        The reference to Osteon itself.
    entries
        Is added to.
    recorded
        When the Bundle was made; without it the date is marked as unknown, so that the same record always gives the
        same Bundle.
    """
    if not targets:
        return
    when = {"recorded": recorded.isoformat(timespec="seconds")} if recorded else {"_recorded": unknown_date()}
    publications = cite(name for name in sources if name)
    entries.add(
        "provenance",
        {
            "resourceType": "Provenance",
            "target": list(targets),
            **when,
            "agent": [{"type": concept("", coding(_AGENT, "assembler", "Assembler")), "who": software}],
            "entity": [{"role": "source", "what": {"display": str(one)}} for one in publications],
        },
    )
