"""What the service answers with: cards, as CDS Hooks 2.0 names their parts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

Indicator = Literal["info", "warning", "critical"]

TOPICS = {
    "bone-status": "Bone density",
    "options": "Options for bone health",
    "missing-data": "What the record lacks",
    "order-check": "Check of a bone medicine",
    "denosumab": "Stopping denosumab",
    "screening": "Who should have a scan",
}
OVERRIDE_REASONS = {
    "patient-declined": "The patient decided otherwise",
    "already-done": "Already considered or done",
    "other-plan": "A specialist follows another plan",
    "data-wrong": "The data behind this card are wrong or old",
    "not-relevant": "Not relevant at this moment",
}
_TOPIC_SYSTEM = "urn:osteon:cds-hooks:topic"
_REASON_SYSTEM = "urn:osteon:cds-hooks:override-reason"
# A card's identifier follows from the hook instance and the card's own key: the same call gives the same identifiers.
_NAMESPACE = UUID("5d0c7a52-6f0e-5b61-9a0e-0c4c3e1f7a11")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Coding(_Part):
    """A code, its system, and the words to show."""

    system: str
    code: str
    display: str


class Source(_Part):
    """Where a card's guidance comes from; without a link, since none of Osteon's pages lies on the web."""

    label: str
    topic: Coding


class Action(_Part):
    """One change that a suggestion proposes; this service only ever proposes to remove a draft order."""

    type: Literal["delete"]
    description: str
    resourceId: str


class Suggestion(_Part):
    """A button on a card."""

    label: str
    uuid: UUID
    actions: tuple[Action, ...]


class Card(_Part):
    """One card. ``summary`` has fewer than 140 characters; ``detail`` is GitHub-flavoured Markdown."""

    uuid: UUID
    summary: Annotated[str, Field(min_length=1, max_length=139)]
    detail: str
    indicator: Indicator
    source: Source
    suggestions: tuple[Suggestion, ...] | None = None
    selectionBehavior: Literal["at-most-one"] | None = None
    overrideReasons: tuple[Coding, ...]


class Cards(_Part):
    """The answer to a service call."""

    cards: tuple[Card, ...]


def make_card(
    hook_instance: UUID,
    key: str,
    *,
    topic: str,
    label: str,
    indicator: Indicator,
    summary: str,
    detail: str,
    remove_order: str | None = None,
) -> Card:
    """Put a card together.

    Parameters
    ----------
    hook_instance
        Identifies the call.
    key
        Tells the cards of one call apart.
    topic
        A key of :data:`TOPICS`.
    label
        The source of the guidance, in a few words.
    indicator, summary, detail
        As the specification has them; a long summary is cut at a word.
    remove_order
        The draft order (``MedicationRequest/103``) that the card offers to remove.
    """
    suggestions = None
    if remove_order is not None:
        action = Action(type="delete", description="Remove this order from the draft orders", resourceId=remove_order)
        name = uuid5(_NAMESPACE, f"{hook_instance}/{key}/remove")
        suggestions = (Suggestion(label="Remove this order", uuid=name, actions=(action,)),)
    return Card(
        uuid=uuid5(_NAMESPACE, f"{hook_instance}/{key}"),
        summary=shortened(summary),
        detail=detail,
        indicator=indicator,
        source=Source(label=label, topic=Coding(system=_TOPIC_SYSTEM, code=topic, display=TOPICS[topic])),
        suggestions=suggestions,
        selectionBehavior=None if suggestions is None else "at-most-one",
        overrideReasons=tuple(
            Coding(system=_REASON_SYSTEM, code=code, display=display) for code, display in OVERRIDE_REASONS.items()
        ),
    )


def by_urgency(cards: Iterable[Card]) -> tuple[Card, ...]:
    """Cards with the most urgent first; within an urgency the order stays."""
    return tuple(sorted(cards, key=lambda card: ("critical", "warning", "info").index(card.indicator)))


def shortened(text: str, limit: int = 139) -> str:
    """A text of at most ``limit`` characters, cut after a word."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
