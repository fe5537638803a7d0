"""The therapies that the model covers, as they are usually given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from osteon.evidence.loader import value
from osteon.twin.engine.regimen import Bolus
from osteon.twin.osteon_model.cell_therapy import SOURCES
from osteon.twin.therapies.alendronate import ALENDRONATE
from osteon.twin.therapies.build import BuiltRegimen, build_regimen
from osteon.twin.therapies.denosumab import DENOSUMAB
from osteon.twin.therapies.drug import Build, DrugTherapy, daily_doses, doses_at_interval, months
from osteon.twin.therapies.romosozumab import ROMOSOZUMAB
from osteon.twin.therapies.teriparatide import TERIPARATIDE

MODEL_LABEL = "bone model"

CELL_DOSE_MILLIONS = 100.0
"""A dose in the range of the human trials of infused cells."""


def _once(drug: str, amount: float) -> Build:
    def course(first_day: float, length_days: float) -> Bolus:
        return Bolus(drug, amount, first_day)

    return course


@cache
def covered() -> Mapping[str, DrugTherapy]:
    """Every therapy but ``none``, by name. Habits are on (1) or off; the effect sets in within weeks."""
    habits = {
        "stop_smoking": "smoking stopped for good",
        "less_alcohol": "at most two units a day",
        "exercise": "resistance and impact exercise, two or three times a week",
        "calcium_vitamin_d": "enough calcium and vitamin D every day",
    }
    found = [DrugTherapy(name, how, daily_doses(name, 1.0), None, None, ()) for name, how in habits.items()]  # type: ignore[arg-type]
    # The effect of a tablet lasts for months, so the weekly one is taken as its daily share, as in the trials' arms.
    daily_alendronate = value("dosing.alendronate.amount") / value("dosing.alendronate.interval")
    found += [
        replace(ALENDRONATE, course=daily_doses("alendronate", daily_alendronate)),
        DrugTherapy(
            "risedronate", "35 mg by mouth every week", daily_doses("risedronate", 5.0), 7.0, None, (), 35.0, "mg"
        ),
        DrugTherapy(
            "ibandronate",
            "150 mg by mouth every month",
            daily_doses("ibandronate", 5.0),
            months(1.0),
            None,
            (),
            150.0,
            "mg",
        ),
        DrugTherapy(
            "zoledronate",
            "5 mg by infusion every year",
            doses_at_interval("zoledronate", 5.0, months(12.0)),
            months(12.0),
            None,
            (),
            5.0,
            "mg",
        ),
        DrugTherapy(
            "raloxifene", "60 mg by mouth every day", daily_doses("raloxifene", 60.0), 1.0, None, (), 60.0, "mg"
        ),
        DrugTherapy(
            "bazedoxifene", "20 mg by mouth every day", daily_doses("bazedoxifene", 20.0), 1.0, None, (), 20.0, "mg"
        ),
        DrugTherapy(
            "hormone_therapy", "a standard dose every day", daily_doses("hormone_therapy", 1.0), 1.0, None, (), 1.0
        ),
        DENOSUMAB,
        TERIPARATIDE,
        DrugTherapy(
            "abaloparatide",
            "80 µg under the skin every day for up to 24 months",
            daily_doses("abaloparatide", 80.0),
            1.0,
            24.0,
            (),
            80.0,
            "ug",
        ),
        ROMOSOZUMAB,
    ]
    found += [
        DrugTherapy(source, "one infusion of 100 million cells", _once("cells_iv", CELL_DOSE_MILLIONS), None, None, ())  # type: ignore[arg-type]
        for source in SOURCES
    ]
    return MappingProxyType({one.name: one for one in found})


def model_regimen(text: str) -> BuiltRegimen:
    """Read a regimen for this model; see :mod:`osteon.twin.therapies.grammar`."""
    return build_regimen(text, covered(), model=MODEL_LABEL)
