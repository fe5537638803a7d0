"""The fracture risk score of the GLOW study (``FRACSCORE`` in the GLOW500 data): 0 to 12 points, without bone density.

One point each at 60, 65, 70, 75, 80 and 85 years, for an earlier fracture, for a mother's hip fracture, for a weight of
56.7 kg or less, and for smoking now or in the past; two points when the arms are needed to stand up from a chair.

The points were worked out from the printed scores of 500 women (Hosmer 2013), and reproduce every one. That sample
holds more fractures than the study did, so no probability is given with the score.
"""

from __future__ import annotations

from osteon.errors import ModelError
from osteon.evidence import value
from osteon.person import Person
from osteon.risk.point_scores import PointTool, answers, point_score
from osteon.risk.result import PointScore

_AGE_EDGES = (60, 65, 70, 75, 80, 85)  # years at which a point is added; named in the evidence rows

SOURCES = (
    *(f"glow.age_from_{edge}.points" for edge in _AGE_EDGES),
    "glow.prior_fracture.points",
    "glow.mother_hip_fracture.points",
    "glow.light.points",
    "glow.light_up_to",
    "glow.ever_smoked.points",
    "glow.arms_to_stand.points",
)


def glow_score(
    age_years: int,
    weight_kg: float,
    *,
    prior_fracture: bool,
    mother_hip_fracture: bool,
    ever_smoked: bool,
    arms_to_stand: bool,
) -> int:
    """Points of a woman of 55 completed years or more; more points, more fractures.

    Parameters
    ----------
    age_years
        Completed years.
    weight_kg
        Weight in kg.
    prior_fracture, mother_hip_fracture, ever_smoked, arms_to_stand
        The answers; ``arms_to_stand`` is whether she needs her arms to get up from a chair.

    Raises
    ------
    ModelError
        She is younger than the women of the study.
    """
    youngest = value("glow.youngest_age")
    if age_years < youngest:
        raise ModelError(f"the GLOW score was made for women of {youngest:g} years or more", where="age_years")
    points = sum(value(f"glow.age_from_{edge}.points") for edge in _AGE_EDGES if age_years >= edge)
    if weight_kg <= value("glow.light_up_to"):
        points += value("glow.light.points")
    for answer, name in (
        (prior_fracture, "prior_fracture"),
        (mother_hip_fracture, "mother_hip_fracture"),
        (ever_smoked, "ever_smoked"),
        (arms_to_stand, "arms_to_stand"),
    ):
        points += value(f"glow.{name}.points") if answer else 0
    return round(points)


def most_points() -> int:
    """The most points that anybody can have: every row of points together."""
    return round(sum(value(name) for name in SOURCES if name.endswith(".points")))


def from_person(person: Person) -> PointScore:
    """The score of a record."""
    found, missing = answers(person, ("mother_hip_fracture", "smoking", "arms_to_stand"))
    tool = PointTool("GLOW score", "", most_points(), SOURCES, youngest_age=value("glow.youngest_age"))
    return point_score(
        person,
        tool,
        found,
        missing,
        lambda said: glow_score(
            said.age_years,
            said.weight_kg,
            prior_fracture=said.fracture,
            mother_hip_fracture=said.mother_hip_fracture,
            ever_smoked=said.ever_smoked,
            arms_to_stand=said.arms_to_stand,
        ),
    )
