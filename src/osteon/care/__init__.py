"""Decisions for one person: what the sciences say together.

``options(person, densitometry, risks)`` weighs every therapy side by side; ``cell_therapy(person, densitometry)`` is
the counselling page on stem cells; ``risk_profile``, ``monitoring`` and ``questions`` say what stands behind the risk,
what to measure again, and what to ask; ``standing_diagnosis`` says where osteoporosis stands although the latest
density is not in its range. ``denosumab_exit(person)`` is what comes before everything else for somebody on
denosumab, or lately off it with nothing after it.
"""

from osteon.care.cells import cell_therapy
from osteon.care.denosumab import denosumab_exit
from osteon.care.monitoring import monitoring
from osteon.care.options import options
from osteon.care.profile import bone_losing_medicines, risk_profile
from osteon.care.questions import questions
from osteon.care.result import CellTherapy, MonitoringStep, Option, RiskProfile, StandingDiagnosis
from osteon.care.standing_diagnosis import standing_diagnosis

__all__ = [
    "CellTherapy",
    "MonitoringStep",
    "Option",
    "RiskProfile",
    "StandingDiagnosis",
    "bone_losing_medicines",
    "cell_therapy",
    "denosumab_exit",
    "monitoring",
    "options",
    "questions",
    "risk_profile",
    "standing_diagnosis",
]
