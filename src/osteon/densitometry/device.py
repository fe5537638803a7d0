"""Whose scanner it was: the maker behind a device's name, as people write it.

"Hologic Horizon A", "GE Lunar Prodigy" and "Lunar iDXA" are read alike in any case and order of words. A name that
fits no maker, or more than one, has no maker: a T-score is then never computed from its bone density.
"""

from __future__ import annotations

import re
from typing import Literal

Maker = Literal["hologic", "ge_lunar", "norland"]

MAKER_LABELS: dict[Maker, str] = {"hologic": "Hologic", "ge_lunar": "GE Lunar", "norland": "Norland"}

# Bone density that is already on the scale of NHANES III (its scanners were Hologic's) may be given under this name.
NHANES_SCALE = "NHANES III (Hologic scale)"

_MAKER_WORDS: dict[Maker, frozenset[str]] = {
    "hologic": frozenset({"hologic", "horizon", "discovery", "delphi", "qdr", "explorer", "nhanes"}),
    "ge_lunar": frozenset({"ge", "lunar", "prodigy", "idxa", "dpx", "encore"}),
    "norland": frozenset({"norland", "illuminatus"}),
}
# Ultrasound and heel devices of the same makers: their numbers are not bone densities of spine or hip.
_NOT_CENTRAL_DXA = frozenset({"achilles", "sahara", "pixi", "ultrasound", "qus", "heel"})


def maker_of(device: str | None) -> Maker | None:
    """The maker of a scanner, or none when the name is missing, unknown or ambiguous.

    Parameters
    ----------
    device
        Maker and model as the report or the user wrote it.
    """
    words = set(re.findall(r"[a-z]+", (device or "").casefold()))
    if words & _NOT_CENTRAL_DXA:
        return None
    found = [maker for maker, names in _MAKER_WORDS.items() if words & names]
    return found[0] if len(found) == 1 else None


def same_scanner(first: str | None, second: str | None) -> bool | None:
    """Whether two scans name the same scanner; none when one of them names none.

    Bone density may only be followed on one scanner. Spelling in capitals, spaces and punctuation does not matter;
    every other difference does, because it may be a serial number.
    """
    if not (first or "").strip() or not (second or "").strip():
        return None
    return _bare(first) == _bare(second)


def _bare(name: str | None) -> str:
    return re.sub(r"[^a-z0-9]+", "", (name or "").casefold())
