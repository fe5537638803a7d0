"""The command line as a user meets it: exit codes, clean output, quick start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
COMMANDS = (
    "report",
    "classify",
    "risk",
    "compare",
    "options",
    "project",
    "screen",
    "studies",
    "update-studies",
    "batch",
    "import",
    "export",
    "therapies",
    "evidence",
    "twin",
    "trial",
    "serve",
)


def osteon(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "osteon", *arguments],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_command_and_the_exit_codes() -> None:
    done = osteon("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert command in done.stdout
    assert "4 the model could not" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = osteon(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: osteon")


@pytest.mark.parametrize(
    ("arguments", "exit_code", "says"),
    [
        (["clasify", "x.json"], 2, 'Did you mean "classify"?'),
        (["report"], 2, "PERSON is missing: the file to read"),
        (["report", "examples/fuller.json", "--format", "docx"], 2, "docx"),
        (["report", "examples/fuller.json", "--years", "-3"], 2, "--years"),
        (["project", "examples/fuller.json", "--therapy", "denosumap"], 2, "denosumab"),
        (["project", "examples/fuller.json", "--therapy", "none", "--out", "curves.xlsx"], 2, ".csv or .parquet"),
        (["project", "examples/fuller.json", "--therapy", "none", "--out", "/no/such/folder/c.csv"], 2, "cannot write"),
        (["classify", "no-such-file.json"], 3, "no-such-file.json"),
        (["classify", "examples/broken.json"], 3, "examples/broken.json"),
        (["project", "examples/fuller.json", "--therapy", "none", "--years", "38"], 4, "at most 36 years"),
        (["project", "examples/fuller.json", "--therapy", "denosumab:0.1"], 2, "Write 3 to 1200 months"),
        (["project", "examples/fuller.json", "--therapy", "denosumab:7,denosumab:6"], 2, "3 to 6 months"),
        (["project", "examples/fuller.json", "--therapy", "zoledronate:0"], 2, "above 0"),
        (["twin", "cells", "--cells-per-kg", "1e9", "--weight-kg", "61"], 2, "from 0.2 million to 50 million"),
        (["classify"], 2, "Write for example: osteon classify person.json"),
        (["batch"], 2, "osteon batch table.csv --out results.csv"),
        (["batch", "examples/fuller.json", "--out", "r.csv"], 3, "that is JSON, not a table"),
        (["export", "examples/fuller.json"], 2, "--to is needed and is missing. Choose from: fhir."),
        (["project", "examples/fuller.json", "--therapy"], 2, "--therapy has no value after it"),
        (["classify", "examples/fuller.json", "--json"], 2, "Write --format json."),
        (["classify", "examples/fuller.json", "--pdf"], 2, "Unknown option: --pdf"),
        (["classify", "examples/fuller.json", "more.json"], 2, "'more.json' is one word too many"),
        (["risk", "examples/fuller.json", "--years", "2.5"], 2, "'2.5' is not a whole number"),
        (["risk", "examples/fuller.json", "--years", "30"], 2, "Write a whole number from 1 to 18"),
        (["report", "examples/fuller.json", "--years", "nan"], 2, "Write a number above 0 and up to 40"),
        (["report", "examples/fuller.json", "--years", "ten"], 2, "'ten' is not a number"),
        (["report", "examples/fuller.json", "--out", "report"], 2, "a name without an ending"),
        (["compare", "examples/fuller.json", "--out", "no/folder/c.html"], 2, "there is no folder no/folder"),
        (["studies", "examples/fuller.json", "--snapshot", "no.csv"], 3, "osteon update-studies"),
        (["update-studies", "--out", "s.csv", "--server", "registry"], 2, "Begin it with https://"),
        (["update-studies", "--out", "no/folder/s.csv"], 2, "there is no folder no/folder"),
        (["help"], 2, "Write --help"),
        (["twin", "validat"], 2, "See: osteon twin --help"),
        (["import"], 2, "osteon import bundle.json"),
        (["twin", "cells", "--interval-days", "0"], 2, "an interval of 0 days"),
        (["twin", "cells", "--activity", "500"], 2, "activity: a size of 500 % is not plausible"),
        (["twin", "cells", "--half-life-days", "0"], 2, "Write a number from 0.1 to 730 days"),
        (["twin", "cells", "--target", "-1"], 2, "a target of -1 % is not possible"),
        (["project", "examples/fuller.json", "--therapy", "denosumab@60mg/0.1m"], 2, "from 3 to 60 months"),
        (["trial", "run"], 2, "osteon trial run design.toml"),
        (["trial", "rum"], 2, "See: osteon trial --help"),
        (["trial", "run", "no.toml", "--people", "10", "--out", "x"], 3, "no such file"),
        (["trial", "run", "examples/trial_osteopenia.toml", "--out", "x"], 2, "--people is needed"),
        (["trial", "run", "examples/trial_osteopenia.toml", "--people", "0", "--out", "x"], 2, "1 to 100000000"),
        (["trial", "run", "examples/fuller.json", "--people", "10", "--out", "x"], 3, "it is not TOML"),
        (["trial", "run", "examples/trial_osteopenia.toml", "--people", "9", "--out", "docs"], 2, "other files"),
        (["twin", "cells", "--cells-per-kg", "2e6"], 2, "needs the person's body weight"),
    ],
)
def test_a_mistake_gets_its_exit_code_and_one_clear_message(arguments: list[str], exit_code: int, says: str) -> None:
    done = osteon(*arguments)
    assert done.returncode == exit_code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "examples/fuller.json", "--format", "json"],
        ["classify", "examples/fuller.json", "--format", "json"],
        ["risk", "examples/fuller.json", "--format", "json"],
        ["options", "examples/fuller.json", "--format", "json"],
        ["project", "examples/fuller.json", "--therapy", "none", "--format", "json"],
        ["screen", "examples/minimal.json", "--format", "json"],
        ["compare", "examples/fuller.json", "--format", "json"],
        ["studies", "examples/fuller.json", "--format", "json"],
        ["therapies", "--format", "json"],
        ["evidence", "denosumab", "--format", "json"],
        ["import", "examples/hl7_dxa_bundle.json"],
        ["export", "examples/fuller.json", "--to", "fhir"],
        ["twin", "validate", "--format", "json"],
        ["twin", "cells", "--format", "json"],
        ["twin", "cells", "--activity", "50", "--site", "lumbar_spine", "--format", "json"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_json_output_is_one_json_value_and_nothing_else(arguments: list[str]) -> None:
    done = osteon(*arguments)
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "FILE", "--out", "FILE"],
        ["report", "FILE", "--page", "FILE"],
        ["compare", "FILE", "--out", "FILE"],
        ["import", "FILE", "--out", "FILE"],
        ["export", "FILE", "--to", "fhir", "--out", "FILE"],
        ["batch", "FILE", "--out", "FILE"],
    ],
    ids=" ".join,
)
def test_a_result_is_never_written_over_the_file_that_is_read(tmp_path: Path, arguments: list[str]) -> None:
    source = ROOT / "examples" / ("clinic_table.csv" if arguments[0] == "batch" else "minimal.json")
    file = tmp_path / f"record.{'csv' if arguments[0] == 'batch' else 'json'}"
    file.write_bytes(source.read_bytes())
    done = osteon(*(str(file) if word == "FILE" else word for word in arguments))
    assert done.returncode == 2, done.stderr
    assert "would be written over" in done.stderr
    assert file.read_bytes() == source.read_bytes()


def test_a_report_and_its_page_do_not_go_into_one_file(tmp_path: Path) -> None:
    file = str(tmp_path / "report.html")
    done = osteon("report", "examples/minimal.json", "--out", file, "--page", file)
    assert done.returncode == 2
    assert "would be written over" in done.stderr


def test_options_give_reasons_evidence_and_what_to_check() -> None:
    said = osteon("options", "examples/fuller.json").stdout
    why = said[said.index("\nZoledronate. ") :].split("\n\n")[0]
    for part in ("Advised for this person", "• BHOF 2022", "Evidence: The medicine with the best evidence"):
        assert part in why
    assert "Check first: calcium intake from food." in said


def test_evidence_takes_several_words_and_says_when_no_row_has_them() -> None:
    assert "reid2018" in osteon("evidence", "zoledronate", "osteopenia").stdout
    assert "No row has 'xyzzy'" in osteon("evidence", "xyzzy").stdout


def test_a_person_can_come_from_standard_input() -> None:
    text = (ROOT / "examples" / "minimal.json").read_text("utf-8")
    done = osteon("classify", "-", "--format", "json", stdin=text)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["diagnosis"] == "osteopenia"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["classify", "examples/fuller.json"],
        ["report", "examples/fuller.json"],
        ["trial", "power", "examples/trial_cell_dose.toml", "--people", "200", "--trials", "200"],
    ],
)
def test_no_command_of_the_default_install_imports_jax(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom osteon.cli.app import _exit_code\n"
        f"assert _exit_code({arguments!r}) == 0\n"
        "heavy = {'jax', 'scipy', 'polars', 'typst', 'fastapi', 'distributed'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_bug_is_reported_without_the_persons_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from osteon.cli import app

    def explode(*_: object) -> None:
        raise RuntimeError("age_years=64 weight_kg=61")

    monkeypatch.setattr("osteon.densitometry.assess", explode)
    assert app._exit_code(["classify", str(ROOT / "examples" / "fuller.json")]) == 1
    said = capsys.readouterr().err
    assert "a bug in Osteon (RuntimeError)" in said
    assert "64" not in said


def test_projection_files_hold_every_point(tmp_path: Path) -> None:
    import csv

    import polars

    out = tmp_path / "curves.csv"
    parquet = tmp_path / "curves.parquet"
    for file in (out, parquet):
        done = osteon(
            "project",
            "examples/fuller.json",
            "--therapy",
            "none",
            "--therapy",
            "denosumab",
            "--years",
            "5",
            "--out",
            str(file),
        )
        assert done.returncode == 0, done.stderr
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["therapy"] for row in rows} == {"none", "denosumab"}
    assert {row["site"] for row in rows} == {"lumbar_spine", "total_hip", "femoral_neck"}
    assert all(float(row["lower"]) <= float(row["median"]) <= float(row["upper"]) for row in rows)
    frame = polars.read_parquet(parquet)
    assert frame.height == len(rows)
    assert frame["median"].to_list() == pytest.approx([float(row["median"]) for row in rows])


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_a_report_comes_out_whole_whatever_the_terminals_encoding(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "osteon", "report", "examples/minimal.json"],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert done.returncode == 0, done.stderr
    assert "−1.8" in done.stdout.decode("utf-8")


def test_the_ending_of_the_file_says_what_to_write(tmp_path: Path) -> None:
    page, data, strange = tmp_path / "r.html", tmp_path / "r.json", tmp_path / "r.docx"
    assert osteon("report", "examples/minimal.json", "--out", str(page)).returncode == 0
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert osteon("report", "examples/minimal.json", "--out", str(data)).returncode == 0
    json.loads(data.read_text("utf-8"))
    done = osteon("report", "examples/minimal.json", "--out", str(strange))
    assert done.returncode == 2
    assert "End it in .txt, .html, .pdf or .json" in done.stderr


def test_a_full_disk_is_a_message_and_no_bug() -> None:
    full = Path("/dev/full")
    if not full.exists():  # only Linux has it
        return
    with full.open("wb") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "osteon", "therapies", "--format", "json"],
            cwd=ROOT,
            stdout=stream,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert "cannot write the result" in done.stderr


def test_the_comparison_is_a_page_when_a_file_is_named(tmp_path: Path) -> None:
    page = tmp_path / "comparison.html"
    done = osteon("compare", "examples/fuller.json", "--out", str(page))
    assert (done.returncode, done.stdout) == (0, "")
    assert page.read_text("utf-8").startswith("<!doctype html>")
    refused = osteon("compare", "examples/fuller.json", "--out", str(page), "--format", "json")
    assert refused.returncode == 2
    assert "--out writes the page" in refused.stderr


def test_every_study_stands_beside_the_word_that_listed_is_not_approved() -> None:
    done = osteon("studies", "examples/fuller.json", "--all")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    studies = [line for line in lines if line.startswith("NCT")]
    assert len(studies) > 10
    assert all(line.endswith("(listed is not approved)") for line in studies)
    assert sum("https://" in line for line in lines) == len(studies)


def test_therapies_says_what_the_bone_model_projects() -> None:
    found = json.loads(
        subprocess.run(
            [sys.executable, "-m", "osteon", "therapies", "--format", "json"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
    assert all(one["projected"] and one["given"] for one in found)
    assert next(one["given"] for one in found if one["name"] == "zoledronate") == "5 mg by infusion every year"


@pytest.mark.parametrize("command", ["classify", "risk", "options"])
def test_an_answer_from_an_old_scan_says_so(command: str) -> None:
    old = json.dumps(
        {
            "sex": "female",
            "age_years": 61,
            "menopause_age_years": 51,
            "scans": [{"date": "2018-07-01", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}],
        }
    )
    done = osteon(command, "-", stdin=old)
    assert done.returncode == 0
    assert "The latest scan is" in done.stderr
    assert "2018" in done.stderr
    assert "The latest scan is" not in osteon(command, "-", "--format", "json", stdin=old).stdout
