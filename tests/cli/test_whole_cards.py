"""The terminal says as much of an option, and of what to check after a scan, as the page does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def person(folder: Path) -> str:
    path = folder / "person.json"
    site = {"site": "femoral_neck", "t_score": -1.7}
    scan = {"date": "2026-03-02", "tbs": 1.19, "sites": [site]}
    data = {"sex": "female", "age_years": 66, "menopause_age_years": 50, "scans": [scan]}
    path.write_text(json.dumps(data | {"history": {"height_loss_cm": 5}}))
    return str(path)


def printed(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "osteon", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def test_options_prints_the_whole_card(tmp_path: Path) -> None:
    out = printed("options", person(tmp_path))
    card = out[out.index("\nZoledronate. ") : out.index("\nAlendronate. ")]
    for part in ("Evidence: ", "Certainty high: ", "What can go wrong: ", "What it takes: ", "On stopping: "):
        assert part in card


def test_classify_prints_what_to_check(tmp_path: Path) -> None:
    out = printed("classify", person(tmp_path))
    assert "Image the spine" in out
    assert "Trabecular bone score 1.190: degraded" in out
