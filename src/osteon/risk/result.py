"""What a risk tool says about a person: a probability of fracture, or a screening score."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Outcome = Literal["major_osteoporotic", "hip"]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FractureRisk(_Result):
    """The probability of fracture that one tool gives.

    ``percent`` is none when the tool cannot be used; ``reason`` then says why. ``inputs_missing`` names every
    input that was not recorded, whether or not the tool could go on without it. ``notice`` is a text that must be
    shown beside the number.

    ``percent_range`` is filled in place of ``percent`` when the record fits more than one of the tool's categories
    (a smoker whose cigarettes were not counted): the lowest and highest percent that it allows.

    ``outside`` names what lies outside the range of a tool that gives no answer for it, such as ``age_years``: nothing
    that could be added to the record would change that.
    """

    tool: str
    outcome: Outcome
    horizon_years: int
    percent: float | None
    inputs_missing: tuple[str, ...]
    reason: str
    notice: str
    sources: tuple[str, ...]
    percent_range: tuple[float, float] | None = None
    outside: tuple[str, ...] = ()


class ScreeningScore(_Result):
    """The score of a screening tool: who should have a scan, not who will break a bone.

    ``variant`` names the published version of the tool; where versions differ, each is a result of its own.
    ``group`` is the risk group of that version's own bands, where it has any.
    """

    tool: str
    variant: str
    score: float | None
    positive: bool | None
    threshold: str
    inputs_missing: tuple[str, ...]
    reason: str
    sources: tuple[str, ...]
    group: Literal["low", "intermediate", "high"] | None = None


class PointScore(_Result):
    """Points that rank women by their chance of a fracture, of ``most`` in all; no probability is given with them.

    ``variant`` names the form of the tool. ``points`` is none when ``inputs_missing`` names something, or when
    ``reason`` says why the tool is not for this person; beside points, ``reason`` says what to keep in mind.
    """

    tool: str
    variant: str
    points: int | None
    most: int
    inputs_missing: tuple[str, ...]
    reason: str
    sources: tuple[str, ...]
