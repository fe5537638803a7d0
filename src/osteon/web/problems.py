"""Errors over HTTP: JSON with the status and a message that says what to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osteon.errors import OsteonError

if TYPE_CHECKING:
    from starlette.responses import JSONResponse


class RequestError(OsteonError):
    """A request that cannot be answered, with its HTTP status."""

    exit_code = 3

    def __init__(self, status: int, problem: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(problem, where=where, mend=mend)
        self.status = status


def problem_response(status: int, message: str) -> JSONResponse:
    """The one form that every error has: ``{"status": ..., "message": ...}``."""
    from starlette.responses import JSONResponse

    return JSONResponse({"status": status, "message": message}, status_code=status)
