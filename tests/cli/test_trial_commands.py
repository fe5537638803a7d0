"""``osteon trial`` as a user meets it, a kill in the middle included."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = str(ROOT / "examples/trial_osteopenia.toml")

SHORT = """
title = "One year, quickly done, in several pieces"
years = 1
visits_months = [12]
[population]
sex = "female"
ages = { youngest = 64, oldest = 66 }
t_score = { sites = ["total_hip"], lowest = -2.5, highest = -1.0 }
[[arms]]
name = "placebo"
therapy = "none"
[[arms]]
name = "active"
therapy = "zoledronate"
[[endpoints]]
measure = "bmd"
site = "total_hip"
month = 12
"""


def osteon(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "osteon", "trial", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )


def hashes(folder: Path) -> dict[str, str]:
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir() if one.is_file()}


def test_a_run_says_what_it_found_and_marks_what_is_a_guess(tmp_path: Path) -> None:
    done = osteon("run", EXAMPLE, "--people", "200", "--out", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    assert "Change of total hip BMD at 24 months (primary)" in done.stdout
    assert done.stdout.count("[HYPOTHETICAL]") >= 4
    assert "HYPOTHETICAL: On the evidence found, no cell therapy" in done.stdout
    assert "Wrote" in done.stderr


def test_json_is_the_summary(tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = osteon("run", EXAMPLE, "--people", "50", "--out", str(out), "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
    assert found == json.loads((out / "summary.json").read_text("utf-8"))
    assert found["hypothetical"] is True


def test_a_run_that_was_killed_goes_on_and_ends_as_if_it_never_was(tmp_path: Path) -> None:
    design = tmp_path / "design.toml"
    design.write_text(SHORT, "utf-8")
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    asked = ("run", str(design), "--people", "25000")
    assert osteon(*asked, "--out", str(whole), "--workers", "2").returncode == 0
    words = [sys.executable, "-m", "osteon", "trial", *asked, "--out", str(cut)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as running:
        for _ in range(1200):
            if list(cut.glob("parts/sums-*.json")) or running.poll() is not None:
                break
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
    assert 0 < len(list(cut.glob("parts/sums-*.json"))) < 4
    assert not (cut / "summary.json").exists()
    assert json.loads((cut / "manifest.json").read_text("utf-8"))["complete"] is False
    refused = osteon(*asked, "--out", str(cut))
    assert refused.returncode == 2
    assert "Add --resume" in refused.stderr
    assert osteon(*asked, "--out", str(cut), "--resume").returncode == 0
    assert hashes(cut) == hashes(whole)
    assert not (cut / "parts").exists()


def test_the_design_is_checked_before_anything_is_written(tmp_path: Path) -> None:
    design = tmp_path / "design.toml"
    design.write_text(SHORT.replace('"zoledronate"', '"zoledronat"'), "utf-8")
    done = osteon("run", str(design), "--people", "10", "--out", str(tmp_path / "run"))
    assert done.returncode == 3
    assert "arms[1].therapy" in done.stderr
    assert "Did you mean zoledronate?" in done.stderr
    assert not (tmp_path / "run").exists()


def test_power_is_a_table_or_json() -> None:
    asked = ("power", EXAMPLE, "--people", "300", "--trials", "200")
    done = osteon(*asked)
    assert done.returncode == 0, done.stderr
    assert "Needed for a power of 90 %" in done.stdout
    assert "half of it harm" in done.stdout
    found = json.loads(osteon(*asked, "--format", "json").stdout)
    assert found["arms"][0]["needed"]["total"] >= 8
    assert found["arms"][1]["hypothetical"] is True


def test_optimise_is_a_table_or_json() -> None:
    done = osteon("optimise", EXAMPLE, "--people", "200", "--trials", "200")
    assert done.returncode == 0, done.stderr
    assert "How it was searched: All 16 combinations" in done.stdout
    assert "How sure it is:" in done.stdout
    cells = osteon("optimise", str(ROOT / "examples/trial_cell_dose.toml"), "--people", "200", "--format", "json")
    found = json.loads(cells.stdout)
    assert found["hypothetical"] is True
    assert [one["choice"]["infusions"] for one in found["doses"]] == ["1", "2", "4", "8"]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (("power", EXAMPLE, "--total", "3"), 2, "Write a whole number from 8 to 100000"),
        (("power", EXAMPLE, "--total", "many"), 2, "'many' is not a whole number"),
        (("power", EXAMPLE, "--people", "5"), 2, "200 to 100000"),
        (("power",), 2, "osteon trial power design.toml"),
        (("run", EXAMPLE, "--people", "9", "--out", "x", "--cluster", "here"), 2, "tcp://127.0.0.1:8786"),
    ],
)
def test_a_mistake_gets_its_exit_code(arguments: tuple[str, ...], exit_code: int, says: str) -> None:
    done = osteon(*arguments)
    assert done.returncode == exit_code
    assert says in done.stderr
    assert "Traceback" not in done.stderr
