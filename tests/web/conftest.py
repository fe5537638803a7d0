"""A client that calls the application in this process, and requests made from small records."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from osteon.web import create_app

DATA = Path(__file__).parent.parent / "data" / "cds_hooks"
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


class Client:
    """Sends requests to the application, each in an event loop of its own."""

    def __init__(self, **options: Any) -> None:
        self.app = create_app(**options)

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            # Without raise_app_exceptions the test would see an exception and not what a client sees.
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path, **options)

        return asyncio.run(go())

    def get(self, path: str) -> httpx.Response:
        return self.send("GET", path)

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.send("POST", path, json=body)

    def cards(self, service: str, body: Any) -> list[dict[str, Any]]:
        answer = self.post(f"/cds-services/{service}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()["cards"]  # type: ignore[no-any-return]


@pytest.fixture
def feedback_file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "feedback.jsonl"


@pytest.fixture
def client(feedback_file: Path) -> Client:
    return Client(feedback_file=feedback_file)


def spec(name: str) -> Any:
    """An example of the specification, as kept in tests/data/cds_hooks."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


def patient(**fields: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1955-04-01"} | fields


def observation(loinc: str, value: float, unit: str, day: str = "2025-06-02", **fields: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    } | fields


def medication(name: str, status: str = "active", code: str = "", **fields: Any) -> dict[str, Any]:
    coding = {"coding": [{"system": RXNORM, "code": code}]} if code else {}
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": status,
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": ({"text": name} if name else {}) | coding,
    } | fields


def searchset(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def scan(t_score: float = -1.9) -> dict[str, Any]:
    """A search result with a hip T-score and bone density that belong together on a Hologic scale."""
    return searchset(observation("38264-8", t_score, "{T-score}"), observation("24966-4", 0.95, "g/cm2"))


def view(prefetch: Any = None, **fields: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "hook": "patient-view",
        "hookInstance": INSTANCE,
        "context": {"userId": "Practitioner/example", "patientId": "p1"},
    }
    return body | ({} if prefetch is None else {"prefetch": prefetch}) | fields


def order(*orders: dict[str, Any], prefetch: Any = None, selections: list[str] | None = None) -> dict[str, Any]:
    named = selections or [f"{one['resourceType']}/{one['id']}" for one in orders]
    context = {
        "userId": "Practitioner/example",
        "patientId": "p1",
        "selections": named,
        "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": one} for one in orders]},
    }
    return {"hook": "order-select", "hookInstance": INSTANCE, "context": context} | (
        {} if prefetch is None else {"prefetch": prefetch}
    )
