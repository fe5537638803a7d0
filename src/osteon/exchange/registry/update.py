"""Update a snapshot: page by page, resumable, and never leaving the user with less than before.

Each page is saved beside the target as ``<target>.part`` before the next one is asked for, so a run that stops
(by itself or by hand) goes on where it was. The target is replaced only when all pages are there. A study of
the old snapshot that the registry no longer lists is kept, with a note that it has vanished.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osteon.care.studies import Snapshot, Study, built_in_snapshot, read_snapshot
from osteon.evidence.csv_text import csv_text
from osteon.exchange.registry.client import DEFAULT_SERVER, RegistryError, get_json
from osteon.exchange.registry.mapping import study_from_json
from osteon.person import clock

DEFAULT_QUERY = 'osteopenia OR "low bone mass" OR "low bone density" OR osteoporosis'
PAGE_SIZE = 200


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """What an update did.

    ``snapshot`` is the new one, or the old one when the registry could not be reached; ``problem`` then says why.
    """

    snapshot: Snapshot
    updated: bool
    pages: int
    vanished: tuple[str, ...]
    problem: str


def update_snapshot(
    target: Path,
    *,
    query: str = DEFAULT_QUERY,
    server: str = DEFAULT_SERVER,
    today: dt.date | None = None,
    sleep: Callable[[float], None] = time.sleep,
    page_size: int = PAGE_SIZE,
) -> UpdateResult:
    """Ask the registry for every study on bone loss and write a dated snapshot to ``target``.

    Parameters
    ----------
    target
        The snapshot file (CSV). When it exists, it is the old snapshot; otherwise the built-in one is.
    query
        The condition to search for, in the registry's query language.
    server
        Base address of the interface.
    today
        The date to stamp; today's when left out.
    sleep, page_size
        For tests: how to wait, and how many studies to ask for at a time (1 to 1000).

    Raises
    ------
    InputError
        The old snapshot at ``target`` cannot be read.
    """
    old = read_snapshot(target) if target.exists() else built_in_snapshot()
    date = today or clock.today()
    part = target.with_name(target.name + ".part")
    try:
        records, pages = _all_pages(part, query=query, server=server, page_size=page_size, sleep=sleep)
        found = {one.registration_id: one for one in (study_from_json(record, date.isoformat()) for record in records)}
        kept, vanished = _no_longer_found(old, found, server=server, date=date, sleep=sleep)
    except RegistryError as error:
        return UpdateResult(old, updated=False, pages=0, vanished=(), problem=str(error))
    except ValueError as error:
        return UpdateResult(old, updated=False, pages=0, vanished=(), problem=f"the registry sent {error}.")
    studies = tuple(found[key] for key in sorted(found)) + kept
    snapshot = Snapshot(date=date, studies=studies)
    _replace(target, snapshot_csv(snapshot))
    part.unlink(missing_ok=True)
    return UpdateResult(snapshot, updated=True, pages=pages, vanished=vanished, problem="")


def snapshot_csv(snapshot: Snapshot) -> str:
    """A snapshot as text: its date in the first line, then CSV."""
    rows = (one.model_dump().values() for one in snapshot.studies)
    return csv_text(list(Study.model_fields), rows, heading=(f"Snapshot of {snapshot.date.isoformat()}",))


def _all_pages(
    part: Path, *, query: str, server: str, page_size: int, sleep: Callable[[float], None]
) -> tuple[list[dict[str, Any]], int]:
    saved = _saved(part, query=query, server=server, page_size=page_size)
    records: list[dict[str, Any]] = saved["records"]
    pages: int = saved["pages"]
    token: str | None = saved["token"]
    while pages == 0 or token:
        parameters = {"query.cond": query, "pageSize": str(page_size), "format": "json"}
        if token:
            parameters["pageToken"] = token
        try:
            page = get_json(server, "studies", parameters, sleep=sleep)
        except RegistryError as error:
            if token and error.status == 400:  # the saved token has expired: begin again
                records, pages, token = [], 0, None
                part.unlink(missing_ok=True)
                continue
            raise
        studies = page.get("studies")
        if not isinstance(studies, list):
            raise RegistryError("a page has no list of studies", where=server)
        records.extend(one for one in studies if isinstance(one, dict))
        pages += 1
        token = page.get("nextPageToken") or None
        state = {"query": query, "server": server, "page_size": page_size}
        _replace(part, json.dumps({**state, "pages": pages, "token": token, "records": records}))
    return records, pages


def _saved(part: Path, **asked: str | int) -> dict[str, Any]:
    """What an earlier run of the same question saved; nothing when the question differs or the file is broken."""
    nothing = {"records": [], "pages": 0, "token": None}
    try:
        state = json.loads(part.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return nothing
    if not isinstance(state, dict) or any(state.get(key) != wanted for key, wanted in asked.items()):
        return nothing
    return state


def _no_longer_found(
    old: Snapshot, found: dict[str, Study], *, server: str, date: dt.date, sleep: Callable[[float], None]
) -> tuple[tuple[Study, ...], tuple[str, ...]]:
    """Studies of the old snapshot that the search did not return: asked for one by one, and kept if vanished."""
    kept: list[Study] = []
    vanished: list[str] = []
    for one in old.studies:
        if one.registration_id in found:
            continue
        if not one.registration_id.startswith("NCT"):  # another registry, which this interface cannot answer for
            kept.append(one)
            continue
        try:
            record = get_json(server, f"studies/{one.registration_id}", {"format": "json"}, sleep=sleep)
        except RegistryError as error:
            if error.status != 404:
                raise
            note = f"No longer listed by the registry on {date.isoformat()}."
            kept.append(one.model_copy(update={"status": "", "note": f"{one.note} {note}".strip()}))
            vanished.append(one.registration_id)
        else:
            kept.append(study_from_json(record, date.isoformat()))
    return tuple(kept), tuple(vanished)


def _replace(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, file)  # noqa: PTH105 - the atomic call, by its name
