"""The one record that everything takes: a person, their scans, laboratory values, history and treatments.

Frozen and validated. Units stand in the field names. A key that is not listed is refused, so a slip of the
pen is never silently lost; a field that was not recorded is ``None`` and stays missing. Ranges are those of
plausible adults: a value outside them is far more often a slip (a lost minus, a wrong unit) than a person.
"""

from osteon.person.fields import (
    DAYS_PER_YEAR,
    SITE_LABELS,
    Ethnicity,
    FractureSite,
    Record,
    Sex,
    Side,
    Site,
    Vertebra,
    slip,
)
from osteon.person.history import FraxResult, History, Labs, Medicine, Treatment
from osteon.person.implied import advanced_kidney_disease, flag, implied, month_words
from osteon.person.record import Person
from osteon.person.scan import Scan, SiteMeasurement
from osteon.person.scan_age import old_scan_years, years_since_scan
from osteon.person.taken import bone_medicines_taken, takes

__all__ = [
    "DAYS_PER_YEAR",
    "SITE_LABELS",
    "Ethnicity",
    "FractureSite",
    "FraxResult",
    "History",
    "Labs",
    "Medicine",
    "Person",
    "Record",
    "Scan",
    "Sex",
    "Side",
    "Site",
    "SiteMeasurement",
    "Treatment",
    "Vertebra",
    "advanced_kidney_disease",
    "bone_medicines_taken",
    "flag",
    "implied",
    "month_words",
    "old_scan_years",
    "slip",
    "takes",
    "years_since_scan",
]
