"""The application: the CDS Hooks service, guarded."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from osteon import __version__
from osteon.errors import MissingExtraError

if TYPE_CHECKING:
    from fastapi import FastAPI


def create_app(*, feedback_file: str | Path | None = None, allowed_hosts: Collection[str] = ()) -> FastAPI:
    """The application, for any ASGI server.

    Parameters
    ----------
    feedback_file
        Where feedback on cards is added, one JSON object a line; without it, in the user's state folder
        (:func:`osteon.web.cds_hooks.feedback.default_feedback_file`).
    allowed_hosts
        Host names that requests may use; empty allows any, as behind a proxy that has checked already.

    Raises
    ------
    MissingExtraError
        The extra ``web`` is not installed.
    """
    try:
        from fastapi import FastAPI, Request
        from starlette.exceptions import HTTPException
        from starlette.responses import Response
    except ImportError:
        raise MissingExtraError("The web service", "web") from None
    from osteon.web.cds_hooks.feedback import FeedbackStore, default_feedback_file
    from osteon.web.cds_hooks.routes import cds_hooks_router
    from osteon.web.guard import Guard
    from osteon.web.problems import problem_response

    # The pages that FastAPI offers about itself would load scripts from elsewhere, so they are off.
    app = FastAPI(title="Osteon", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)

    async def not_served(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        words = {404: "there is nothing at this address", 405: "this address is not called with that method"}
        mend = "Start at GET /cds-services, which lists what can be called"
        return problem_response(status, f"{words.get(status, 'the request was refused')}. {mend}.")

    app.add_exception_handler(HTTPException, not_served)
    app.include_router(cds_hooks_router(FeedbackStore(Path(feedback_file or default_feedback_file()))))
    app.add_middleware(Guard, allowed_hosts=allowed_hosts)
    return app
