"""Numbers found in DICOM files, and the names that densitometers give to regions."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from osteon.exchange.result import Ignored
from osteon.person import Side, Site, Vertebra

_SPAN = re.compile(r"l([1-4])(?:\s*-\s*l([1-4]))?(?:\s*\(([^)]*)\))?", re.ASCII)
_FEMUR = re.compile(
    r"(?:(left|right|mean)\s+)?(?:femoral\s+)?(neck|total)(?:\s+(?:hip|femur))?(?:\s+(left|right|mean))?"
)
_THIRD = re.compile(r"(?:radius\s*)?(?:1/3|33\s*%|one[- ]third)(?:\s*radius)?")


class Region(NamedTuple):
    """A measured region in the words of the record."""

    site: Site
    side: Side | None = None
    vertebrae: tuple[Vertebra, ...] | None = None

    @property
    def fields(self) -> dict[str, object]:
        """The region as fields of a site in the record."""
        return {name: value for name, value in self._asdict().items() if value is not None}


class Number(NamedTuple):
    """One number: the day, the region, the field of the record, and the place in the file."""

    day: dt.date
    region: Region
    field: str
    value: float
    where: str


@dataclass(slots=True)
class Findings:
    """What the files of an examination say, before it is put together."""

    numbers: list[Number] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def named_region(scan: str, region: str) -> Region | None:
    """The region that a densitometer means by the name of a scan and of a row in it.

    Parameters
    ----------
    scan
        The name of the scan: ``AP Spine``, ``DualFemur``, ``Left Hip``, ``a Left Forearm``.
    region
        The name of the row: ``L1-L4``, ``L1-L4 (L3)`` (without L3), ``Neck``, ``Total Right``, ``Radius 33%``, ``1/3``.

    Returns
    -------
    The region, or none when it is one by which bone density is not classified, or when the names do not settle it.
    """
    scan, region = " ".join(scan.casefold().split()), " ".join(region.casefold().replace("–", "-").split())
    if re.search(r"spine|lumbar", scan) and not re.search(r"lateral", scan):
        span = _SPAN.fullmatch(region)
        return Region("lumbar_spine", vertebrae=_vertebrae(span)) if span and _vertebrae(span) else None
    side = _side(scan)
    if re.search(r"hip|femur", scan):
        named = _FEMUR.fullmatch(region)
        if named is None or (named[1] and named[3]):
            return None
        own = cast("Side | None", named[1] or named[3])
        if side and own and side != own:
            return None
        return Region("femoral_neck" if named[2] == "neck" else "total_hip", own or side)
    if re.search(r"forearm|radius", scan) and _THIRD.fullmatch(region):
        return Region("radius_33", side)
    return None


def _vertebrae(span: re.Match[str]) -> tuple[Vertebra, ...]:
    first, last = int(span[1]), int(span[2] or span[1])
    left_out = {int(number) for number in re.findall(r"l([1-4])", span[3] or "")}
    return cast(
        "tuple[Vertebra, ...]", tuple(f"L{number}" for number in range(first, last + 1) if number not in left_out)
    )


def _side(scan: str) -> Side | None:
    words = set(re.findall(r"[a-z]+", scan))
    found: list[Side] = [side for side, names in _SIDES.items() if words & names]
    return found[0] if len(found) == 1 else None


_SIDES: dict[Side, set[str]] = {"left": {"left", "l"}, "right": {"right", "r"}}
