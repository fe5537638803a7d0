"""What the screening tools share: whom they were made for, and the form of their answer.

They pick out women who should have a bone-density scan. They say nothing about the chance of a fracture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from osteon.evidence import value
from osteon.person import Person
from osteon.risk.reading import completed_years, had_fragility_fracture, is_postmenopausal, listed
from osteon.risk.result import ScreeningScore

Group = Literal["low", "intermediate", "high"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score, whether it calls for a scan, and the risk group of the version's own bands."""

    score: float
    positive: bool
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a tool.

    Attributes
    ----------
    tool, variant
        Names as shown.
    threshold
        The cut-off in words.
    sources
        Evidence rows and source keys behind it.
    after_menopause
        Made for women past their menopause; otherwise for women of the youngest age or more, whatever their menopause.
    needs
        Paths of the fields without which it cannot be scored.
    """

    tool: str
    variant: str
    threshold: str
    sources: tuple[str, ...]
    needs: tuple[str, ...]
    after_menopause: bool = True


def not_for(person: Person, version: Version) -> str:
    """Why the tool was not made for this person; empty when it was."""
    youngest = value("screening.youngest_age")
    whom = f"women of {youngest:g} years or more" + (" after their menopause" if version.after_menopause else "")
    made = f"{version.tool} was made for {whom}"
    if person.sex == "male":
        return f"{made}; it is not scored for men."
    if completed_years(person) < youngest:
        return f"{made}; this person is {completed_years(person)}."
    if version.after_menopause and is_postmenopausal(person) is False:
        return f"{made}; the record says {person.menopausal_status}."
    return ""


def missing_fields(person: Person, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the named fields that the record does not answer."""
    return tuple(path for path in paths if _not_recorded(person, path))


def _not_recorded(person: Person, path: str) -> bool:
    if path == "history.previous_fragility_fracture":  # a list of sites answers it as well
        return had_fragility_fracture(person) is None
    place, _, field = path.rpartition(".")
    return getattr(person.history if place else person, field) is None


def screen(
    person: Person,
    version: Version,
    rule: Callable[[], Verdict],
    *,
    refusal: str = "",
    also_missing: tuple[str, ...] = (),
    note: str = "",
) -> ScreeningScore:
    """Score one version of a tool, or say why there is no score.

    Parameters
    ----------
    person
        The record.
    version
        The published version.
    rule
        Computes the verdict; called only when the tool applies and nothing that it needs is missing.
    refusal
        A reason of the tool's own not to score; empty when there is none.
    also_missing
        Fields that are needed only because of what the record says elsewhere, and are not recorded.
    note
        What must be said beside the score.
    """
    missing = (*missing_fields(person, version.needs), *also_missing)
    refusal = not_for(person, version) or refusal
    verdict = None if refusal or missing else rule()
    if refusal:
        reason = refusal
    elif missing:
        them = "it" if len(missing) == 1 else "them"
        reason = f"{version.tool} cannot be scored without {listed(missing)}: record {them}."
    else:
        reason = note
    if person.sex == "female" and version.after_menopause and is_postmenopausal(person) is None:
        missing = (*missing, "menopausal_status")
        if not refusal:
            reason = f"{reason} Made for women after their menopause, which is not recorded.".strip()
    return ScreeningScore(
        tool=version.tool,
        variant=version.variant,
        score=None if verdict is None else verdict.score,
        positive=None if verdict is None else verdict.positive,
        threshold=version.threshold,
        inputs_missing=missing,
        reason=reason,
        sources=version.sources,
        group=None if verdict is None else verdict.group,
    )


def band(score: float, *, low_above: float, high_below: float) -> Group:
    """The group of a score where lower is worse: high risk below one edge, low risk above the other."""
    if score < high_below:
        return "high"
    return "low" if score > low_above else "intermediate"
