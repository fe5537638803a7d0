"""The tools that bodies name, with what each says about this person, and what is missing to use it."""

from __future__ import annotations

from collections.abc import Sequence

from osteon.care.screening.result import BodyOpinion, NamedTool
from osteon.person import Person
from osteon.risk import fracture_risks, screening_scores
from osteon.risk.result import FractureRisk, ScreeningScore

NOT_COMPUTED = {
    "FRAX": (
        "FRAX is proprietary: obtain it at its own site for the person's country and type the result in (frax in the "
        "record). No other tool's number stands in for it."
    ),
    "Garvan": "Not computed by Osteon: its coefficients were not found in print. It counts falls.",
    "CAROC": "Not computed by Osteon: its chart needs a femoral-neck T-score, so it follows the scan.",
    "DVO": "Not computed by Osteon: the risk calculator of the German guideline counts 33 factors over three years.",
}
_FRAX_TYPED_IN = "Typed in from elsewhere; shown as it was entered."
_QFRACTURE_NOTE = "Without bone density; made for Britain."


def named_tools(person: Person, opinions: Sequence[BodyOpinion]) -> tuple[NamedTool, ...]:
    """Every tool that one of these bodies names, in the order of naming."""
    bodies: dict[str, list[str]] = {}
    for opinion in opinions:
        for tool in opinion.tools:
            bodies.setdefault(tool, []).append(opinion.body)
    scores, risks = screening_scores(person), fracture_risks(person)
    return tuple(
        _tool(name, tuple(named_by), [one for one in scores if one.tool == name], risks)
        if name not in NOT_COMPUTED
        else _elsewhere(name, tuple(named_by), risks)
        for name, named_by in bodies.items()
    )


def _tool(
    name: str, named_by: tuple[str, ...], scores: Sequence[ScreeningScore], risks: Sequence[FractureRisk]
) -> NamedTool:
    own = tuple(one for one in risks if one.tool.startswith(name)) if name == "QFracture" else ()
    gaps = [*(one.inputs_missing for one in scores), *(one.inputs_missing for one in own)]
    return NamedTool(
        name=name,
        named_by=named_by,
        computed_here=True,
        scores=tuple(scores),
        risks=own,
        missing=tuple(dict.fromkeys(field for fields in gaps for field in fields)),
        note=_QFRACTURE_NOTE if own else "",
    )


def _elsewhere(name: str, named_by: tuple[str, ...], risks: Sequence[FractureRisk]) -> NamedTool:
    typed = tuple(one for one in risks if one.tool.startswith("FRAX")) if name == "FRAX" else ()
    return NamedTool(
        name=name,
        named_by=named_by,
        computed_here=False,
        scores=(),
        risks=typed,
        missing=() if typed or name != "FRAX" else ("a FRAX result",),
        note=_FRAX_TYPED_IN if typed else NOT_COMPUTED[name],
    )
