"""Where the cells go and how long they act: what was measured, and how a hypothesis may differ from it.

Measured (evidence rows ``cells.*``): about 30 % of the label stands in the lung right after an infusion and 4 % after
ten days, while spleen and liver fill; living donor cells were found in the lung of mice for a day, and elsewhere never;
four weeks after an infusion no donor cell was found in the bones of rabbits (limit 0.001 %), and 0.02 to 0.05 % of the
cells of the site after an injection into it, none of them in the other leg.

Not measured: for how long what the cells secreted goes on acting on bone, and whether signals sent from the lung reach
bone at all. :class:`Signal` holds these two unknowns. Its defaults are the generous ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from osteon.errors import UsageError
from osteon.evidence.loader import value
from osteon.twin.cell_therapy.product import CellProduct

Path: TypeAlias = Literal["blood", "marrow"]

SHORTEST_HALF_LIFE_DAYS, LONGEST_HALF_LIFE_DAYS = 0.1, 730.0

SOURCES = (
    "cells.lung.day_0",
    "cells.lung.day_10",
    "cells.spleen.day_10",
    "cells.liver.day_10",
    "cells.alive.last_seen",
    "eggenhofer2012.gone_hours",
    "cells.settled.infused.limit",
    "cells.settled.injected",
    "cells.settled.other_leg",
)
"""The evidence rows behind this module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What has to be assumed about the signal that cells send to bone.

    Attributes
    ----------
    half_life_days
        Days in which the signal halves. None keeps the model's own: about a week for what cells secrete, two months
        for cells that settled. A number replaces both.
    path
        ``blood``: what cells secrete anywhere reaches every bone in full (generous). ``marrow``: only cells that reach
        the marrow count; after an infusion that is at most the detection limit of the measurement. A local injection
        is the same either way.
    """

    half_life_days: float | None = None
    path: Path = "blood"

    def __post_init__(self) -> None:
        low, high = SHORTEST_HALF_LIFE_DAYS, LONGEST_HALF_LIFE_DAYS
        if self.half_life_days is not None and not low <= self.half_life_days <= high:
            raise UsageError(
                f"a signal with a half-life of {self.half_life_days:g} days is not plausible",
                mend=f"Write a number from {low:g} to {high:g} days",
            )
        if self.path not in get_args(Path):
            raise UsageError(f"{self.path!r} is not a path of the signal", mend="Write blood or marrow")

    def overrides(self) -> dict[str, float]:
        """The model's parameters that this assumption replaces."""
        found = {}
        if self.half_life_days is not None:
            found = dict.fromkeys(("cell_secretome_k", "cell_engrafted_k"), math.log(2.0) / self.half_life_days)
        if self.path == "marrow":
            found["cell_reach_iv"] = value("cells.settled.infused.limit") / 100.0
        return found


@dataclass(frozen=True, slots=True)
class Fate:
    """Where the cells of one infusion or injection are, as measured; millions of cells.

    ``in_lung_now`` and ``in_lung_day_10`` follow the label, which outlives the cells. ``settled_most`` is the largest
    number that the measurements allow in the target bone four weeks later.
    """

    in_lung_now: float
    in_lung_day_10: float
    in_spleen_and_liver_day_10: float
    settled_most: float
    sentence: str


def lung_half_life_days() -> float:
    """Days in which the label in the lung halves, between the two measurements ten days apart."""
    return 10.0 * math.log(2.0) / math.log(value("cells.lung.day_0") / value("cells.lung.day_10"))


def signal_half_life_days(parameters: Mapping[str, float]) -> float:
    """Days in which the model's signal of secreting cells halves."""
    return math.log(2.0) / parameters["cell_secretome_k"]


def settled_half_life_days(parameters: Mapping[str, float]) -> float:
    """Days in which the model's settled cells halve."""
    return math.log(2.0) / parameters["cell_engrafted_k"]


def fate(product: CellProduct) -> Fate:
    """Where the cells of one dose are, from the measured shares."""
    given = product.cells_given * product.viability
    if product.is_local:
        settled = given * value("cells.settled.injected") / 100.0
        return Fate(
            0.0,
            0.0,
            0.0,
            settled,
            f"Of {given:g} million living cells injected, about {settled:.2g} million are at the site after four "
            "weeks, and none was found elsewhere in bone.",
        )
    shares = {
        name: given * value(f"cells.{name}") / 100.0
        for name in ("lung.day_0", "lung.day_10", "spleen.day_10", "liver.day_10")
    }
    limit = given * value("cells.settled.infused.limit") / 100.0
    return Fate(
        shares["lung.day_0"],
        shares["lung.day_10"],
        shares["spleen.day_10"] + shares["liver.day_10"],
        limit,
        f"Of {given:g} million living cells infused, about {shares['lung.day_0']:.2g} million stand in the lung at "
        f"once. In mice none is alive anywhere after {value('eggenhofer2012.gone_hours'):g} hours. After four weeks "
        f"fewer than {limit:.2g} million can be in bone; none was found.",
    )
