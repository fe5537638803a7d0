"""Run a planned trial into a folder: blocks in processes, finished parts on disk, then whole tables and a summary.

What comes out depends on the design and the number of people only: not on the workers, on the order in which blocks
are finished, or on a stop in between.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from osteon.errors import MissingExtraError, ModelError, UsageError
from osteon.trial.cluster import check_address, cluster_parts
from osteon.trial.compute import compute, versions
from osteon.trial.enrol import BLOCK, Share, shares
from osteon.trial.fracture_ratios import fracture_ratios
from osteon.trial.model_error import model_shifts
from osteon.trial.outcome import TrialSummary
from osteon.trial.protocol import Protocol
from osteon.trial.protocol_file import ReadProtocol
from osteon.trial.store import MANIFEST, SUMMARY, Folder, Part, parquet_library
from osteon.trial.summarise import added, summarise
from osteon.twin.engine.simulate import Backend

Engine = Literal["auto", "numpy", "jax"]
Tell = Callable[[int, int], None]

JAX_FROM_PEOPLE = 50_000
"""From so many people on, JAX makes up for the time that it takes to compile."""

MOST_PEOPLE = 100_000_000
IN_HAND = 2
"""Blocks for each worker that are handed out at a time."""


def run_protocol(
    read: ReadProtocol,
    *,
    people: int,
    out: Path,
    workers: int = 1,
    cluster: str | None = None,
    resume: bool = False,
    engine: Engine = "auto",
    tell: Tell | None = None,
) -> TrialSummary:
    """Run a trial and write its folder.

    Parameters
    ----------
    read
        The design, from :func:`osteon.trial.protocol_file.read_protocol`.
    people
        How many, every one of them in every arm.
    out
        The folder: ``people.parquet``, ``outcomes.parquet`` (``fractures.parquet`` where they are an endpoint),
        ``summary.json``, ``manifest.json``.
    workers
        Processes on this machine.
    cluster
        Address of a Dask scheduler (``tcp://host:port``) whose workers are used instead.
    resume
        Go on with a run that was stopped.
    engine
        ``numpy``, ``jax``, or ``auto``: JAX where it is installed and there are many people.
    tell
        Called with people done and people in all.

    Raises
    ------
    UsageError
        The folder holds something else, or an optional part is not installed.
    ModelError
        Hardly anybody fits, or the model gives nobody an answer.
    """
    if not 1 <= people <= MOST_PEOPLE:
        raise UsageError(f"{people:,} people are not possible", mend=f"Ask for 1 to {MOST_PEOPLE:,}")
    if cluster is not None:
        check_address(cluster)
        if workers != 1:
            raise UsageError(
                "the blocks are either worked on here or on the cluster",
                where="--cluster",
                mend="Leave --workers away, or --cluster",
            )
    parquet_library()
    protocol, chosen = read.protocol, choose_engine(engine, people)
    folder = Folder(out)
    complete = folder.open(_plan(read, people, chosen), resume=resume)
    if complete:
        return _kept_summary(out / SUMMARY)
    every: list[Share] = []
    done, finished = folder.done(), 0

    def still_to_do() -> Iterator[Share]:
        nonlocal finished
        for share in shares(protocol, people):
            every.append(share)
            if share.block in done:
                finished += share.take
            else:
                yield share

    if cluster is None:
        parts = _parts(protocol, still_to_do(), workers, chosen)
    else:
        parts = cluster_parts(cluster, protocol, still_to_do(), chosen)
    for share, part in parts:
        folder.keep(part)
        finished += share.take
        if tell is not None:
            tell(finished, people)
    return _finish(folder, protocol, every)


def _kept_summary(file: Path) -> TrialSummary:
    try:
        return TrialSummary.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        raise UsageError(
            "the run is complete, and its summary is damaged or of another version of Osteon",
            where=str(file),
            mend="Choose another folder with --out",
        ) from None


def _finish(folder: Folder, protocol: Protocol, every: list[Share]) -> TrialSummary:
    numbers = [share.block for share in every]
    sums, failed = added(folder.sums(numbers))
    if len(failed) == int(sums["people"][0]):
        raise ModelError("the bone model gave no finite answer for anybody", mend="Look at the doses of the arms")
    hashes = folder.join(numbers)
    summary = summarise(
        protocol,
        sums,
        failed,
        shifts=model_shifts(protocol),
        ratios=fracture_ratios(protocol, folder.path / "fractures.parquet"),
    )
    folder.write_json(SUMMARY, summary.model_dump(mode="json"))
    manifest = {
        "complete": True,
        "plan": _known_plan(folder),
        "candidates_drawn": (every[-1].block + every[-1].blocks) * BLOCK,
        "files": {**hashes, SUMMARY: hashlib.sha256((folder.path / SUMMARY).read_bytes()).hexdigest()},
        "design": protocol.model_dump(mode="json", exclude_none=True),
    }
    folder.write_json(MANIFEST, manifest)
    folder.clear()
    return summary


def _known_plan(folder: Folder) -> Any:
    import json

    return json.loads((folder.path / MANIFEST).read_bytes())["plan"]


def _plan(read: ReadProtocol, people: int, engine: Backend) -> dict[str, Any]:
    """What decides the result; a run can only be taken up again where all of it is the same."""
    return {
        "design_sha256": read.sha256,
        "seed": read.protocol.seed,
        "people": people,
        "engine": engine,
        "block_of_candidates": BLOCK,
        "versions": versions(engine),
    }


def choose_engine(engine: Engine, people: int) -> Backend:
    """The driver that runs: as asked, or by what is installed and how many people there are.

    Raises
    ------
    MissingExtraError
        JAX is asked for and not installed.
    """
    there = find_spec("jax") is not None
    if engine == "jax" and not there:
        raise MissingExtraError("The JAX engine", "jax")
    if engine == "auto":
        return "jax" if there and people >= JAX_FROM_PEOPLE else "numpy"
    return engine


def _parts(protocol: Protocol, todo: Iterator[Share], workers: int, engine: Backend) -> Iterator[tuple[Share, Part]]:
    """The parts as they are finished."""
    if workers == 1:
        for share in todo:
            yield share, compute(protocol, share, engine)
        return
    # A fresh process, not a fork: JAX has threads of its own, and a fork in their middle can stop for ever.
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_single)
    running: dict[Future[Part], Share] = {}
    try:
        while True:
            for share in islice(todo, IN_HAND * workers - len(running)):
                running[pool.submit(compute, protocol, share, engine)] = share
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield running.pop(future), future.result()
    except BrokenProcessPool:
        raise ModelError(
            "a worker process was ended from outside, perhaps for want of memory",
            mend="Run again with --resume and fewer --workers",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _single() -> None:
    """Every worker keeps to one thread where a library asks the environment."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
