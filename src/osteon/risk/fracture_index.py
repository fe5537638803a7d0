"""The FRACTURE Index (Black 2001): points for the risk of fracture of women after the menopause, with or without BMD.

One point each at 65, 70, 75, 80 and 85 years, for a fracture after 50, for a mother's hip fracture, for a weight of
125 pounds or less and for smoking now; two points when the arms are needed to stand up from a chair. With bone density,
the total hip adds two points for a T-score below -1, three below -2 and four below -2.5.

The seven variables were read in the paper's abstract, the points on a page that prints them. The published risk of each
sum could not be read at its source, so the points come without a percentage.
"""

from __future__ import annotations

from typing import Final

from osteon.errors import ModelError
from osteon.evidence import value
from osteon.person import Person
from osteon.risk.point_scores import Answers, PointTool, answers, point_score
from osteon.risk.reading import KG_PER_POUND
from osteon.risk.result import PointScore

_AGE_EDGES: Final = (65, 70, 75, 80, 85)  # years at which a point is added; named in the evidence rows
_T_EDGES: Final = ((-2.5, "t_below_minus_2_5"), (-2.0, "t_below_minus_2"), (-1.0, "t_below_minus_1"))
_NAME: Final = "fracture_index"
_ANSWERED: Final = ("fracture", "mother_hip_fracture", "smoker", "arms_to_stand")

SOURCES: Final = (
    *(f"{_NAME}.age_from_{edge}.points" for edge in _AGE_EDGES),
    *(f"{_NAME}.{one}.points" for one in (*_ANSWERED, "light")),
    f"{_NAME}.light_up_to",
    f"{_NAME}.studied_from",
    "black2001_fracture_index",
)
T_SOURCES: Final = tuple(f"{_NAME}.{one}.points" for _, one in _T_EDGES)


def fracture_index(
    age_years: int,
    weight_kg: float,
    *,
    fracture: bool,
    mother_hip_fracture: bool,
    smoker: bool,
    arms_to_stand: bool,
    total_hip_t_score: float | None = None,
) -> int:
    """Points of a woman after the menopause; more points, more fractures.

    Parameters
    ----------
    age_years
        Completed years.
    weight_kg
        Weight in kg.
    fracture, mother_hip_fracture, smoker, arms_to_stand
        A fracture after 50; the mother broke a hip; smokes now; needs the arms to get up from a chair.
    total_hip_t_score
        Adds the points of bone density; without it the sum is that of the form without a scan.

    Raises
    ------
    ModelError
        The T-score is not a number that a scan prints.
    """
    points = sum(value(f"{_NAME}.age_from_{edge}.points") for edge in _AGE_EDGES if age_years >= edge)
    if weight_kg <= value(f"{_NAME}.light_up_to") * KG_PER_POUND:
        points += value(f"{_NAME}.light.points")
    said = (fracture, mother_hip_fracture, smoker, arms_to_stand)
    points += sum(value(f"{_NAME}.{name}.points") for name, yes in zip(_ANSWERED, said, strict=True) if yes)
    if total_hip_t_score is not None:
        if not -10 <= total_hip_t_score <= 10:
            raise ModelError(f"{total_hip_t_score:g} is no T-score that a scan prints", where="total_hip_t_score")
        points += next((value(f"{_NAME}.{name}.points") for edge, name in _T_EDGES if total_hip_t_score < edge), 0)
    return round(points)


def most_points(*, with_scan: bool) -> int:
    """The most points that anybody can have: every row of points together, and the highest for a T-score.

    Parameters
    ----------
    with_scan
        The form with bone density.
    """
    plain = sum(value(name) for name in SOURCES if name.endswith(".points"))
    return round(plain + (max(value(name) for name in T_SOURCES) if with_scan else 0))


def from_person(person: Person, total_hip_t_score: float | None) -> tuple[PointScore, ...]:
    """Both forms, without a scan and with one."""
    needs = ("mother_hip_fracture", "smoking", "arms_to_stand")
    young = person.age_years < value(f"{_NAME}.studied_from")
    note = f"Made from women of {value(f'{_NAME}.studied_from'):g} or more." if young else ""

    def points(said: Answers, t_score: float | None) -> int:
        return fracture_index(
            said.age_years,
            said.weight_kg,
            fracture=said.fracture,
            mother_hip_fracture=said.mother_hip_fracture,
            smoker=said.smokes_now,
            arms_to_stand=said.arms_to_stand,
            total_hip_t_score=t_score,
        )

    plain = PointTool("FRACTURE Index", "without a scan", most_points(with_scan=False), SOURCES, note=note)
    scanned = PointTool("FRACTURE Index", "with a scan", most_points(with_scan=True), (*SOURCES, *T_SOURCES), note=note)
    found, missing = answers(person, needs)
    lacking = (*missing, "total_hip.t_score") if total_hip_t_score is None else missing
    return (
        point_score(person, plain, found, missing, lambda said: points(said, None)),
        point_score(person, scanned, found, lacking, lambda said: points(said, total_hip_t_score)),
    )
