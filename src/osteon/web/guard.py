"""The outermost layer: which hosts are answered, how much is read, and that nothing of a patient reaches a log.

An exception that escaped to the server would be written to its log with its message, and the message may hold what
the request held. So it stops here: the log gets the kind of the error and the place in the code, nothing else.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Collection
from typing import TYPE_CHECKING

from osteon.errors import OsteonError
from osteon.web.problems import RequestError, problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BYTES = 10_000_000
_log = logging.getLogger("osteon.web")


class Guard:
    """ASGI middleware around the whole application.

    Parameters
    ----------
    app
        What is guarded.
    allowed_hosts
        Host names (without port) that may stand in the ``Host`` header; empty allows any. On loopback this keeps a
        web page in the user's browser from reaching the service under a name of its own.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: Collection[str] = ()) -> None:
        self.app = app
        self.allowed_hosts = frozenset(host.casefold() for host in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and answer for whatever goes wrong with it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from starlette.requests import ClientDisconnect

        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            self._check(scope)
            await self.app(scope, _limited(receive), watched_send)
        except ClientDisconnect:
            return  # nobody is left to answer
        except RequestError as error:
            answer = problem_response(error.status, str(error))
        except OsteonError as error:
            answer = problem_response(400, str(error))
        except Exception as error:
            _log.error("a bug in Osteon: %s at %s", type(error).__name__, _place(error))
            answer = problem_response(500, "A bug in Osteon kept it from answering. Please report it.")
        else:
            return
        if not started:
            await answer(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        host = headers.get(b"host", b"").decode("latin-1").casefold()
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if self.allowed_hosts and name not in self.allowed_hosts:
            raise RequestError(
                400,
                "the Host header names a host that this service does not answer for",
                mend="Call it by the address that it was started with",
            )
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length[:20]) > MAX_BYTES:
            raise _too_large()


def _limited(receive: Receive) -> Receive:
    """The same stream of messages, refused once it is longer than a request may be."""
    total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > MAX_BYTES:
            raise _too_large()
        return message

    return counted


def _too_large() -> RequestError:
    return RequestError(
        413,
        f"the request is larger than {MAX_BYTES / 1e6:.0f} MB",
        mend="Send the prefetch that was asked for, without pictures or other attachments",
    )


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "an unknown place"
