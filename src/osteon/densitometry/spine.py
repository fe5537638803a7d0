"""Which lumbar vertebrae may count, and the bone density of any set of them.

ISCD: use L1 to L4; leave out a vertebra that is structurally changed, or whose T-score differs by more than 1.0 from
its neighbour's; use what remains if it is at least two vertebrae, which need not be neighbours; never a single one. The
bone density of a set is the sum of mineral content over the sum of area.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

from osteon.densitometry.rounding import exact
from osteon.densitometry.scores import Scored, place
from osteon.errors import InputError
from osteon.evidence import value
from osteon.person import Vertebra

ALL_VERTEBRAE: tuple[Vertebra, ...] = get_args(Vertebra)


@dataclass(frozen=True, slots=True)
class KeptVertebrae:
    """The vertebrae that may count, from the top down, and why each other one may not."""

    kept: tuple[Vertebra, ...]
    left_out: Mapping[Vertebra, str]

    @property
    def usable(self) -> bool:
        """Whether enough vertebrae remain; a single one is never used."""
        return len(self.kept) >= value("iscd.vertebrae_min")


def bmd_of_set(regions: Iterable[tuple[float, float]]) -> float:
    """Bone density of several vertebrae together: ΣBMC / Σarea, in g/cm².

    Parameters
    ----------
    regions
        Mineral content (g) and area (cm²) of each vertebra of the set.

    Raises
    ------
    InputError
        The set is empty or an area is not positive.
    """
    pairs = list(regions)
    if not pairs or any(area <= 0 for _, area in pairs):
        raise InputError(
            "a set of vertebrae needs at least one region, each with an area above zero",
            mend="Give the mineral content in g and the area in cm² of each vertebra",
        )
    return sum(content for content, _ in pairs) / sum(area for _, area in pairs)


def kept_vertebrae(t_scores: Mapping[Vertebra, float], abnormal: Iterable[Vertebra] = ()) -> KeptVertebrae:
    """Choose the vertebrae that may count.

    Structurally changed vertebrae go first. Then, as long as two neighbours among the rest differ by more than 1.0 T,
    the higher one of the pair that differs most goes: wear and collapse raise the bone density that DXA sees. That is
    a proposal: which of the two is at fault is decided on the image.

    Parameters
    ----------
    t_scores
        T-score of each vertebra that has one. A vertebra without one is not compared.
    abnormal
        Vertebrae with a structural change or artefact (fracture, osteophytes, metal, laminectomy).
    """
    changed = set(abnormal)
    left_out: dict[Vertebra, str] = {one: "structural change" for one in ALL_VERTEBRAE if one in changed}
    kept = [one for one in ALL_VERTEBRAE if one not in left_out]
    limit = exact(value("iscd.vertebra.t_score_difference_max"))
    while True:
        scored = [one for one in kept if one in t_scores]
        gaps = [
            (abs(exact(t_scores[upper]) - exact(t_scores[lower])), upper, lower) for upper, lower in pairwise(scored)
        ]
        gap, upper, lower = max(gaps, default=(exact(0.0), None, None), key=lambda one: one[0])
        if gap <= limit or upper is None or lower is None:
            return KeptVertebrae(tuple(kept), left_out)
        higher, other = (upper, lower) if t_scores[upper] > t_scores[lower] else (lower, upper)
        left_out[higher] = f"T-score {gap:.1f} above {other}"
        kept.remove(higher)


def usable_spine(scored: Iterable[Scored], abnormal: Iterable[Vertebra] = ()) -> tuple[Scored | None, tuple[str, ...]]:
    """The spine measurement that may count for the diagnosis, and what has to be said about it.

    Parameters
    ----------
    scored
        All spine measurements of one scan: sets of vertebrae, and single ones for comparison.
    abnormal
        Vertebrae with a structural change, as judged on the image.

    Returns
    -------
    The measurement, or none, and the warnings.
    """
    rows = list(scored)
    sets = [one for one in rows if len(_covered(one)) >= value("iscd.vertebrae_min")]
    single = {_covered(one)[0]: one for one in rows if len(_covered(one)) == 1}
    choice = kept_vertebrae({name: one.t_score for name, one in single.items() if one.t_score is not None}, abnormal)
    if not sets:
        alone = "A single vertebra is never used for a diagnosis; give the number for the set, such as L1-L4."
        return None, (alone,) if single else ()
    # The largest set first; among equals the upper one, whatever the order in which they were written down.
    widest = min(sets, key=lambda one: (-len(_covered(one)), _covered(one), one.measurement.vertebrae is None))
    unwanted = {name: why for name, why in choice.left_out.items() if name in _covered(widest)}
    if not unwanted:
        return widest, ()
    why = "; ".join(f"{name}: {reason}" for name, reason in unwanted.items())
    if not choice.usable:
        return None, (f"Lumbar spine not used: fewer than two vertebrae can be relied on ({why}). Review the image.",)
    keep = tuple(name for name in choice.kept if name in _covered(widest))
    if len(keep) < value("iscd.vertebrae_min"):
        return None, (f"Lumbar spine not used: fewer than two vertebrae can be relied on ({why}). Review the image.",)
    together = ", ".join(keep)
    for one in sets:
        if _covered(one) == keep:
            return one, (
                f"{place(one.measurement)} is used in place of {place(widest.measurement)} ({why}). Review the image.",
            )
    regions = [single[name].measurement for name in keep if name in single]
    parts = [(one.bmc_g, one.area_cm2) for one in regions if one.bmc_g is not None and one.area_cm2 is not None]
    known = f" Their bone density together is {bmd_of_set(parts):.3f} g/cm²." if len(parts) == len(keep) else ""
    advice = f"Review the image and have the scan analysed again for {together}; no T-score of that set is recorded."
    if any(reason == "structural change" for reason in unwanted.values()):
        return None, (f"Lumbar spine not used for the diagnosis ({why}). {advice}{known}",)
    return widest, (f"{place(widest.measurement)}: vertebrae differ by more than 1.0 T ({why}). {advice}{known}",)


def _covered(one: Scored) -> tuple[Vertebra, ...]:
    named = one.measurement.vertebrae or ALL_VERTEBRAE
    return tuple(name for name in ALL_VERTEBRAE if name in named)
