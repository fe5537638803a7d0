"""Densitometry: a DXA scan becomes scores, a category, and the site that decided it.

``assess(person)`` gives the whole answer. The parts can be used on their own: T-scores and back (``t_score``,
``bmd_from_t_score``, ``reference_for``), what is usual at an age (``age_reference``, ``z_score``), categories
(``who_category``, ``age_category``), vertebrae (``kept_vertebrae``, ``bmd_of_set``), change between scans
(``changes_between``, ``bmd_change``, ``least_significant_change``), ``standardised_bmd``, ``tbs_bands``,
``spine_imaging_advice`` and ``area_warning``.
"""

from osteon.densitometry.age_reference import AgeReference, age_reference, z_score
from osteon.densitometry.assessment import assess
from osteon.densitometry.categories import age_category, who_category
from osteon.densitometry.change import bmd_change, changes_between, least_significant_change
from osteon.densitometry.device import NHANES_SCALE, Maker, maker_of
from osteon.densitometry.diagnosis import rule_for
from osteon.densitometry.quality import area_warning
from osteon.densitometry.reference import Reference, bmd_from_t_score, reference_for, t_score
from osteon.densitometry.result import (
    BmdChange,
    Densitometry,
    Diagnosis,
    EarlierOsteoporosis,
    SiteResult,
    VertebraResult,
)
from osteon.densitometry.rounding import as_printed
from osteon.densitometry.spine import KeptVertebrae, bmd_of_set, kept_vertebrae
from osteon.densitometry.spine_imaging import spine_imaging_advice
from osteon.densitometry.standardised import StandardisedBmd, standardised_bmd
from osteon.densitometry.tbs import TbsBands, tbs_bands

__all__ = [
    "NHANES_SCALE",
    "AgeReference",
    "BmdChange",
    "Densitometry",
    "Diagnosis",
    "EarlierOsteoporosis",
    "KeptVertebrae",
    "Maker",
    "Reference",
    "SiteResult",
    "StandardisedBmd",
    "TbsBands",
    "VertebraResult",
    "age_category",
    "age_reference",
    "area_warning",
    "as_printed",
    "assess",
    "bmd_change",
    "bmd_from_t_score",
    "bmd_of_set",
    "changes_between",
    "kept_vertebrae",
    "least_significant_change",
    "maker_of",
    "reference_for",
    "rule_for",
    "spine_imaging_advice",
    "standardised_bmd",
    "t_score",
    "tbs_bands",
    "who_category",
    "z_score",
]
