"""The comparison of the tools for one person."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from osteon.risk.result import Outcome

# The lowest and highest percent that a tool gives; equal for a single answer.
Span = tuple[float, float]

State = Literal["present", "absent", "not recorded"]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Numbers(_Result):
    """A tool's answers, in percent; none where it gives no number."""

    major_osteoporotic: Span | None
    hip: Span | None

    def of(self, outcome: Outcome) -> Span | None:
        """The answer for one outcome."""
        return self.hip if outcome == "hip" else self.major_osteoporotic


class ToolColumn(_Result):
    """One tool: its numbers for this person and what lies behind them.

    Attributes
    ----------
    numbers
        As the tool gives them; a range where the record fits several of its categories.
    bands
        The tool's own statement of uncertainty; none where it makes none.
    counts_bone_density, counts_death
        Whether it does; none when that is not known (a typed-in result that does not say).
    population
        Whose fractures it describes: country and time.
    missing
        Inputs of the tool that are not recorded; ``takes_missing_as`` says what it does with them.
    reason
        Why there is no number; empty when there is one.
    """

    tool: str
    numbers: Numbers
    bands: Numbers
    band_kind: str
    counts_bone_density: bool | None
    counts_death: bool | None
    population: str
    missing: tuple[str, ...]
    takes_missing_as: str
    reason: str
    notice: str
    sources: tuple[str, ...]


class ToolEffect(_Result):
    """What one input does in one tool for this person, everything else as recorded.

    ``counted`` is none when the tool gives no number for this person. ``absent`` and ``present`` are the tool's
    numbers with the input switched; ``present`` keeps the recorded amount where there is one.
    """

    tool: str
    counted: bool | None
    absent: Numbers
    present: Numbers


class InputEffect(_Result):
    """One input: what the record says, and what it does in each tool that can be switched."""

    key: str
    label: str
    state: State
    recorded: str
    effects: tuple[ToolEffect, ...]


class Reason(_Result):
    """Why the tools differ, in a sentence.

    ``ratio`` is by how much this reason alone moves them apart, or, for what is missing, could move one of them.
    """

    key: str
    text: str
    ratio: float


class Comparison(_Result):
    """The tools side by side.

    Attributes
    ----------
    common_ground
        The numbers of the tools in ``common_tools`` when everything that only one of them counts is taken out: what is
        not recorded is absent, bone density unknown, death left out. What still differs is the population behind each
        tool, and the weight of what both count.
    reasons
        What moves the tools apart, the largest first; then what is left on common ground, what is missing, and what is
        known of the typed-in result.
    """

    horizon_years: int
    headline: tuple[str, ...]
    tools: tuple[ToolColumn, ...]
    inputs: tuple[InputEffect, ...]
    reasons: tuple[Reason, ...]
    common_tools: tuple[str, ...]
    common_ground: tuple[Numbers, ...]
    notices: tuple[str, ...]
    sources: tuple[str, ...]
