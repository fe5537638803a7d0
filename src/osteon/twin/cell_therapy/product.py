"""A cell product and how it is given, as a regimen that the bone model understands.

The model counts a dose in millions of living cells, as potent as marrow cells, on the channel of its route. Whether
fat or cord cells are more or less potent for bone than marrow cells is not known: the relative potency is 1 unless a
hypothesis says otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from osteon.errors import UsageError
from osteon.evidence.loader import value
from osteon.twin.engine.regimen import Bolus, Regimen

Source: TypeAlias = Literal["marrow", "adipose", "cord"]
Route: TypeAlias = Literal["intravenous", "lumbar_spine", "total_hip", "femoral_neck"]

CHANNELS: dict[Route, str] = {
    "intravenous": "cells_iv",
    "lumbar_spine": "cells_lumbar_spine",
    "total_hip": "cells_total_hip",
    "femoral_neck": "cells_femoral_neck",
}
"""The name under which the model takes each route's doses."""

MILLION = 1e6

BEYOND_TRIALS = 10.0
"""Doses up to so many times the largest that was found in a trial, and down to the smallest over this, are accepted."""

SHORTEST_INTERVAL_DAYS = 1.0
LONGEST_INTERVAL_DAYS = 3650.0
MOST_INFUSIONS = 120
"""Monthly for ten years; the largest number found is eight (``cells.infusions.most``)."""

LIGHTEST_KG, HEAVIEST_KG = 20.0, 300.0
LARGEST_POTENCY = 10.0


def plausible_millions() -> tuple[float, float]:
    """The range of doses that are accepted, in millions of cells given at one time."""
    return value("cells.dose.smallest") / BEYOND_TRIALS, value("cells.dose.largest") * BEYOND_TRIALS


def plausible_cells_per_kg() -> tuple[float, float]:
    """The range of doses that are accepted, in cells per kilogram."""
    return (
        value("cells.dose.per_kg.smallest") / BEYOND_TRIALS * MILLION,
        value("cells.dose.per_kg.largest") * BEYOND_TRIALS * MILLION,
    )


THERAPIES: dict[str, Source] = {"msc_marrow": "marrow", "msc_adipose": "adipose", "msc_cord": "cord"}
"""The fixed names of the therapies, and the source of cells that each means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProduct:
    """A product, its dose, its route and its schedule.

    Attributes
    ----------
    million_cells
        Cells in one infusion or injection, in millions. Give this or ``cells_per_kg``.
    cells_per_kg, weight_kg
        Cells (not millions of them) per kilogram of body weight, as trials state a dose: 2e6 is two million per
        kilogram. The body weight is then needed.
    source
        ``marrow``, ``adipose`` or ``cord``.
    viability
        Share of the cells that are alive when given, above 0 and up to 1.
    relative_potency
        Effect of a living cell relative to a marrow cell.
    route
        ``intravenous``, or the site into whose bone the cells are injected.
    infusions, interval_days
        How many times, and how many days apart.

    Raises
    ------
    UsageError
        Anything implausible; the message gives the plausible range.
    """

    million_cells: float | None = None
    cells_per_kg: float | None = None
    weight_kg: float | None = None
    source: Source = "marrow"
    viability: float = 1.0
    relative_potency: float = 1.0
    route: Route = "intravenous"
    infusions: int = 1
    interval_days: float = 30.0

    def __post_init__(self) -> None:
        _one_of(self.source, get_args(Source), "source of cells")
        _one_of(self.route, get_args(Route), "route")
        if (self.million_cells is None) == (self.cells_per_kg is None):
            raise UsageError(
                "a cell product needs one dose, and only one",
                mend="Give million_cells, or cells_per_kg with weight_kg",
            )
        if self.cells_per_kg is not None:
            _within(self.cells_per_kg, *plausible_cells_per_kg(), "dose", "cells per kg")
            if self.weight_kg is None:
                raise UsageError(
                    "a dose in cells per kilogram needs the person's body weight",
                    mend="Give weight_kg, or the whole dose as million_cells",
                )
            _within(self.weight_kg, LIGHTEST_KG, HEAVIEST_KG, "body weight", "kg")
        _within(self.cells_given, *plausible_millions(), "dose", "million cells")
        if not 0.0 < self.viability <= 1.0:
            raise UsageError(f"a viability of {self.viability:g} is not a share", mend="Write a number above 0 up to 1")
        _within(self.relative_potency, 1.0 / LARGEST_POTENCY, LARGEST_POTENCY, "relative potency", "times marrow cells")
        if isinstance(self.infusions, bool) or not isinstance(self.infusions, int):
            raise UsageError(f"{self.infusions!r} is not a number of infusions", mend="Write a whole number")
        _within(self.infusions, 1, MOST_INFUSIONS, "number of infusions", "in all")
        _within(self.interval_days, SHORTEST_INTERVAL_DAYS, LONGEST_INTERVAL_DAYS, "interval", "days")

    @property
    def cells_given(self) -> float:
        """Cells in one infusion or injection, in millions."""
        if self.million_cells is not None:
            return self.million_cells
        return (self.cells_per_kg or 0.0) / MILLION * (self.weight_kg or 0.0)

    @property
    def living_cells(self) -> float:
        """Living cells in one infusion or injection, in millions of marrow-cell equivalents: the model's dose."""
        return self.cells_given * self.viability * self.relative_potency

    @property
    def is_local(self) -> bool:
        """Whether the cells go into the bone of one site."""
        return self.route != "intravenous"

    @property
    def course_days(self) -> float:
        """Days from the first infusion to the last."""
        return (self.infusions - 1) * self.interval_days

    @property
    def regimen(self) -> Regimen:
        """The dose events for the engine."""
        interval = self.interval_days if self.infusions > 1 else math.inf
        dose = Bolus(CHANNELS[self.route], self.living_cells, 0.0, interval, self.infusions)
        return Regimen(f"msc_{self.source}, {self.label}", (dose,))

    @property
    def label(self) -> str:
        """One line in words."""
        where = "into a vein" if self.route == "intravenous" else f"into the bone of the {self.route.replace('_', ' ')}"
        often = "once" if self.infusions == 1 else f"{self.infusions} times, {self.interval_days:g} days apart"
        alive = "" if self.viability == 1.0 else f" ({100 * self.viability:g} % alive)"
        by_weight = "" if self.cells_per_kg is None else f" ({plain(self.cells_per_kg)} per kg)"
        return f"{self.cells_given:g} million {self.source} cells{by_weight}{alive} {where}, {often}"


def default_product(therapy: str) -> CellProduct:
    """What a therapy's fixed name alone stands for: one infusion of the dose given to frail older people.

    Raises
    ------
    UsageError
        The name is not that of a cell therapy.
    """
    _one_of(therapy, tuple(THERAPIES), "cell therapy")
    return CellProduct(million_cells=value("cells.dose.frailty"), source=THERAPIES[therapy])


def _one_of(word: str, known: tuple[str, ...], what: str) -> None:
    if word not in known:
        raise UsageError(f"{word!r} is not a {what}", mend=f"Write one of: {', '.join(known)}")


def _within(number: float, low: float, high: float, what: str, unit: str) -> None:
    # A comparison with NaN is false, and one with infinity is decided, so both are refused here.
    if not low <= number <= high:
        # "1 billion million cells" would help nobody.
        say = "{:,.12g}".format if unit.startswith("million") else plain
        raise UsageError(
            f"{'an' if what[0] in 'aeiou' else 'a'} {what} of {say(number)} {unit} is not plausible",
            mend=f"Write a number from {say(low)} to {say(high)} {unit}",
        )


def plain(number: float) -> str:
    """A number as people write it: ``1 million`` and ``0.2 million`` rather than ``1e+06`` and ``200000``."""
    for smallest, size, word in ((1e9, 1e9, "billion"), (1e5, 1e6, "million")):
        if smallest <= abs(number) < 1e12:
            return f"{number / size:g} {word}"
    return f"{number:g}"
