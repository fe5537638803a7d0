"""The addresses of the service: ``/cds-services``, ``/cds-services/{id}`` and ``/cds-services/{id}/feedback``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from osteon.errors import InputError
from osteon.exchange.files import parse_json
from osteon.web.cds_hooks.feedback import FeedbackRequest, FeedbackStore
from osteon.web.cds_hooks.services import call, checked, discovery, service
from osteon.web.problems import RequestError

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.requests import Request


def cds_hooks_router(store: FeedbackStore) -> APIRouter:
    """The routes, with a place for feedback."""
    from anyio.to_thread import run_sync
    from fastapi import APIRouter
    from fastapi import Request as HttpRequest
    from starlette.responses import JSONResponse, Response

    router = APIRouter()

    @router.get("/cds-services")
    async def list_services() -> Response:
        return JSONResponse(discovery())

    async def call_service(request: HttpRequest) -> Response:
        body = await json_body(request)
        name = request.path_params["service_id"]
        cards = await run_sync(call, name, body)  # in a thread of its own: other calls go on meanwhile
        return Response(cards.model_dump_json(exclude_none=True), media_type="application/json")

    async def give_feedback(request: HttpRequest) -> Response:
        name = service(request.path_params["service_id"]).id
        given = checked(FeedbackRequest, await json_body(request))
        stored = await run_sync(store.add, name, given.feedback)
        return JSONResponse({"stored": stored})

    router.add_route("/cds-services/{service_id}", call_service, methods=["POST"])
    router.add_route("/cds-services/{service_id}/feedback", give_feedback, methods=["POST"])
    return router


async def json_body(request: Request) -> Any:
    """The JSON of a request, read as strictly as a file.

    Raises
    ------
    RequestError
        The request does not say that it holds JSON (415).
    InputError
        It is not JSON.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().casefold()
    if kind not in ("application/json", "application/json+fhir", "application/fhir+json"):
        raise RequestError(
            415, "the request does not say that it holds JSON", mend="Set the header Content-Type to application/json"
        )
    try:
        text = (await request.body()).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(
            "the request is not UTF-8 text", where="the request", mend="Encode the JSON as UTF-8"
        ) from None
    return parse_json(text, "the request")
