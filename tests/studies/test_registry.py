"""The registry updater against a local server that speaks the same JSON, its failures included."""

from __future__ import annotations

import datetime as dt
import json
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from osteon.care.studies import Snapshot, Study, built_in_snapshot, read_snapshot
from osteon.exchange.registry import update_snapshot
from osteon.exchange.registry.update import snapshot_csv

TODAY = dt.date(2026, 11, 23)


def record(number: int) -> dict[str, Any]:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08d}", "briefTitle": f"Study {number}"},
            "statusModule": {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": "2026-10-01"}},
            "designModule": {"phases": ["PHASE1", "PHASE2"], "enrollmentInfo": {"count": 40}},
            "eligibilityModule": {"sex": "FEMALE", "minimumAge": "50 Years", "eligibilityCriteria": "T -1 to -2.49"},
            "armsInterventionsModule": {"interventions": [{"type": "BIOLOGICAL", "name": "Mesenchymal stem cells"}]},
        }
    }


class Registry:
    """A registry in miniature. ``faults`` holds what the next requests get: a status, or a way of breaking."""

    def __init__(self, count: int = 7) -> None:
        self.records = {
            one["protocolSection"]["identificationModule"]["nctId"]: one for one in map(record, range(count))
        }
        self.faults: list[int | str] = []
        self.requests: list[str] = []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                return

            def do_GET(self) -> None:
                registry.requests.append(self.path)
                fault = registry.faults.pop(0) if registry.faults else None
                if isinstance(fault, int):
                    self._send(fault, b"Too many requests" if fault == 429 else b"plain text", retry_after=fault == 429)
                    return
                status, body = registry.answer(self.path)
                if fault == "truncated":
                    body = body[: len(body) // 2]
                if fault == "dropped":
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body[:10])
                    return
                self._send(status, body)

            def _send(self, status: int, body: bytes, *, retry_after: bool = False) -> None:
                self.send_response(status)
                if retry_after:
                    self.send_header("Retry-After", "7")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/api/v2"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def answer(self, path: str) -> tuple[int, bytes]:
        parts = urllib.parse.urlsplit(path)
        asked = dict(urllib.parse.parse_qsl(parts.query))
        name = parts.path.removeprefix("/api/v2/studies").strip("/")
        if name:
            found = self.records.get(name)
            return (200, json.dumps(found).encode()) if found else (404, b"NCT number not found")
        start, size = int(asked.get("pageToken", "0")), int(asked["pageSize"])
        everything = list(self.records.values())
        page: dict[str, Any] = {"studies": everything[start : start + size]}
        if start + size < len(everything):
            page["nextPageToken"] = str(start + size)
        return 200, json.dumps(page).encode()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def registry() -> Iterator[Registry]:
    one = Registry()
    yield one
    one.close()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """An old snapshot with one study that the registry still has and one from another registry."""
    file = tmp_path / "studies.csv"
    old = Snapshot(
        dt.date(2026, 1, 1),
        (
            Study(registration_id="NCT00000003", title="Old title"),
            Study(registration_id="IRCT20131009014957N15", title="Another registry"),
        ),
    )
    file.write_text(snapshot_csv(old), encoding="utf-8")
    return file


def update(registry: Registry, target: Path, waits: list[float] | None = None, **more: Any) -> Any:
    record_wait = (waits if waits is not None else []).append
    return update_snapshot(target, server=registry.address, today=TODAY, sleep=record_wait, page_size=3, **more)


def test_all_pages_are_read_and_the_snapshot_is_dated(registry: Registry, target: Path) -> None:
    result = update(registry, target)
    assert result.updated
    assert result.pages == 3
    again = read_snapshot(target)
    assert again == result.snapshot
    assert again.date == TODAY
    assert {one.registration_id for one in again.studies} == {*registry.records, "IRCT20131009014957N15"}
    study = again.studies[3]
    assert (study.title, study.phase, study.intervention_class, study.min_age) == ("Study 3", "1/2", "cell", "50 Years")
    assert study.status_as_of == "2026-10-01"
    assert not target.with_name("studies.csv.part").exists()


@pytest.mark.parametrize("fault", [429, 500, 503, "truncated", "dropped"])
def test_a_passing_fault_is_tried_again(registry: Registry, target: Path, fault: int | str) -> None:
    registry.faults = [fault, fault]
    waits: list[float] = []
    result = update(registry, target, waits)
    assert result.updated
    assert len(result.snapshot.studies) == 8
    assert waits == ([7.0, 7.0] if fault == 429 else [1.0, 2.0])


def test_a_lasting_fault_leaves_the_old_snapshot_and_says_its_date(registry: Registry, target: Path) -> None:
    before = target.read_bytes()
    registry.faults = [500] * 5
    result = update(registry, target)
    assert not result.updated
    assert "500" in result.problem
    assert result.snapshot.date == dt.date(2026, 1, 1)
    assert target.read_bytes() == before


def test_a_stopped_run_goes_on_where_it_was(registry: Registry, target: Path) -> None:
    original = registry.answer
    calls = iter(range(100))

    def two_pages_then_silence(path: str) -> tuple[int, bytes]:
        return original(path) if next(calls) < 2 else (500, b"down")

    registry.answer = two_pages_then_silence  # type: ignore[method-assign]
    assert not update(registry, target).updated
    registry.answer = original  # type: ignore[method-assign]
    registry.requests.clear()
    result = update(registry, target)
    assert result.updated
    assert len(result.snapshot.studies) == 8
    assert len([path for path in registry.requests if "pageSize" in path]) == 1, "only the missing page is asked for"


def test_a_saved_page_token_that_has_expired_begins_again(registry: Registry, target: Path) -> None:
    original = registry.answer

    def expired(path: str) -> tuple[int, bytes]:
        return (400, b"bad token") if "pageToken=stale" in path else original(path)

    registry.answer = expired  # type: ignore[method-assign]
    part = target.with_name("studies.csv.part")
    from osteon.exchange.registry.update import DEFAULT_QUERY

    state = {"query": DEFAULT_QUERY, "server": registry.address, "page_size": 3}
    part.write_text(json.dumps({**state, "pages": 1, "token": "stale", "records": [record(0)]}), encoding="utf-8")
    result = update(registry, target)
    assert result.updated
    assert len(result.snapshot.studies) == 8


def test_a_study_that_vanished_is_kept_and_named(registry: Registry, target: Path) -> None:
    del registry.records["NCT00000003"]
    result = update(registry, target)
    assert result.vanished == ("NCT00000003",)
    (kept,) = [one for one in result.snapshot.studies if one.registration_id == "NCT00000003"]
    assert kept.title == "Old title"
    assert "No longer listed by the registry on 2026-11-23" in kept.note


def test_an_unreachable_registry_leaves_everything_as_it_was(tmp_path: Path) -> None:
    result = update_snapshot(
        tmp_path / "new.csv", server="http://127.0.0.1:9/api/v2", today=TODAY, sleep=lambda _seconds: None
    )
    assert not result.updated
    assert result.snapshot == built_in_snapshot()
    assert not (tmp_path / "new.csv").exists()


def test_a_refusal_is_final_and_quotes_the_registry(registry: Registry, target: Path) -> None:
    registry.faults = [403]
    result = update(registry, target)
    assert "403: plain text" in result.problem
    assert len(registry.requests) == 1
