"""Time and memory of a large planned trial: ``python -m bench.trial --people 1000000 --workers 2``.

Runs ``osteon trial run`` on the example design in a process of its own, adds up the memory of all its processes every
tenth of a second, and writes a row of the table in ``docs/speed.md`` with ``--write``.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/speed.md"
DESIGN = ROOT / "examples/trial_osteopenia.toml"
BEGIN, END = "<!-- measured, planned trial: begin -->", "<!-- measured, planned trial: end -->"
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="+", default=[10_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--engine", nargs="+", choices=("numpy", "jax"), default=["numpy"])
    parser.add_argument("--write", action="store_true", help="write the table into docs/speed.md")
    asked = parser.parse_args()
    rows = [measured(people, asked.workers, engine) for engine in asked.engine for people in asked.people]
    table = "\n".join(
        [
            "| engine | people | minutes | minutes of processor time | peak memory, GiB | files, GiB | load beside |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
            *rows,
        ]
    )
    print(table)
    if asked.write:
        before, rest = PAGE.read_text("utf-8").split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}", "utf-8")


def measured(people: int, workers: int, engine: str) -> str:
    """Run once, and say it as a row of the table."""
    folder = Path(tempfile.mkdtemp(prefix="osteon-bench-"))
    out = folder / "run"
    words = [sys.executable, "-m", "osteon", "trial", "run", str(DESIGN), "--people", str(people), "--out", str(out)]
    words += ["--workers", str(workers), "--engine", engine]
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    busy_before = busy()
    peak = 0
    try:
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, cwd=ROOT) as running:
            while running.poll() is None:
                peak = max(peak, sum(memory(one) for one in tree(running.pid)))
                time.sleep(0.1)
        if running.returncode:
            raise SystemExit(f"the run ended with exit code {running.returncode}")
        took = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
        load = max((busy() - busy_before - own) / took, 0.0)
        size = sum(one.stat().st_size for one in out.iterdir())
    finally:
        shutil.rmtree(folder)
    gib = 2.0**30
    return (
        f"| {engine} | {people:,} | {took / 60:.1f} | {own / 60:.1f} | {peak / gib:.2f} | {size / gib:.2f} "
        f"| {load:.1f} cores |"
    )


def busy() -> float:
    """Seconds of processor time that the whole machine has spent so far."""
    ticks = [int(one) for one in Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:]]
    return (sum(ticks[:3]) + sum(ticks[5:8])) / os.sysconf("SC_CLK_TCK")


def tree(process: int) -> list[int]:
    """A process and all that descend from it."""
    found = [process]
    for one in found:
        for listed in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in listed.read_text("ascii").split()]
            except OSError:
                continue  # it has ended
    return found


def memory(process: int) -> int:
    """Resident bytes of a process; what processes share is counted for each."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * PAGE_BYTES
    except OSError:
        return 0


if __name__ == "__main__":
    main()
