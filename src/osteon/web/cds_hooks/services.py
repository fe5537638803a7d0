"""The services: what discovery says of each, and how a call is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from osteon.exchange.explain import as_input_error
from osteon.web.cds_hooks.card import Card, Cards
from osteon.web.cds_hooks.order_select import order_select_cards
from osteon.web.cds_hooks.patient_view import patient_view_cards
from osteon.web.cds_hooks.prefetch import Chart, read_chart, wishes
from osteon.web.cds_hooks.request import HookRequest, OrderSelectContext, PatientViewContext
from osteon.web.problems import RequestError

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Service:
    """One CDS service."""

    id: str
    hook: str
    title: str
    description: str
    context: type[PatientViewContext]
    answer: Callable[[UUID, Chart, Any], tuple[Card, ...]]


SERVICES: Mapping[str, Service] = {
    one.id: one
    for one in (
        Service(
            "osteon-bone-status",
            "patient-view",
            "Bone status",
            "The category of bone density with the site that decided it, the options that guidelines and trials "
            "support, what the record lacks, and a warning where denosumab must not just be stopped.",
            PatientViewContext,
            lambda instance, chart, _: patient_view_cards(instance, chart),
        ),
        Service(
            "osteon-order-check",
            "order-select",
            "Check of bone medicines",
            "Checks a bone medicine as it is ordered: contraindications in the record, what has to be looked up or "
            "corrected first, and whether a guideline supports it for this person.",
            OrderSelectContext,
            order_select_cards,
        ),
    )
}


def discovery() -> dict[str, Any]:
    """The answer to ``GET /cds-services``."""
    prefetch = wishes()
    return {
        "services": [
            {
                "hook": one.hook,
                "title": one.title,
                "description": one.description,
                "id": one.id,
                "prefetch": prefetch,
            }
            for one in SERVICES.values()
        ]
    }


def service(name: str) -> Service:
    """The service with this id; raises :class:`RequestError` (404) when there is none."""
    try:
        return SERVICES[name]
    except KeyError:
        raise RequestError(404, "there is no service with this id", mend=f"Use one of: {', '.join(SERVICES)}") from None


def call(name: str, body: Any) -> Cards:
    """Answer one service call.

    Parameters
    ----------
    name
        The service's id.
    body
        The request's JSON.

    Raises
    ------
    RequestError
        There is no such service, or the hook is another service's.
    InputError
        The request is not as the specification has it; one message names every place.
    """
    one = service(name)
    request = checked(HookRequest, body)
    if request.hook != one.hook:
        raise RequestError(
            400,
            f"this service answers the hook {one.hook}, and the request names another one",
            where="hook",
            mend=f"Set hook to {one.hook}, or call the service for that hook (GET /cds-services lists them)",
        )
    context = checked(one.context, request.context, "context")
    chart = read_chart(request.prefetch, context.patientId)
    return Cards(cards=one.answer(request.hookInstance, chart, context))


def checked(model: type[Model], data: Any, name: str = "") -> Model:
    """The data as a model.

    Raises
    ------
    InputError
        They do not fit; one message names every place.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise as_input_error(error, model, name) from None
