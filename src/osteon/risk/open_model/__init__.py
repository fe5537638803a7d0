"""Osteon's own open fracture model: hip and major osteoporotic fracture, with death as a competing risk.

``assess`` gives one person's probabilities with bands and the stated baseline; ``path_risks`` takes paths of bone
density, one for each therapy; ``fracture_risks`` answers in the form that all tools share. The parts, each a short
file: ``baseline`` (population rates), ``density`` (gradient of risk), ``factors`` (multipliers), ``mortality`` (who
dies earlier), ``parameters`` (printed ratios and their errors), ``engine`` (hazards to probabilities),
``treatment_link`` (the check on trials).
"""

from osteon.risk.open_model.assess import assess, fracture_risks, risk_factors
from osteon.risk.open_model.engine import Path, Probabilities, path, probabilities
from osteon.risk.open_model.factors import RiskFactors
from osteon.risk.open_model.paths import PathRisk, path_risks
from osteon.risk.open_model.result import FactorEffect, OpenFractureRisk

__all__ = [
    "FactorEffect",
    "OpenFractureRisk",
    "Path",
    "PathRisk",
    "Probabilities",
    "RiskFactors",
    "assess",
    "fracture_risks",
    "path",
    "path_risks",
    "probabilities",
    "risk_factors",
]
