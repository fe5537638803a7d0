"""The warning that outranks others: denosumab is never just stopped."""

from __future__ import annotations

from uuid import UUID

from osteon.care.cards import cards
from osteon.web.cds_hooks.card import Card, make_card
from osteon.web.cds_hooks.markdown import page, plain, sources_line
from osteon.web.cds_hooks.prefetch import Chart

# After denosumab one of these is meant to hold the bone; the others do not.
_FOLLOWERS = frozenset({"zoledronate", "alendronate", "risedronate"})


def denosumab_card(hook_instance: UUID, chart: Chart) -> Card | None:
    """A card for someone who takes denosumab, or whose record shows it ended with nothing after it."""
    if "denosumab" in chart.taken:
        summary = "On denosumab: never stop or delay it without a plan for what follows"
        first = "The record shows denosumab as going on. The next dose is due six months after the last one."
        return _card(hook_instance, "warning", summary, first)
    if "denosumab" in chart.ended and not chart.taken & _FOLLOWERS:
        summary = "Denosumab seems to have ended, and no bisphosphonate follows it in the record"
        first = (
            "The record shows denosumab as ended and no bisphosphonate as going on. Check when the last dose was "
            "given, and whether an infusion was given that is not among the orders."
        )
        return _card(hook_instance, "critical", summary, first)
    return None


def _card(hook_instance: UUID, indicator: str, summary: str, first: str) -> Card:
    known = cards()["denosumab"]
    return make_card(
        hook_instance,
        "denosumab",
        topic="denosumab",
        label="Osteon, evidence card on denosumab",
        indicator="critical" if indicator == "critical" else "warning",
        summary=summary,
        detail=page(plain(first), plain(known.on_stopping), sources_line(known.evidence.sources)),
    )
