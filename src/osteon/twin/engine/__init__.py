"""The simulation engine: fixed-step integration with exact dosing, over many people at once."""

from osteon.twin.engine.model import DAYS_PER_MONTH, DAYS_PER_YEAR, EffectCompartment, Model
from osteon.twin.engine.regimen import NO_TREATMENT, Bolus, Infusion, Regimen
from osteon.twin.engine.simulate import simulate
from osteon.twin.engine.simulation import Checkpoint, Simulation, Status

__all__ = [
    "DAYS_PER_MONTH",
    "DAYS_PER_YEAR",
    "NO_TREATMENT",
    "Bolus",
    "Checkpoint",
    "EffectCompartment",
    "Infusion",
    "Model",
    "Regimen",
    "Simulation",
    "Status",
    "simulate",
]
