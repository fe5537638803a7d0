"""Run the application on this machine."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

from osteon.errors import MissingExtraError, UsageError
from osteon.web.app import create_app

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


def serve(host: str = "127.0.0.1", port: int = 8000, *, feedback_file: str | Path | None = None) -> None:
    """Answer requests until the process is stopped.

    Nothing about single requests is logged: neither addresses nor bodies.

    Parameters
    ----------
    host
        The address to listen at. Loopback unless told otherwise; anything else belongs behind a proxy that
        encrypts and authenticates.
    port
        The port, 1 to 65535.
    feedback_file
        Where feedback on cards is added.

    Raises
    ------
    UsageError
        The port is not one, or is taken.
    MissingExtraError
        The extra ``web`` is not installed.
    """
    if not 1 <= port <= 65535:
        raise UsageError(f"{port} is not a port", where="--port", mend="Give a number from 1 to 65535, such as 8000")
    try:
        import uvicorn
    except ImportError:
        raise MissingExtraError("The web service", "web") from None
    app = create_app(feedback_file=feedback_file, allowed_hosts=LOOPBACK_NAMES if is_loopback(host) else ())
    config = uvicorn.Config(
        app, host=host, port=port, access_log=False, log_level="warning", server_header=False, lifespan="off"
    )
    try:
        uvicorn.Server(config).run()
    except SystemExit:  # uvicorn's answer to an address that cannot be bound
        raise UsageError(
            f"cannot listen at {host} port {port}",
            mend="Another program may use the port: choose another one with --port, and check --host",
        ) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a service at this address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
