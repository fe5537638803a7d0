"""Fracture risk and screening: one file per published tool.

:func:`fracture_risks` gives probabilities of fracture, :func:`point_scores` points for it, and
:func:`screening_scores` says who should have a scan. Every tool answers for every person: with a number, or with the
reason why there is none.
"""

from __future__ import annotations

from osteon.person import Person
from osteon.risk import fracture_index, frax_typed_in, glow, orai, osiris, ost, qfracture2012, score
from osteon.risk.result import FractureRisk, Outcome, PointScore, ScreeningScore

__all__ = [
    "FractureRisk",
    "Outcome",
    "PointScore",
    "ScreeningScore",
    "fracture_risks",
    "point_scores",
    "screening_scores",
]


def fracture_risks(person: Person, horizon_years: int = 10) -> tuple[FractureRisk, ...]:
    """The risk of major osteoporotic and of hip fracture by every tool, whether or not it could answer.

    A FRAX result that was typed in is carried along when it is for the same horizon.

    Parameters
    ----------
    person
        The record.
    horizon_years
        Whole years from now.
    """
    entered = frax_typed_in.from_person(person) if horizon_years == frax_typed_in.HORIZON_YEARS else ()
    return (*qfracture2012.from_person(person, horizon_years), *entered)


def screening_scores(person: Person) -> tuple[ScreeningScore, ...]:
    """Every screening tool in each of its published versions, whether or not it could be scored."""
    return (
        *ost.from_person(person),
        *orai.from_person(person),
        *score.from_person(person),
        *osiris.from_person(person),
    )


def point_scores(person: Person, total_hip_t_score: float | None = None) -> tuple[PointScore, ...]:
    """The published point scores for the risk of fracture, whether or not they could be scored.

    Parameters
    ----------
    person
        The record.
    total_hip_t_score
        From the scan, for the form of the FRACTURE Index that counts bone density.
    """
    return (glow.from_person(person), *fracture_index.from_person(person, total_hip_t_score))
