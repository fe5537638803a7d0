"""Blocks on a Dask cluster: the same parts as on this machine, computed elsewhere and written here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import islice
from typing import Any

from osteon.errors import MissingExtraError, ModelError, UsageError
from osteon.trial.compute import compute, versions
from osteon.trial.enrol import Share
from osteon.trial.protocol import Protocol
from osteon.trial.store import Part
from osteon.twin.engine.simulate import Backend

IN_HAND = 2
"""Blocks for each thread of the cluster that are handed out at a time."""

WAIT = "10s"
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^\s:/]+:\d{1,5}")


def cluster_parts(
    address: str, protocol: Protocol, todo: Iterator[Share], engine: Backend
) -> Iterator[tuple[Share, Part]]:
    """The parts as a cluster finishes them.

    Parameters
    ----------
    address
        Of the scheduler: ``tcp://host:port``.
    protocol, todo, engine
        The trial, the blocks that are left, and the driver.

    Raises
    ------
    MissingExtraError
        The library for clusters is not installed.
    UsageError
        Nobody answers at the address, or a worker has other versions.
    ModelError
        Workers were lost on the same block again and again.
    """
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        raise MissingExtraError("Running on a cluster", "cluster") from None
    check_address(address)
    try:
        client = dask.Client(address, timeout=WAIT, set_as_default=False)
    except OSError:
        raise UsageError(
            "no scheduler answers there",
            where=f"--cluster {address}",
            mend="Start one with 'dask scheduler' and workers with 'dask worker', and write its address",
        ) from None
    with client:
        here = versions(engine)
        _same_versions(client.run(versions, engine), here, address)
        in_hand = IN_HAND * sum(client.nthreads().values())
        running: dict[str, Share] = {}

        def hand_out(count: int) -> list[Any]:
            futures = []
            for share in islice(todo, count):
                future = client.submit(compute, protocol, share, engine, pure=False)
                running[future.key] = share
                futures.append(future)
            return futures

        finished = dask.as_completed(hand_out(in_hand), loop=client.loop)
        for future in finished:
            try:
                part = future.result()
            except dask.KilledWorker:
                raise ModelError(
                    "workers of the cluster were lost on the same block, perhaps for want of memory",
                    mend="Run again with --resume once the cluster is well",
                ) from None
            yield running.pop(future.key), part
            for more in hand_out(1):
                finished.add(more)


def check_address(address: str) -> None:
    """Refuse what is no address of a scheduler."""
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            "that is not the address of a scheduler",
            where=f"--cluster {address}",
            mend="Write for example tcp://127.0.0.1:8786",
        )


def _same_versions(workers: Mapping[str, dict[str, str]], here: dict[str, str], address: str) -> None:
    if not workers:
        raise UsageError("the cluster has no workers", where=f"--cluster {address}", mend="Start some: dask worker")
    for there in workers.values():
        for name, version in here.items():
            if there.get(name) != version:
                raise UsageError(
                    f"a worker has {name} {there.get(name, 'none')}, and {version} is here",
                    where=f"--cluster {address}",
                    mend="Install the same versions everywhere, so that the result is the same everywhere",
                )
