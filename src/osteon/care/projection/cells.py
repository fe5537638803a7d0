"""Cell therapy in a projection: what it might add, by the prior that is centred on nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from osteon.person import Sex
from osteon.twin.cell_therapy import CellProduct, Recipient, cell_gains
from osteon.twin.cell_therapy.kinetics import SOURCES as KINETICS
from osteon.twin.cell_therapy.product import THERAPIES as CELLS
from osteon.twin.osteon_model.regimens import CELL_DOSE_MILLIONS
from osteon.twin.personalise import PersonData
from osteon.twin.therapies.build import BuiltRegimen

Floats = NDArray[np.float64]

DRAWS = 200
USUAL_MENOPAUSE_YEARS = (35.0, 62.0)


def has_cells(plan: BuiltRegimen) -> bool:
    """Whether a regimen holds a cell therapy."""
    return any(name in CELLS for name in plan.plan.therapies)


def cell_sources(plans: Iterable[BuiltRegimen]) -> tuple[str, ...]:
    """The evidence behind the prior, when it was used."""
    return (*KINETICS, "cells.formation.largest") if any(map(has_cells, plans)) else ()


def add_cells(relative: Floats, plans: Sequence[BuiltRegimen], data: PersonData, t_years: Floats) -> dict[int, Floats]:
    """Add to the samples what cells might do: a gain in every second one, the same loss in the next.

    Parameters
    ----------
    relative
        BMD relative to today, ``(R, 3, samples, J)``; changed in place.
    plans
        The regimens, ``R`` of them.
    data
        The person.
    t_years
        ``(J,)``.

    Returns
    -------
    For each regimen with cells, by number, the gains that were added, ``(3, draws, J)``.
    """
    added: dict[int, Floats] = {}
    for number, one in enumerate(plans):
        start = 0.0
        for phase in one.plan.phases:
            for name in phase.therapies:
                if name in CELLS:
                    gains = _gains(data.sex, data.age_years, _menopause(data), tuple(t_years.tolist()))
                    later = np.maximum(t_years - start / 12.0, 0.0)
                    moved = np.stack([[np.interp(later, t_years, row) for row in site] for site in gains])
                    # The draws of a pair mirror each other; the samples of one person take turns.
                    order = np.arange(relative.shape[2]) % gains.shape[1]
                    relative[number] += moved[:, order]
                    added[number] = added.get(number, 0.0) + moved
            start += phase.months or 0.0
    return added


@cache
def _gains(sex: Sex, age_years: float, menopause_years: float | None, t_years: tuple[float, ...]) -> Floats:
    recipient = Recipient(age_years, sex, menopause_age_years=menopause_years)
    # Nothing is known of how cells from fat or cord compare with marrow cells for bone: they are taken as equal.
    product = CellProduct(million_cells=CELL_DOSE_MILLIONS)
    return cell_gains(recipient, product, np.array(t_years), draws=DRAWS)


def _menopause(data: PersonData) -> float | None:
    age = data.menopause_years
    return None if age is None or data.sex == "male" else float(np.clip(age, *USUAL_MENOPAUSE_YEARS))
