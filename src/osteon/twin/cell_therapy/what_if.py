"""What would have to be true for a cell therapy to matter.

Given a target gain, the size that each mechanism alone would need is solved for; then the same over the number of
infusions and the half-life of the signal, which is the map; then how long such a gain would last beside medicines.

The default target is the threshold of Eastell and colleagues (2022): a total-hip BMD at 24 months that is 1.42 % better
than placebo predicts fewer vertebral fractures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from osteon.errors import UsageError
from osteon.evidence.loader import value
from osteon.person import Sex
from osteon.twin.cell_therapy import durability as lasting
from osteon.twin.cell_therapy import kinetics
from osteon.twin.cell_therapy.kinetics import LONGEST_HALF_LIFE_DAYS, SHORTEST_HALF_LIFE_DAYS, Signal
from osteon.twin.cell_therapy.priors import largest_plausible
from osteon.twin.cell_therapy.product import MOST_INFUSIONS, CellProduct, plausible_millions
from osteon.twin.cell_therapy.project import warnings
from osteon.twin.cell_therapy.recipient import Floats, Recipient
from osteon.twin.cell_therapy.result import (
    MECHANISM_LABELS,
    MECHANISMS,
    Mechanism,
    MechanismNeed,
    NeedMap,
    ProductRecord,
    WhatWouldHaveToBeTrue,
)
from osteon.twin.cell_therapy.solve import smallest_size
from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.engine.regimen import NO_TREATMENT
from osteon.twin.osteon_model.sites import SITES, SiteName

THRESHOLD = "fracture.surrogate_threshold.vertebral"
MAP_INFUSIONS = (1, 2, 4, 8, 12, 24)
MAP_HALF_LIVES_DAYS = (1.0, 3.0, 7.0, 14.0, 30.0, 90.0, 180.0, 365.0)
LONGEST_MONTHS = 120.0


def what_would_have_to_be_true(
    product: CellProduct,
    *,
    age_years: float = 65.0,
    sex: Sex = "female",
    recipient: Recipient | None = None,
    target_percent: float | None = None,
    site: SiteName = "total_hip",
    months: float = 24.0,
    signal: Signal | None = None,
    map_infusions: Sequence[int] = MAP_INFUSIONS,
    map_half_life_days: Sequence[float] = MAP_HALF_LIVES_DAYS,
) -> WhatWouldHaveToBeTrue:
    """Solve for the size of each mechanism that would reach the target.

    Parameters
    ----------
    product
        The product; the map varies its number of infusions, at its own interval.
    age_years, sex, recipient
        The person; a recipient says more and takes precedence.
    target_percent
        The gain over no treatment in per cent of BMD before treatment; the published threshold by default.
    site, months
        Where and when the gain is read.
    signal
        What is assumed of the signal's half-life and path.
    map_infusions, map_half_life_days
        The axes of the map, rising.

    Raises
    ------
    UsageError
        A number out of range.
    ModelError
        An age outside the model, or a search that fails.
    """
    target = value(THRESHOLD) if target_percent is None else target_percent
    if not 0.0 < target <= 100.0:
        raise UsageError(f"a target of {target:g} % is not possible", mend="Write a number above 0 up to 100")
    if not 1.0 <= months <= LONGEST_MONTHS:
        raise UsageError(f"{months:g} months are not possible", mend=f"Write a number from 1 to {LONGEST_MONTHS:g}")
    if site not in SITES:
        raise UsageError(f"{site!r} is not a site of the model", mend=f"Write one of: {', '.join(SITES)}")
    if not map_infusions or not map_half_life_days:
        raise UsageError("the map needs both axes", mend="Give at least one number of infusions and one half-life")
    person = recipient or Recipient(age_years, sex)
    assumed = signal or Signal()
    parameters = {**person.traits, **assumed.overrides()}
    question = Question(person, target, site, months)
    own = _solve(question, [(product, assumed)])
    half_lives = _half_lives_needed(question, product, assumed)
    counts = _infusions_needed(question, product, assumed)
    doses = _doses_needed(question, product, assumed)
    needs = tuple(
        _need(one, own[one], (half_lives[number], counts[number], doses[number]), target)
        for number, one in enumerate(MECHANISMS)
    )
    cells = [
        (replace(product, infusions=count), replace(assumed, half_life_days=days))
        for count in map_infusions
        for days in map_half_life_days
    ]
    mapped = _solve(question, cells)
    at_size: dict[Mechanism, float] = {one.mechanism: one.size_needed or one.largest_plausible for one in needs}
    return WhatWouldHaveToBeTrue(
        age_years=person.age_years,
        sex=person.sex,
        product=ProductRecord.of(product),
        site=site,
        target_percent=target,
        months=months,
        target_meaning=_meaning(target, site, months),
        signal_half_life_days=kinetics.signal_half_life_days(parameters),
        settled_half_life_days=kinetics.settled_half_life_days(parameters),
        signal_path=assumed.path,
        fate=kinetics.fate(product).sentence,
        mechanisms=needs,
        maps=tuple(
            NeedMap(
                mechanism=mechanism,
                infusions=tuple(map_infusions),
                half_life_days=tuple(map_half_life_days),
                sizes=_rows(mapped[mechanism], len(map_infusions)),
            )
            for mechanism in MECHANISMS
        ),
        durability=lasting.durability(person, product, at_size, assumed.overrides(), site),
        assumptions=_assumptions(parameters),
        sources=(THRESHOLD, "cells.formation.largest", *kinetics.SOURCES, *lasting.SOURCES),
        warnings=(*warnings(product, person, months / 12.0), *_too_late(product, map_infusions, months)),
    )


def _too_late(product: CellProduct, map_infusions: Sequence[int], months: float) -> tuple[str, ...]:
    if (max(map_infusions) - 1) * product.interval_days <= months * DAYS_PER_MONTH:
        return ()
    return (f"Some infusions on the map come after {months:g} months; they cannot add to what is read then.",)


def _assumptions(parameters: Mapping[str, float]) -> tuple[str, ...]:
    half = f"{parameters['cell_half_effect']:g} million cells"
    return (
        "One mechanism acts at a time; the other three are zero.",
        f"A size is the effect at full signal; {half} give half of it. No dose response is known.",
        "The signal fades with its half-life. How long an effect on bone outlasts the cells has not been measured.",
        "The largest plausible size is the rise of a formation marker under teriparatide, or all of the inflammation.",
        "The person and the bone model are taken as exact.",
    )


Solved = tuple[Floats, NDArray[np.bool_], Floats]
Cells = tuple[CellProduct, Signal]


@dataclass(frozen=True, slots=True)
class Question:
    """Whose bone, and which gain where and when."""

    person: Recipient
    target: float
    site: SiteName
    months: float

    def gains(self, cells: Sequence[Cells], sizes: Floats, half_lives: Floats | None = None) -> Floats:
        """Gains over no treatment, ``(n,)``: row ``i`` of ``sizes`` ``(n, 4)``, per cent, with ``cells[i]``.

        ``half_lives`` ``(n,)``, in days, replace those of the signals.
        """
        overrides = [signal.overrides() for _, signal in cells]
        columns = {name: np.array([one[name] for one in overrides]) for name in sorted(set().union(*overrides))}
        if half_lives is not None:
            columns |= dict.fromkeys(("cell_secretome_k", "cell_engrafted_k"), math.log(2.0) / half_lives)
        for number, mechanism in enumerate(MECHANISMS):
            columns[f"msc_{mechanism}"] = sizes[:, number] / 100.0
        regimens = [product.regimen for product, _ in cells]
        times = [0.0, self.months / 12.0]
        # The last variant is given nothing and has no effect.
        ended = {
            name: np.append(column, 0.0 if name.startswith("msc_") else column[0]) for name, column in columns.items()
        }
        bmd = self.person.densities([*regimens, NO_TREATMENT], ended, times, (self.site,))[0]
        return np.asarray(100.0 * (bmd[:-1, 1] - bmd[-1, 1]) / bmd[-1, 0], dtype=np.float64)


def _apart(sizes: Floats) -> Floats:
    """``(4 n,)``, mechanism by mechanism, as ``(4 n, 4)`` with the other three at zero."""
    apart = np.zeros((sizes.size, len(MECHANISMS)))
    apart[np.arange(sizes.size), np.arange(sizes.size) // (sizes.size // len(MECHANISMS))] = sizes
    return apart


def _largest(count: int) -> Floats:
    return np.repeat([largest_plausible(one) for one in MECHANISMS], count)


def _solve(question: Question, cells: Sequence[Cells]) -> dict[Mechanism, Solved]:
    """For each mechanism, the size needed for each product and signal (per cent), in one search."""
    count = len(cells)
    everything = list(cells) * len(MECHANISMS)
    found = smallest_size(lambda sizes: question.gains(everything, _apart(sizes)), _largest(count), question.target)
    return {
        one: (
            found[0][number * count : (number + 1) * count],
            found[1][number * count : (number + 1) * count],
            found[2][number * count : (number + 1) * count],
        )
        for number, one in enumerate(MECHANISMS)
    }


def _half_lives_needed(question: Question, product: CellProduct, signal: Signal) -> list[float | None]:
    """For each mechanism at its largest plausible size, the half-life of the signal that reaches the target."""
    cells = [(product, signal)] * len(MECHANISMS)
    sizes = _apart(_largest(1))
    longest = np.full(len(MECHANISMS), LONGEST_HALF_LIFE_DAYS)
    found, reachable, _ = smallest_size(
        lambda days: question.gains(cells, sizes, np.maximum(days, SHORTEST_HALF_LIFE_DAYS)), longest, question.target
    )
    return [float(days) if yes else None for days, yes in zip(found, reachable, strict=True)]


def _infusions_needed(question: Question, product: CellProduct, signal: Signal) -> list[int | None]:
    """For each mechanism at its largest plausible size, the fewest infusions that reach the target by the reading."""
    room = int(question.months * DAYS_PER_MONTH / product.interval_days) + 1
    counts = list(range(1, min(room, MOST_INFUSIONS) + 1))
    cells = [(replace(product, infusions=count), signal) for count in counts]
    gains = question.gains(cells * len(MECHANISMS), _apart(_largest(len(counts)))).reshape(len(MECHANISMS), -1)
    return [
        next((count for count, gain in zip(counts, row, strict=True) if gain >= question.target), None) for row in gains
    ]


def _doses_needed(question: Question, product: CellProduct, signal: Signal) -> list[float | None]:
    """For each mechanism at its largest plausible size, the cells each time, in millions, that reach the target."""
    least, most = plausible_millions()
    sizes = _apart(_largest(1))

    def gains(doses: Floats) -> Floats:
        millions = [float(max(one, least)) for one in doses]
        cells = [(replace(product, million_cells=one, cells_per_kg=None), signal) for one in millions]
        return question.gains(cells, sizes)

    found, reachable, _ = smallest_size(gains, np.full(len(MECHANISMS), most), question.target)
    return [max(float(dose), least) if yes else None for dose, yes in zip(found, reachable, strict=True)]


Needed = tuple[float | None, int | None, float | None]
"""Half-life in days, number of infusions, and millions of cells each time."""


def _need(mechanism: Mechanism, solved: Solved, needed: Needed, target: float) -> MechanismNeed:
    size, reachable, at_largest = float(solved[0][0]), bool(solved[1][0]), float(solved[2][0])
    most = largest_plausible(mechanism)
    if reachable:
        verdict = f"would need {size:.0f} % ({100.0 * size / most:.0f} % of the largest plausible size)"
    else:
        gives = f"{at_largest:.2f}" if at_largest >= 0.01 else "less than 0.01"
        verdict = f"not reachable: the largest plausible size ({most:.0f} %) gives {gives} of {target:g} points"
    return MechanismNeed(
        mechanism=mechanism,
        label=MECHANISM_LABELS[mechanism],
        reachable=reachable,
        size_needed=size if reachable else None,
        largest_plausible=most,
        gain_at_largest=at_largest,
        half_life_needed_days=needed[0],
        infusions_needed=needed[1],
        million_cells_needed=needed[2],
        verdict=verdict,
    )


def _rows(solved: Solved, rows: int) -> tuple[tuple[float | None, ...], ...]:
    sizes = np.where(solved[1], solved[0], np.nan).reshape(rows, -1)
    return tuple(tuple(None if np.isnan(one) else float(one) for one in row) for row in sizes)


def _meaning(target: float, site: SiteName, months: float) -> str:
    where = site.replace("_", " ")
    text = f"{where} BMD {target:g} percentage points above no treatment after {months:g} months"
    if target == value(THRESHOLD) and site == "total_hip" and months == 24.0:
        return f"{text}: the least difference that predicts fewer vertebral fractures in trials of medicines"
    return text
