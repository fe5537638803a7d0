"""``osteon serve``: services over HTTP, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from osteon.cli.limits import whole
from osteon.cli.output import note


def serve(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, whole(1, 65535)] = 8000,
    feedback: Path | None = None,
) -> None:
    """Answer CDS Hooks calls of an electronic record, until stopped with Ctrl-C.

    It listens on this machine only unless another host is given.

    Parameters
    ----------
    host
        The address to listen at.
    port
        The port.
    feedback
        The file to which feedback on cards is added.
    """
    from osteon.web import serve as run

    note(f"Listening at http://{host}:{port}/cds-services (stop with Ctrl-C)")
    run(host, port, feedback_file=feedback)
