"""What the bone model projects for one person: which regimens, from where, with which band, and what is unsafe.

``project_person(person, therapies)`` answers for regimens that somebody names; ``project_options(person, options)`` for
every therapy that the person may have.
"""

from osteon.care.projection.choice import Choice, choose
from osteon.care.projection.options import project_options
from osteon.care.projection.project import project_person, statement
from osteon.care.projection.record import read_record

__all__ = ["Choice", "choose", "project_options", "project_person", "read_record", "statement"]
