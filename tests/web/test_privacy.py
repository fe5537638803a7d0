"""No patient value reaches a log: not of a good call, a bad one, nor of a bug."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from osteon.web.cds_hooks import services

from .conftest import Client, medication, observation, order, patient, searchset, view

SECRETS = ("1955-04-17", "0.7319", "-1.77", "Zygmunda", "p-secret-77", "opaque-token")


def calls() -> list[tuple[str, Any]]:
    """Requests that hold the secrets: answered, unreadable, wrong, and broken."""
    person = patient(id="p-secret-77", birthDate="1955-04-17", name=[{"family": "Zygmunda"}])
    ours = {"subject": {"reference": "Patient/p-secret-77"}}
    context = {"userId": "Practitioner/1", "patientId": "p-secret-77"}
    token = {"fhirServer": "http://localhost/none", "fhirAuthorization": {"access_token": "opaque-token"}}
    good = searchset(
        observation("38264-8", -1.77, "{T-score}", **ours), observation("24966-4", 0.7319, "g/cm2", **ours)
    )
    bad = searchset(observation("38264-8", -1.77, "Zygmunda", **ours))
    other = order(medication("denosumab", "draft", **ours), prefetch={"patient": person, "dxa": good})
    other["context"]["patientId"] = "p-secret-77"
    return [
        ("osteon-bone-status", view({"patient": person, "dxa": good}, context=context, **token)),
        ("osteon-bone-status", view({"patient": person, "dxa": bad}, context=context, **token)),
        ("osteon-bone-status", view({"patient": person}, context={"userId": "Zygmunda"})),
        ("osteon-bone-status", view({"patient": person}, context=context, hookInstance="p-secret-77")),
        ("osteon-order-check", other),
        ("osteon-bone-status/feedback", {"feedback": [{"card": "Zygmunda", "outcome": "-1.77"}]}),
    ]


def test_nothing_is_logged_in_this_process(
    client: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for path, body in calls():
        assert client.post(f"/cds-services/{path}", body).status_code in (200, 400)
    said = caplog.text + "".join(capfd.readouterr())
    assert not any(secret in said for secret in SECRETS)


def test_a_bug_is_logged_by_its_kind_and_place_only(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("cannot digest p-secret-77 born 1955-04-17")

    monkeypatch.setattr(services, "read_chart", broken)
    path, body = calls()[0]
    answer = client.post(f"/cds-services/{path}", body)
    assert answer.status_code == 500
    assert "A bug in Osteon" in answer.json()["message"]
    assert "RuntimeError at broken" in caplog.text
    assert not any(secret in caplog.text + answer.text for secret in SECRETS)


@pytest.fixture
def server(tmp_path: Path) -> Any:
    """The real server in a process of its own, with everything it prints in a file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = tmp_path / "server.log"
    code = f"from osteon.web import serve; serve(port={port}, feedback_file={str(tmp_path / 'f.jsonl')!r})"
    with said.open("wb") as log, subprocess.Popen([sys.executable, "-c", code], stdout=log, stderr=log) as process:
        base = f"http://127.0.0.1:{port}"
        for _ in range(150):
            try:
                httpx.get(f"{base}/cds-services", timeout=1)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield base, said
        process.terminate()


def test_nothing_is_logged_by_the_real_server(server: tuple[str, Path]) -> None:
    base, said = server
    with httpx.Client(base_url=base, timeout=10) as http:
        assert len(http.get("/cds-services").json()["services"]) == 2
        for path, body in calls():
            assert http.post(f"/cds-services/{path}", json=body).status_code in (200, 400)
        half = json.dumps(calls()[0][1])[:-20]
        wrong = http.post(
            "/cds-services/osteon-bone-status", content=half, headers={"content-type": "application/json"}
        )
        assert wrong.status_code == 400
        assert http.get("/cds-services", headers={"host": "evil.example"}).status_code == 400
        assert "server" not in wrong.headers
    assert not any(secret in said.read_text("utf-8") for secret in SECRETS)


def test_a_taken_port_is_a_plain_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code = f"from osteon.web import serve; serve(port={taken.getsockname()[1]})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert "UsageError" in done.stderr
    assert "choose another one with --port" in done.stderr
