"""Feedback on cards: checked, reduced to codes and identifiers, and added to a file.

A clinician's comment is free text and may name a patient, so it is never kept; neither is anything else that the
specification does not name. What is kept: when, which service, which card, what became of it, and the reason's code.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from osteon.person import slip

# A code has no spaces and a system is an address: neither has room for a sentence about a person.
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._\-]{1,64}$")]
System = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9+.\-]*:[^\s?#]{1,200}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Reason(_Part):
    """The override reason that was chosen."""

    code: Code
    system: System | None = None


class OverrideReason(_Part):
    """Why a card was overridden; a comment beside the code is not read."""

    reason: Reason | None = None


class AcceptedSuggestion(_Part):
    """A suggestion that was accepted."""

    id: UUID


class Feedback(_Part):
    """What became of one card."""

    card: UUID = Field(description="Give the uuid of the card.")
    outcome: Literal["accepted", "overridden"]
    acceptedSuggestions: tuple[AcceptedSuggestion, ...] = ()
    overrideReason: OverrideReason | None = None
    outcomeTimestamp: dt.datetime = Field(description="Such as 2026-03-02T10:05:31Z.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.outcome == "accepted" and not self.acceptedSuggestions:
            raise slip("the outcome is accepted and no suggestion is named", "Name it in acceptedSuggestions")
        if self.outcomeTimestamp.tzinfo is None:
            raise slip("outcomeTimestamp has no time zone", "Write it in UTC, such as 2026-03-02T10:05:31Z")
        return self


class FeedbackRequest(_Part):
    """The body of a feedback call."""

    feedback: tuple[Feedback, ...] = Field(min_length=1, max_length=1000, description="Give a list of feedback.")


class FeedbackStore:
    """A file that feedback is added to, one JSON object a line; nothing in it is ever changed.

    Parameters
    ----------
    path
        The file. It and its folder are made when the first feedback arrives, readable by their owner only.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, service: str, items: tuple[Feedback, ...]) -> int:
        """Add feedback and return how many items were added; they are on the disk when this returns."""
        received = dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
        text = "".join(json.dumps(_line(service, received, one)) + "\n" for one in items)
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "ab") as stream:
                stream.write(text.encode())
                stream.flush()
                os.fsync(stream.fileno())
        return len(items)

    def read(self) -> list[dict[str, Any]]:
        """Everything that was stored, in order."""
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()]


def default_feedback_file() -> Path:
    """``osteon/cds-feedback.jsonl`` in the user's state folder (``$XDG_STATE_HOME``, else ``~/.local/state``)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "osteon" / "cds-feedback.jsonl"


def _line(service: str, received: str, one: Feedback) -> dict[str, Any]:
    reason = one.overrideReason.reason if one.overrideReason is not None else None
    line: dict[str, Any] = {
        "received": received,
        "service": service,
        "card": str(one.card),
        "outcome": one.outcome,
        "outcome_timestamp": one.outcomeTimestamp.astimezone(dt.UTC).isoformat(),
    }
    if one.acceptedSuggestions:
        line["accepted_suggestions"] = [str(suggestion.id) for suggestion in one.acceptedSuggestions]
    if reason is not None:
        line["reason"] = {"system": reason.system, "code": reason.code} if reason.system else {"code": reason.code}
    return line
