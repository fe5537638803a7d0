"""Time the bone model beside its peers and write the table of ``docs/speed.md``.

Every engine runs in a process of its own, pinned to one processor core and one thread, in turn, several rounds; the
best round counts, because other work on the machine can only slow a run down. A peer is run at several tolerances, and
the fastest whose BMD differs by at most one part in a million from the exact solution stands for it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "speed.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
BUDGET = 1e-6
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NPROC")
ONE_THREAD = dict.fromkeys(THREADS, "1")
OWN_BEGIN, OWN_END = "<!-- measured, own model: begin -->", "<!-- measured, own model: end -->"
LABELS = {
    "jax long": "Osteon, JAX, long steps",
    "jax standard": "Osteon, JAX, standard steps",
    "numpy long": "Osteon, NumPy, long steps",
    "numpy standard": "Osteon, NumPy, standard steps",
    "float long": "Osteon, plain Python, long steps",
    "roadrunner Adams": "libRoadRunner (CVODE, Adams), fastest tolerance",
    "roadrunner BDF": "libRoadRunner (CVODE, BDF, its default), fastest tolerance",
    "lsoda": "SciPy LSODA, right-hand side in Python, fastest tolerance",
}

OWN_LABELS = {
    "own jax": "Osteon, JAX",
    "own numpy": "Osteon, NumPy",
    "own float": "Osteon, plain Python",
    "own-roadrunner Adams": "libRoadRunner (CVODE, Adams) on the exported SBML, fastest tolerance",
    "own-roadrunner BDF": "libRoadRunner (CVODE, BDF, its default) on the exported SBML, fastest tolerance",
}

Measured = dict[str, float]


def measure(name: str, seconds: float, core: int) -> Measured:
    """One engine in a process of its own on one core."""

    def pin() -> None:
        os.sched_setaffinity(0, {core})

    environment = {**os.environ, **ONE_THREAD, "JAX_PLATFORMS": "cpu", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "bench.work", name, str(seconds)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
        preexec_fn=pin,
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def fastest_accurate(prefix: str, seconds: float, core: int) -> str:
    """The name of the fastest variant of a peer within the budget of error, from one quick look at each."""
    from bench.work import ENGINES

    looks = {name: measure(name, seconds / 4.0, core) for name in ENGINES if name.startswith(prefix + " ")}
    good = {name: one for name, one in looks.items() if one["difference"] <= BUDGET}
    if not good:
        raise SystemExit(f"no variant of {prefix} keeps within {BUDGET:g}")
    return max(good, key=lambda name: good[name]["people_per_second"])


def render(rows: dict[str, tuple[str, Measured]]) -> str:
    """The table in Markdown, with machine-independent ratios."""
    peer, default = (
        next(one["people_per_second"] for key, (_, one) in rows.items() if key.endswith(f"roadrunner {method}"))
        for method in ("Adams", "BDF")
    )
    lines = [
        "| engine | people a second | BMD difference | times libRoadRunner (Adams) | times libRoadRunner (BDF) |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for label, one in rows.values():
        speed = one["people_per_second"]
        lines.append(
            f"| {label} | {speed:,.0f} | {one['difference']:.0e} | {speed / peer:.3g} | {speed / default:.3g} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="rounds for each engine; the best counts")
    parser.add_argument("--seconds", type=float, default=2.0, help="seconds for each round")
    parser.add_argument("--core", type=int, default=min(os.sched_getaffinity(0)), help="the processor core to pin to")
    parser.add_argument("--no-write", action="store_true", help="print only; leave docs/speed.md alone")
    parser.add_argument("--model", choices=("reference", "osteon", "both"), default="both", help="which bone model")
    asked = parser.parse_args()
    console = Console()
    if asked.model != "osteon":
        rows = compare(LABELS, asked, console)
        ratio = rows["jax long"][1]["people_per_second"] / rows["roadrunner Adams"][1]["people_per_second"]
        console.print(
            f"JAX is {ratio:.0f} times libRoadRunner at its fastest, both within {BUDGET:g} of the exact BMD."
        )
        if not asked.no_write:
            put(render(rows), BEGIN, END, console)
    if asked.model != "reference":
        rows = compare(OWN_LABELS, asked, console)
        speed = rows["own jax"][1]["people_per_second"]
        console.print(f"Osteon's own model: {speed:,.0f} people a second with JAX on one core.")
        if not asked.no_write:
            put(render(rows), OWN_BEGIN, OWN_END, console)


def compare(labels: dict[str, str], asked: argparse.Namespace, console: Console) -> dict[str, tuple[str, Measured]]:
    """Measure the engines of one model in turn, round by round, and print a table."""
    chosen = {}
    for key, label in labels.items():
        peer = "roadrunner" in key or key.startswith("lsoda")
        if peer:
            console.print(f"[dim]choosing the tolerance: {label} ...[/dim]")
        chosen[key] = fastest_accurate(key, asked.seconds, asked.core) if peer else key
    found: dict[str, list[Measured]] = {key: [] for key in labels}
    for number in range(asked.rounds):
        console.print(f"[dim]round {number + 1} of {asked.rounds} ...[/dim]")
        for key, name in chosen.items():
            found[key].append(measure(name, asked.seconds, asked.core))
    rows: dict[str, tuple[str, Measured]] = {}
    for key, label in labels.items():
        tolerance = "" if chosen[key] == key else f" ({chosen[key].split()[-1]})"
        rows[key] = label + tolerance, max(found[key], key=lambda one: one["people_per_second"])
    table = Table("engine", "people a second", "largest BMD difference", "start, s")
    for label, one in rows.values():
        speed, difference = f"{one['people_per_second']:,.0f}", f"{one['difference']:.1e}"
        table.add_row(label, speed, difference, f"{one['ready_seconds']:.1f}")
    console.print(table)
    return rows


def put(text: str, begin: str, end: str, console: Console) -> None:
    """Write a table between its marks in the page."""
    before, rest = PAGE.read_text(encoding="utf-8").split(begin)
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}", encoding="utf-8")
    console.print(f"Written to {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
