"""Regimens that the engine's tests share: one of each kind of dosing."""

from __future__ import annotations

from osteon.twin.engine.model import DAYS_PER_MONTH
from osteon.twin.engine.regimen import NO_TREATMENT, Bolus, Infusion, Regimen

DENOSUMAB = Regimen("denosumab", (Bolus("denosumab", 60.0, 0.0, 182.5, None),))
REGIMENS = {
    "natural history": NO_TREATMENT,
    "denosumab": DENOSUMAB,
    "denosumab stopped": Regimen("denosumab stopped", (Bolus("denosumab", 60.0, 0.0, 182.5, 4),)),
    "weekly alendronate": Regimen("weekly alendronate", (Bolus("alendronate", 70.0, 0.0, 7.0, None),)),
    "daily alendronate": Regimen("daily alendronate", (Infusion("alendronate", 10.0, 0.0, 730.0),)),
    "teriparatide": Regimen("teriparatide", (Infusion("teriparatide", 20.0, 0.0, 730.0),)),
    "romosozumab": Regimen("romosozumab", (Bolus("romosozumab", 210.0, 0.0, DAYS_PER_MONTH, 12),)),
    "blosozumab": Regimen("blosozumab", (Bolus("blosozumab", 270.0, 0.0, 14.0, 26),)),
    "combination": Regimen(
        "combination", (Bolus("denosumab", 60.0, 0.0, 182.5, None), Infusion("teriparatide", 20.0, 0.0, 730.0))
    ),
    "sequence": Regimen(
        "sequence",
        (Bolus("romosozumab", 210.0, 0.0, DAYS_PER_MONTH, 12), Bolus("denosumab", 60.0, 365.0, 182.5, None)),
    ),
    "odd times": Regimen(
        "odd times",
        (
            Bolus("denosumab", 60.0, 37.123456),
            Bolus("romosozumab", 140.0, 37.2),
            Bolus("alendronate", 70.0, 211.98765, 0.7, 3),
            Infusion("teriparatide", 33.0, 101.01, 260.4321),
        ),
    ),
}
