"""One person's fit: a posterior of traits from scans, markers and history, and its projection under any regimen."""

from osteon.twin.personalise.data import PersonData, Reading, Visit, read_person
from osteon.twin.personalise.fit import Posterior, fit_person
from osteon.twin.personalise.parameter_draws import parameter_draws, stored_draws, write_draws
from osteon.twin.personalise.project import Range, SiteProjection, project_person

__all__ = [
    "PersonData",
    "Posterior",
    "Range",
    "Reading",
    "SiteProjection",
    "Visit",
    "fit_person",
    "parameter_draws",
    "project_person",
    "read_person",
    "stored_draws",
    "write_draws",
]
