"""How long a CDS Hooks call takes, warm, on this machine: the server in a process of its own, over loopback.

Run it with ``python bench/cds_hooks.py``. It sends a fixed number of requests about made-up patients, one hook after
the other and then both from four clients at once, and prints the median, the 95th percentile and the longest time.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np

WARM_UP = 20
REQUESTS = 300
CLIENTS = 4
TARGET_MS = 300
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
HIP_T, HIP_BMD, SPINE_T, EGFR, WEIGHT = "38264-8", "38261-4", "38267-1", "33914-3", "29463-7"


def observation(loinc: str, value: float, unit: str) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2025-06-02",
        "valueQuantity": {"value": value, "code": unit},
    }


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def medication(code: str, status: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": status,
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": code}]},
    }


def request(number: int) -> tuple[str, dict[str, Any]]:
    """The request with this number: full prefetch, and alternately the one service and the other."""
    t_score = -3.4 + 0.1 * (number % 30)
    prefetch = {
        "patient": {
            "resourceType": "Patient",
            "id": "p1",
            "gender": "male" if number % 5 == 0 else "female",
            "birthDate": f"{1940 + number % 30}-05-17",
        },
        "dxa": bundle(observation(HIP_T, round(t_score, 1), "{T-score}"), observation(SPINE_T, -1.4, "{T-score}")),
        "measurements": bundle(
            observation(EGFR, 30 + number % 60, "mL/min/{1.73_m2}"), observation(WEIGHT, 50 + number % 40, "kg")
        ),
        "conditions": None,
        "medications": bundle(medication("993449", "active")) if number % 7 == 0 else None,
    }
    context: dict[str, Any] = {"userId": "Practitioner/1", "patientId": "p1"}
    body = {"hookInstance": str(UUID(int=number)), "prefetch": prefetch, "context": context}
    if number % 2:
        return "osteon-bone-status", body | {"hook": "patient-view"}
    context |= {"selections": ["MedicationRequest/m1"], "draftOrders": bundle(medication("1490064", "draft"))}
    return "osteon-order-check", body | {"hook": "order-select"}


@contextmanager
def server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        feedback = str(Path(folder) / "feedback.jsonl")
        code = f"from osteon.web import serve; serve(port={port}, feedback_file={feedback!r})"
        process = subprocess.Popen([sys.executable, "-c", code])
        try:
            base = f"http://127.0.0.1:{port}"
            for _ in range(300):
                try:
                    httpx.get(f"{base}/cds-services", timeout=1)
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield base
        finally:
            process.terminate()
            process.wait()


def timed(base: str, numbers: Iterable[int]) -> list[float]:
    """Milliseconds of each call, one after the other on one connection."""
    taken = []
    with httpx.Client(base_url=base, timeout=30) as client:
        for number in numbers:
            name, body = request(number)
            started = time.perf_counter()
            answer = client.post(f"/cds-services/{name}", json=body)
            taken.append(1000 * (time.perf_counter() - started))
            if answer.status_code != 200 or not answer.json()["cards"]:
                raise SystemExit(f"request {number} was not answered with cards: {answer.text[:200]}")
    return taken


def told(what: str, taken: list[float]) -> float:
    middle, high = np.percentile(taken, [50, 95])
    print(f"{what:<28} {len(taken):4d} calls   median {middle:6.1f} ms   p95 {high:6.1f} ms   max {max(taken):6.1f} ms")
    return float(high)


def main() -> int:
    with server() as base:
        timed(base, range(WARM_UP))
        patient_view, order_select = range(1, 2 * REQUESTS, 2), range(0, 2 * REQUESTS, 2)
        alone = max(
            told("patient-view, one client", timed(base, patient_view)),
            told("order-select, one client", timed(base, order_select)),
        )
        share = REQUESTS // CLIENTS
        with ThreadPoolExecutor(CLIENTS) as pool:
            parts = pool.map(lambda i: timed(base, range(i * share, (i + 1) * share)), range(CLIENTS))
            told(f"both, {CLIENTS} clients at once", [one for part in parts for one in part])
    print(f"target: p95 of each hook below {TARGET_MS} ms: {'met' if alone < TARGET_MS else 'NOT met'}")
    return 0 if alone < TARGET_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
