"""Discovery, addresses, and errors: JSON with a status and what to mend."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from osteon.errors import MissingExtraError, UsageError
from osteon.web import create_app, serve
from osteon.web.server import is_loopback

from .conftest import Client, view

BONE = "/cds-services/osteon-bone-status"


def test_discovery_has_what_the_specification_requires(client: Client) -> None:
    answer = client.get("/cds-services")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    services = answer.json()["services"]
    assert {(one["id"], one["hook"]) for one in services} == {
        ("osteon-bone-status", "patient-view"),
        ("osteon-order-check", "order-select"),
    }
    for one in services:
        assert one["description"]
        assert one["title"]
        for template in one["prefetch"].values():
            # Only tokens that both hooks offer, and only reads and searches by patient.
            assert set(re.findall(r"{{(.*?)}}", template)) == {"context.patientId"}
            assert re.match(r"Patient/{{|[A-Z][A-Za-z]+\?patient={{", template)


def problem(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"status", "message"}
    assert body["status"] == answer.status_code
    return str(body["message"])


def test_errors_say_what_to_mend(client: Client) -> None:
    send = client.send
    as_json = {"content-type": "application/json"}
    cases: list[tuple[httpx.Response, int, str]] = [
        (client.get("/"), 404, "GET /cds-services"),
        (client.get(BONE), 405, "GET /cds-services"),
        (send("OPTIONS", BONE), 405, "GET /cds-services"),
        (client.post("/cds-services/other", view()), 404, "osteon-bone-status, osteon-order-check"),
        (client.post("/cds-services/other/feedback", {"feedback": []}), 404, "osteon-bone-status"),
        (send("POST", BONE, content=b"{}", headers={"content-type": "text/plain"}), 415, "application/json"),
        (send("POST", BONE, content=b'{"hook": ', headers=as_json), 400, "line 1, column 10"),
        (send("POST", BONE, content=b"\xff\xfe", headers=as_json), 400, "UTF-8"),
        (send("POST", BONE, content=b"", headers=as_json), 400, "empty"),
        (send("POST", BONE, content=b'{"hook": 1, "hook": 2}', headers=as_json), 400, "stands twice"),
        (client.post(BONE, []), 400, "an object in curly brackets"),
        (client.post(BONE, {}), 400, "hook: this is needed"),
        (client.post(BONE, view(hook="order-select")), 400, "Set hook to patient-view"),
        (client.post(BONE, view(hookInstance="7")), 400, "hookInstance"),
        (client.post(BONE, view(context={"userId": "Practitioner/1"})), 400, "context: patientId"),
        (client.post(BONE, view(prefetch=[1])), 400, "prefetch"),
        (send("POST", BONE, content=b" " * 10_000_001, headers=as_json), 413, "10 MB"),
    ]
    for answer, status, words in cases:
        assert answer.status_code == status, answer.text
        assert words in problem(answer)


def test_a_chunked_body_is_limited_too(client: Client) -> None:
    async def pieces() -> Any:
        for _ in range(11):
            yield b" " * 1_000_000

    answer = client.send("POST", BONE, content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_only_the_named_hosts_are_answered(tmp_path: Any) -> None:
    client = Client(feedback_file=tmp_path / "f", allowed_hosts=("127.0.0.1", "localhost", "[::1]"))
    for host, status in (
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("[::1]", 200),
        ("evil.example", 400),
        ("evil.example:8000", 400),
        ("localhost.evil.example", 400),
    ):
        assert client.send("GET", "/cds-services", headers={"host": host}).status_code == status, host


def test_no_page_loads_anything_from_elsewhere(client: Client) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


def test_serve_refuses_what_is_no_port() -> None:
    with pytest.raises(UsageError, match="1 to 65535"):
        serve(port=0)


def test_loopback_is_recognised() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "127.3.2.1"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "192.168.1.2", "clinic.example"))  # noqa: S104


def test_without_the_extra_the_message_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fastapi", None)
    with pytest.raises(MissingExtraError, match=r"osteon\[web\]"):
        create_app()
