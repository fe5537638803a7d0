"""One request at a time to the registry: retries, truncated answers, plain-text errors.

The interface is that of ClinicalTrials.gov, version 2: ``GET /studies`` gives pages with ``studies`` and
``nextPageToken`` (absent on the last page), ``GET /studies/{id}`` gives one record; errors come as plain text.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

from osteon.errors import OsteonError

DEFAULT_SERVER = "https://clinicaltrials.gov/api/v2"
TIMEOUT_SECONDS = 30.0
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0

_TRY_AGAIN = {429, 500, 502, 503, 504}


class RegistryError(OsteonError):
    """The registry could not be asked, or gave an answer that cannot be used. Exit code 4."""

    exit_code = 4

    def __init__(self, problem: str, *, where: str = "", mend: str = "", status: int | None = None) -> None:
        self.status = status
        super().__init__(problem, where=where, mend=mend)


def get_json(
    server: str, path: str, parameters: Mapping[str, str], *, sleep: Callable[[float], None] = time.sleep
) -> dict[str, Any]:
    """The JSON object at ``server/path``, asked for up to five times.

    An answer of 429 or 5xx, a dropped connection and a truncated body are tried again, after the pause that the
    server asks for (``Retry-After``) or one that doubles each time. Other refusals are final.

    Raises
    ------
    RegistryError
        With ``status`` set when the server gave one.
    """
    query = f"?{urllib.parse.urlencode(parameters)}" if parameters else ""
    place = f"{server.rstrip('/')}/{path.lstrip('/')}"
    url = place + query
    if not url.startswith(("http://", "https://")):
        raise RegistryError("the registry's address must start with http:// or https://", where=server)
    pause = FIRST_PAUSE_SECONDS
    last: RegistryError | None = None
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(min(pause, LONGEST_PAUSE_SECONDS))
            pause *= 2
        try:
            return _once(url)
        except urllib.error.HTTPError as error:
            if error.code not in _TRY_AGAIN:
                raise RegistryError(
                    f"the registry answered {error.code}: {_short(error)}", where=place, status=error.code
                ) from None
            pause = _asked_pause(error.headers.get("Retry-After"), pause)
            last = RegistryError(f"the registry answered {error.code} {ATTEMPTS} times", where=place, status=error.code)
        except (OSError, HTTPException, ValueError) as error:
            last = RegistryError(f"no usable answer from the registry ({type(error).__name__})", where=place)
    assert last is not None  # noqa: S101 - the loop ran at least once
    raise last


def _once(url: str) -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"Accept": "application/json"})  # noqa: S310 - checked above
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        data = json.loads(answer.read().decode("utf-8"))
    if not isinstance(data, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - handled as a bad answer, like broken JSON
    return data


def _asked_pause(retry_after: str | None, pause: float) -> float:
    try:
        return max(float(retry_after or ""), 0.0)
    except ValueError:
        return pause


def _short(error: urllib.error.HTTPError) -> str:
    text = error.read(300).decode("utf-8", errors="replace")
    return " ".join(text.split())[:200] or "no reason given"
