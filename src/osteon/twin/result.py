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


class Band(_Result):
    """The ends of an interval, one entry a time point, in the unit of its projection."""

    lower: tuple[float, ...]
    upper: tuple[float, ...]


class BandParts(_Result):
    """What the drawn band is made of, each part by itself around the same median.

    ``people``: how much people with the same record differ. ``model_error``: how far the model was from the means of
    trials that it had not seen, which takes in the uncertainty of its parameters. ``measured``: the drawn band and the
    precision error of two scans, today's and a later one: where a later scan may read. ``cells``, for a cell therapy:
    what the cells alone might add or take away, around the path without them.
    """

    people: Band
    model_error: Band
    measured: Band
    cells: Band | None = None


class TherapyProjection(_Result):
    """One therapy at one site. The series have one entry a time point.

    ``unit`` is ``g/cm2``, or ``percent of today`` when the person's own density at the site is not known.
    ``median`` is the middle of what is possible, ``lower`` and ``upper`` the drawn band, ``parts`` what it is made of
    (none where a model has only its own error). ``t_score`` is the T-score of the median, none without a reference.
    ``fracture`` belongs to the therapy and is the same at each site; ``fracture_reason`` says why there is no figure,
    ``caution`` what makes this path unsafe, ``model_check`` how well the model did on trials of its medicines (a line
    each), and ``extrapolated`` why this lies outside the ages, T-scores or people of the trials; each is empty where
    there is nothing to say.
    ``followed_years`` is how long the longest trial result of the medicine ran: beyond it the curve is an
    extrapolation; none where that does not apply.

    ``shown_as`` is ``option``, ``comparison`` (set aside for this person, or no treatment: what the others are compared
    with), ``hypothetical`` (never an option), or ``asked`` when somebody named the regimen.
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
    extrapolated: str = ""
    followed_years: float | None = None
    shown_as: Literal["option", "comparison", "hypothetical", "asked"] = "asked"
    parts: BandParts | None = None


class SetAside(_Result):
    """A therapy that is not projected for this person, and why."""

    therapy: str
    label: str
    reason: str


class PersonalFit(_Result):
    """How the projection was fitted to the person.

    ``used`` and ``not_used`` are sentences. ``effective_sample_size`` says how many of the simulated ``people`` agree
    with the record; ``refined`` whether more were drawn around the person because these were few.
    """

    people: int
    effective_sample_size: float
    refined: bool
    used: tuple[str, ...]
    not_used: tuple[str, ...]


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
    set_aside: tuple[SetAside, ...] = ()
    fit: PersonalFit | None = None
