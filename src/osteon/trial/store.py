"""The folder of a run: a part for every block as it is finished, then the whole tables, and what they came from.

A part counts as finished when its sums are there: they are written last, under another name first, so that a run
that was killed leaves no half of a part behind that could be taken for one.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osteon.errors import MissingExtraError, UsageError
from osteon.trial.block import BlockResult

Floats = NDArray[np.float64]

TABLES = ("people", "outcomes", "fractures")
PLAN_WORDS = {
    "design_sha256": "another design",
    "people": "another number of people",
    "block_of_candidates": "another size of blocks",
    "versions": "other versions",
}
MANIFEST, SUMMARY, PARTS = "manifest.json", "summary.json", "parts"


def parquet_library() -> Any:
    """The library that writes Parquet.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        import polars
    except ImportError:
        raise MissingExtraError("Writing Parquet", "parquet") from None
    return polars


@dataclass(frozen=True, slots=True)
class Part:
    """A finished block as files: Parquet by table, and its sums as JSON."""

    number: int
    tables: Mapping[str, bytes]
    sums: bytes


def pack(number: int, result: BlockResult, arms: tuple[str, ...]) -> Part:
    """The files of a block's result; arms are called by their names."""
    polars = parquet_library()
    kind = polars.Enum(list(arms))
    names = np.array(arms)
    tables = {}
    for name in TABLES:
        given = getattr(result, name)
        if given is None:
            continue
        frame = polars.DataFrame({**given, "arm": polars.Series(names[given["arm"]], dtype=kind)})
        # What nobody could see, and what did not happen within the trial, is missing and not a strange number.
        floats = [key for key, column in given.items() if column.dtype.kind == "f"]
        frame = frame.with_columns(
            polars.when(polars.col(key).is_finite()).then(polars.col(key)).alias(key) for key in floats
        )
        stream = io.BytesIO()
        frame.write_parquet(stream)
        tables[name] = stream.getvalue()
    sums = {
        "failed": list(result.failed),
        "sums": {key: one.tolist() for key, one in result.sums.items()},
    }
    return Part(number, tables, json.dumps(sums, allow_nan=False).encode())


class Folder:
    """The folder of one run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts = path / PARTS

    def open(self, plan: Mapping[str, Any], *, resume: bool) -> bool:
        """Make the folder ready for a run of this plan; returns whether the run is complete already.

        Raises
        ------
        UsageError
            Another run, or anything else, is in the folder; or it cannot be made.
        """
        manifest = self.path / MANIFEST
        if manifest.exists():
            known = _json(manifest)
            if not resume:
                raise UsageError(
                    "there is a run in this folder already",
                    where=f"--out {self.path}",
                    mend="Add --resume to go on with it, or choose another folder",
                )
            self._same(known.get("plan", {}), plan)
            return bool(known.get("complete"))
        if self.path.exists() and any(self.path.iterdir()):
            raise UsageError(
                "the folder holds other files", where=f"--out {self.path}", mend="Choose a new or an empty folder"
            )
        try:
            self.parts.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"the folder cannot be made: {error.strerror}", where=f"--out {self.path}", mend="Choose another place"
            ) from None
        self.write_json(MANIFEST, {"complete": False, "plan": plan})
        return False

    def _same(self, known: Mapping[str, Any], plan: Mapping[str, Any]) -> None:
        other = [key for key in plan if known.get(key) != plan[key]]
        if other:
            raise UsageError(
                f"the run in this folder has {' and '.join(PLAN_WORDS.get(key, f'another {key}') for key in other)}",
                where=f"--out {self.path}",
                mend="Go on with the same design, number of people, engine and version, or choose another folder",
            )

    def write_json(self, name: str, data: Any) -> None:
        """Write a JSON file whole or not at all; refuses NaN."""
        _whole(self.path / name, (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode())

    def done(self) -> set[int]:
        """The numbers of the finished parts."""
        return {int(one.stem.split("-")[1]) for one in self.parts.glob("sums-*.json")}

    def keep(self, part: Part) -> None:
        """Write a part, its sums last."""
        for name, content in part.tables.items():
            _whole(self.parts / f"{name}-{part.number:06}.parquet", content)
        _whole(self.parts / f"sums-{part.number:06}.json", part.sums)

    def sums(self, numbers: Iterable[int]) -> Iterator[tuple[dict[str, Floats], list[int]]]:
        """The sums of the parts and who failed in each, in this order."""
        for number in numbers:
            one = _json(self.parts / f"sums-{number:06}.json")
            yield {key: np.array(given) for key, given in one["sums"].items()}, one["failed"]

    def join(self, numbers: list[int]) -> dict[str, str]:
        """Put the parts together, in this order, and return the SHA-256 of each whole table."""
        polars = parquet_library()
        hashes = {}
        for name in TABLES:
            files = [self.parts / f"{name}-{number:06}.parquet" for number in numbers]
            if not files[0].exists():
                continue
            whole = self.path / f"{name}.parquet"
            draft = whole.with_suffix(".draft")
            polars.scan_parquet(files).sink_parquet(draft, maintain_order=True)
            draft.replace(whole)
            hashes[whole.name] = _sha256(whole)
        return hashes

    def clear(self) -> None:
        """Take the parts away once the whole tables are there."""
        for one in self.parts.glob("*"):
            one.unlink()
        self.parts.rmdir()


def _whole(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.write_bytes(content)
    draft.replace(path)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise UsageError("this file of the run is damaged", where=str(path), mend="Choose another folder with --out")
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
