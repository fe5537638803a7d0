"""Feedback: the specification's examples are stored, and nothing of a patient with them."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from osteon.web.cds_hooks.feedback import FeedbackStore, default_feedback_file

from .conftest import Client, spec

PATH = "/cds-services/osteon-bone-status/feedback"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_specifications_examples_are_stored(client: Client, feedback_file: Path) -> None:
    for name in ("feedback_accepted", "feedback_overridden", "feedback_override_reason"):
        answer = client.post(PATH, spec(name))
        assert (answer.status_code, answer.json()) == (200, {"stored": 1})
    accepted, overridden, reasoned = lines(feedback_file)
    assert accepted["card"] == "4e0a3a1e-3283-4575-ab82-028d55fe2719"
    assert accepted["accepted_suggestions"] == ["e56e1945-20b3-4393-8503-a1a20fd73152"]
    assert accepted["outcome_timestamp"] == "2021-12-11T10:05:31+00:00"
    assert (overridden["outcome"], "reason" in overridden) == ("overridden", False)
    assert reasoned["reason"] == {"system": "https://example.com/cds-hooks/override-reason-system", "code": "d7ecf885"}
    assert {one["service"] for one in (accepted, overridden, reasoned)} == {"osteon-bone-status"}


def test_a_comment_is_never_kept(client: Client, feedback_file: Path) -> None:
    body = spec("feedback_override_reason")
    body["feedback"][0]["overrideReason"]["userComment"] = "Mrs Secret, born 1955"
    body["feedback"][0]["patient"] = "Secret"
    assert client.post(PATH, body).status_code == 200
    assert "Secret" not in feedback_file.read_text("utf-8")
    assert set(lines(feedback_file)[0]) == {"received", "service", "card", "outcome", "outcome_timestamp", "reason"}


def one(**fields: Any) -> dict[str, Any]:
    base = {"card": str(uuid4()), "outcome": "overridden", "outcomeTimestamp": "2026-03-02T10:00:00Z"}
    return {"feedback": [base | fields]}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "feedback: this is needed"),
        ({"feedback": []}, "empty"),
        (one(card="Jane Doe"), "card"),
        (one(outcome="ignored"), "accepted, overridden"),
        (one(outcome="accepted"), "acceptedSuggestions"),
        (one(outcomeTimestamp="yesterday"), "outcomeTimestamp"),
        (one(outcomeTimestamp="2026-03-02T10:00:00"), "time zone"),
        (one(overrideReason={"reason": {"code": "she is 70 and declined"}}), "code"),
        (one(overrideReason={"reason": {"code": "a", "system": "http://x/?name=Jane"}}), "system"),
    ],
)
def test_what_cannot_be_stored_is_refused_whole(client: Client, feedback_file: Path, body: Any, words: str) -> None:
    answer = client.post(PATH, body)
    assert answer.status_code == 400
    assert words in answer.json()["message"]
    assert not feedback_file.exists()


def test_feedback_is_added_and_never_replaced(feedback_file: Path, client: Client) -> None:
    """Many at once, through two stores on one file: every line arrives whole."""
    items = client  # the application's own store writes to the same file
    other = FeedbackStore(feedback_file)
    from osteon.web.cds_hooks.feedback import FeedbackRequest

    given = FeedbackRequest.model_validate(one()).feedback

    def add() -> None:
        for _ in range(20):
            other.add("osteon-order-check", given)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        assert items.post(PATH, one()).status_code == 200
    for thread in threads:
        thread.join()
    assert len(other.read()) == 85
    assert feedback_file.stat().st_mode & 0o077 == 0


def test_the_default_place_is_the_users_state_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_feedback_file() == tmp_path / "osteon" / "cds-feedback.jsonl"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_feedback_file() == tmp_path / ".local" / "state" / "osteon" / "cds-feedback.jsonl"
