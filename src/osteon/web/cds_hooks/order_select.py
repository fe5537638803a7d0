"""Cards for ``order-select``: each bone medicine that was just selected, checked for this person."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from osteon.care import Option
from osteon.care.old_scan import old_scan_warning
from osteon.errors import InputError
from osteon.evidence import therapy_label
from osteon.web.cds_hooks.assessment import Assessment, assess_chart
from osteon.web.cds_hooks.card import Card, Indicator, by_urgency, make_card
from osteon.web.cds_hooks.denosumab import denosumab_card
from osteon.web.cds_hooks.markdown import page, plain, section, sources_line
from osteon.web.cds_hooks.medicines import ORDER_TYPES, label_of, therapy_of
from osteon.web.cds_hooks.prefetch import Chart, is_anothers, resources_of
from osteon.web.cds_hooks.request import OrderSelectContext

_LABEL = "Osteon, product labels and guideline tables"


class _Order(NamedTuple):
    """A selected order of a bone medicine: its reference, the therapy, and what the order calls it."""

    reference: str
    therapy: str
    words: str


def order_select_cards(hook_instance: UUID, chart: Chart, context: OrderSelectContext) -> tuple[Card, ...]:
    """A card for each selected order of a bone medicine; none when no bone medicine was selected.

    Parameters
    ----------
    hook_instance
        Identifies the call.
    chart
        What the prefetch brought.
    context
        The draft orders and the selection.

    Raises
    ------
    InputError
        An order is for another patient than the context names.
    """
    drafts = resources_of(context.draftOrders)
    selected = [one for one in drafts if _reference(one) in context.selections]
    ordered = [
        _Order(_reference(one), therapy, label_of(one, drafts))
        for one in selected
        if (therapy := _therapy(one, drafts, context)) is not None
    ]
    if not ordered:
        return ()
    found = assess_chart(chart)
    cards = [_card(hook_instance, one, chart, found) for one in ordered]
    warning = denosumab_card(hook_instance, chart)
    return by_urgency(cards if warning is None else [warning, *cards])


def _reference(order: dict[str, Any]) -> str:
    return f"{order['resourceType']}/{order.get('id', '')}"


def _therapy(order: dict[str, Any], drafts: list[dict[str, Any]], context: OrderSelectContext) -> str | None:
    if order["resourceType"] not in ORDER_TYPES:
        return None
    if is_anothers(order, context.patientId):
        raise InputError(
            "an order is for another patient than the context names",
            where="context.draftOrders",
            mend="Send the orders of the patient in context.patientId",
        )
    return therapy_of(order, drafts)


def _card(hook_instance: UUID, order: _Order, chart: Chart, found: Assessment | None) -> Card:
    name = therapy_label(order.therapy)
    asked = f"Ordered: {plain(order.words)}." if order.words else ""
    if found is None:
        return make_card(
            hook_instance,
            f"order/{order.reference}",
            topic="order-check",
            label=_LABEL,
            indicator="warning",
            summary=f"{name} was not checked: too little of the record was sent",
            detail=page(asked, plain(chart.problem), section("Asked for and not sent", chart.lacking)),
        )
    option = found.options[order.therapy]
    indicator, summary = _verdict(option, name)
    return make_card(
        hook_instance,
        f"order/{order.reference}",
        topic="order-check",
        label=_LABEL,
        indicator=indicator,
        summary=summary,
        detail=page(
            asked,
            f"{plain(option.recommendation)} Bone density: {plain(found.densitometry.diagnosis)}.",
            plain(old_scan_warning(found.person)),
            section("Why", option.reasons),
            section("Look up before it is given", option.checks),
            section("Asked for and not sent", chart.lacking),
            section("Remarks on what was sent", chart.remarks, most=8),
            f"On stopping: {plain(option.on_stopping)}" if option.on_stopping else "",
            sources_line(option.evidence.sources),
        ),
        remove_order=order.reference if indicator == "critical" else None,
    )


def _verdict(option: Option, name: str) -> tuple[Indicator, str]:
    """How urgent the card is, and its one sentence, from the option's standing and eligibility."""
    first = next(iter(option.reasons), "")
    if option.standing == "not suitable":
        return "critical", f"{name}: {first}" if first else f"{name} is not suitable for this person"
    if option.standing == "not now":
        return "info", f"{name}: no guideline that was read asks for it here. {first}"
    if option.settle_first:
        return "warning", f"{name}: {' '.join(option.settle_first)}"
    if option.eligible == "uncertain" and option.checks:
        more = f" and {len(option.checks) - 2} more" if len(option.checks) > 2 else ""
        return "warning", f"{name}: check first {', '.join(option.checks[:2])}{more}"
    if option.eligible == "uncertain":
        return "warning", f"{name}: not settled for this person. {first}"
    return "info", f"{name}: no contraindication in what was sent. {option.recommendation}"
