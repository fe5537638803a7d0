"""A card for someone whose record holds no scan, when a body asks for one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from osteon.care.screening import BodyOpinion, screen
from osteon.person import Person
from osteon.web.cds_hooks.card import Card, make_card
from osteon.web.cds_hooks.markdown import page, plain, section, sources_line


def screening_card(hook_instance: UUID, person: Person, remarks: Iterable[str] = ()) -> Card | None:
    """The card, or none when no body whose advice was read asks for a scan at once on what was sent.

    Parameters
    ----------
    hook_instance
        Identifies the call.
    person
        The person, without a scan.
    remarks
        What the reader says of what was sent: a fracture that it could not read changes the advice.
    """
    found = screen(person)
    asking = [one for one in found.bodies if one.step == "scan" and one.advised is True]
    if not asking:
        return None
    more = f" and {len(asking) - 2} more" if len(asking) > 2 else ""
    names = ", ".join(one.body for one in asking[:2])
    against = [one for one in found.bodies if one.advised is False]
    return make_card(
        hook_instance,
        "screening",
        topic="screening",
        label="Osteon, tables of screening advice",
        indicator="info",
        summary=f"No bone-density scan in the record, and one is asked for by {names}{more}",
        detail=page(
            plain(found.headline),
            section("Asking for a scan", map(_line, asking)),
            section("Not asking for it", map(_line, against)),
            section("Not in what was sent, and it decides elsewhere", found.missing, most=8),
            section("Remarks on what was sent", remarks, most=8),
            sources_line(name for one in asking for name in one.sources),
        ),
    )


def _line(one: BodyOpinion) -> str:
    strength = f", {one.strength}" if one.strength else ""
    return f"{one.body} {one.year} ({one.country}{strength}): {one.reason} {one.advice}".strip()
