"""What the bone model projects: curves over time for one person under several therapies."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from osteon.person import Site


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FractureProjection(_Result):
    """The probability of fracture over the projected years, none where no model gives it yet."""

    major_osteoporotic_percent: float | None
    hip_percent: float | None


class TherapyProjection(_Result):
    """One therapy at one site. The five tuples have one entry a time point.

    ``unit`` is ``g/cm2``, or ``percent of today`` when the person's own density at the site is not known.
    ``median`` is the model's curve: the name is kept for those who read the file, it is not a median of people.
    ``t_score`` is the T-score of that curve, none without a reference. ``fracture_reason`` says why there is no
    fracture figure, ``caution`` what makes this path unsafe, and ``model_check`` what trials found of its medicines
    beside what the model says; each is empty where there is nothing to say.
    """

    therapy: str
    label: str
    site: Site
    t_years: tuple[float, ...]
    median: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    t_score: tuple[float, ...] | None
    unit: Literal["g/cm2", "percent of today"]
    fracture: FractureProjection
    hypothetical: bool
    fracture_reason: str = ""
    caution: str = ""
    model_check: str = ""


class Projection(_Result):
    """The projections of one person, with what the interval means and how the model did on published trials."""

    years: float
    interval: float
    interval_meaning: str
    model: str | None
    statement: str | None
    therapies: tuple[TherapyProjection, ...]
    warnings: tuple[str, ...]
    sources: tuple[str, ...]
