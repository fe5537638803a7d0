"""How long a gain lasts after one course: cells at a supposed size, beside medicines, in the same model and person."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from osteon.evidence.loader import value
from osteon.twin.cell_therapy.priors import largest_plausible
from osteon.twin.cell_therapy.product import CellProduct
from osteon.twin.cell_therapy.recipient import Floats, Recipient
from osteon.twin.cell_therapy.result import MECHANISM_LABELS, MECHANISMS, DurabilityCourse, Mechanism
from osteon.twin.engine.model import DAYS_PER_MONTH, DAYS_PER_YEAR
from osteon.twin.engine.regimen import NO_TREATMENT, Bolus, Infusion, Regimen
from osteon.twin.osteon_model.sites import SiteName

TIMES_YEARS = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)
FROM_YEARS, KEPT_AT_YEARS = 2.0, 5.0

MEDICINES: Mapping[str, str] = {
    "zoledronate": "Zoledronate, one infusion",
    "denosumab": "Denosumab, two years, then stopped",
    "alendronate": "Alendronate, two years, then stopped",
}

SOURCES = (
    "cells.beside.zoledronate",
    "dosing.denosumab.amount",
    "dosing.denosumab.interval",
    "dosing.alendronate.amount",
    "dosing.alendronate.interval",
)


def medicine_regimens() -> dict[str, Regimen]:
    """One course of each medicine, over at two years or before."""
    zoledronate = Bolus("zoledronate", value("cells.beside.zoledronate"))
    interval = value("dosing.denosumab.interval")
    doses = round(12.0 * FROM_YEARS / interval)
    denosumab = Bolus("denosumab", value("dosing.denosumab.amount"), 0.0, interval * DAYS_PER_MONTH, doses)
    daily = value("dosing.alendronate.amount") / value("dosing.alendronate.interval")
    alendronate = Infusion("alendronate", daily, 0.0, FROM_YEARS * DAYS_PER_YEAR)
    return {
        "zoledronate": Regimen("zoledronate", (zoledronate,)),
        "denosumab": Regimen("denosumab", (denosumab,)),
        "alendronate": Regimen("alendronate", (alendronate,)),
    }


def durability(
    person: Recipient,
    product: CellProduct,
    sizes: Mapping[Mechanism, float],
    parameters: Mapping[str, float],
    site: SiteName,
) -> tuple[DurabilityCourse, ...]:
    """The gain over no treatment for ten years, or to age 100, of each course.

    Parameters
    ----------
    person, product
        Who, and which cells.
    sizes
        The size of each mechanism alone, per cent at full signal.
    parameters
        Overrides of the kinetics.
    site
        The site to read.
    """
    times = [one for one in TIMES_YEARS if person.age_years + one <= 100.0]
    medicines = medicine_regimens()
    regimens = [NO_TREATMENT, *medicines.values(), *([product.regimen] * len(MECHANISMS))]
    # One variant a course: each mechanism is switched on in its own column only.
    overrides: dict[str, float | Floats] = dict(parameters)
    for number, mechanism in enumerate(MECHANISMS):
        column = np.zeros(len(regimens))
        column[1 + len(medicines) + number] = sizes[mechanism] / 100.0
        overrides[f"msc_{mechanism}"] = column
    bmd = person.densities(regimens, overrides, times, (site,))[0]
    gains = 100.0 * (bmd[1:] - bmd[0]) / bmd[0, 0]
    ends = {"zoledronate": 0.0, "denosumab": FROM_YEARS, "alendronate": FROM_YEARS}
    labels = {**MEDICINES, **{f"cells_{one}": _cells_label(one, sizes[one]) for one in MECHANISMS}}
    return tuple(
        DurabilityCourse(
            course=course,
            label=label,
            hypothetical=course not in MEDICINES,
            course_years=ends.get(course, product.course_days / DAYS_PER_YEAR),
            t_years=tuple(times),
            gain=tuple(map(float, gain)),
            kept_at_years=KEPT_AT_YEARS,
            kept_percent=_kept(dict(zip(times, map(float, gain), strict=True))),
        )
        for (course, label), gain in zip(labels.items(), gains, strict=True)
    )


def _cells_label(mechanism: Mechanism, size: float) -> str:
    most = " (the largest plausible)" if size == largest_plausible(mechanism) else ""
    return f"Cells, if {MECHANISM_LABELS[mechanism]}: {size:.0f} %{most}"


def _kept(gain: Mapping[float, float]) -> float | None:
    if FROM_YEARS not in gain or KEPT_AT_YEARS not in gain or gain[FROM_YEARS] < 0.01:
        return None
    return 100.0 * gain[KEPT_AT_YEARS] / gain[FROM_YEARS]
