"""When to image the spine for fractures that nobody has noticed, body by body.

ISCD's indication is that of :mod:`osteon.densitometry.spine_imaging`; the other bodies are rows of the table. ISCD asks
for a T-score below -1.0 first, so without a scan its answer hangs on the scan.
"""

from __future__ import annotations

from collections.abc import Sequence

from osteon.care.screening.facts import ScreeningFacts
from osteon.care.screening.opinions import decide, depends_on
from osteon.care.screening.result import Advised, SpineImaging
from osteon.care.screening.rules import INTERNATIONAL, Rule
from osteon.care.wording import listed
from osteon.densitometry.spine_imaging import spine_imaging_advice
from osteon.evidence import row, source, value
from osteon.person import Person

_T_SCORE_BELOW = "iscd.vfa.t_score_below"


def iscd(facts: ScreeningFacts) -> SpineImaging:
    """ISCD's answer, from densitometry's own rule; what is missing is tried at its worst to see whether it decides."""
    score = facts.densitometry.lowest_t_score
    assumed = value(_T_SCORE_BELOW) - 0.1 if score is None else score
    advice, worst = _advice(facts.person, assumed), _advice(facts.person, assumed, worst=True)
    missing = _missing(facts.person) if worst is not None and advice is None else ()
    if score is None and worst is not None:
        missing = ("a T-score", *missing)
    advised: Advised = False
    if facts.densitometry.rule != "T-score":
        return _iscd_answer(advised, "It counts T-scores, which are not used before the menopause or under 50.", ())
    reason = "The T-score is not below -1.0, or none of its further signs is there."
    if advice is not None and score is not None:
        advised, reason = True, advice
    elif missing:
        advised, reason = "uncertain", depends_on(missing)
    return _iscd_answer(advised, reason, missing)


def _iscd_answer(advised: Advised, reason: str, missing: tuple[str, ...]) -> SpineImaging:
    name = row(_T_SCORE_BELOW).source
    return SpineImaging(
        body="ISCD",
        country=INTERNATIONAL,
        year=source(name).year,
        advised=advised,
        reason=reason,
        missing=missing,
        sources=(name,),
    )


def _advice(person: Person, t_score: float, *, worst: bool = False) -> str | None:
    """Densitometry's advice for the record, or for the worst that the record allows."""
    history = person.history
    loss, steroids = history.height_loss_cm, history.glucocorticoids
    reported = "spine" in (history.fragility_fracture_sites or ())
    if worst:
        loss = value("iscd.vfa.height_loss_cm_over") + 1.0 if loss is None else loss
        steroids = True if steroids is None else steroids
        reported = reported or _fracture_sites_open(person)
    return spine_imaging_advice(
        sex=person.sex,
        age_years=person.age_years,
        lowest_t_score=t_score,
        height_loss_cm=loss,
        reported_vertebral_fracture=reported,
        glucocorticoids=steroids,
        prednisone_mg_per_day=history.glucocorticoid_prednisone_mg_per_day,
    )


def _fracture_sites_open(person: Person) -> bool:
    history = person.history
    return history.fragility_fracture_sites is None and history.previous_fragility_fracture is not False


def _missing(person: Person) -> tuple[str, ...]:
    history = person.history
    gaps = {
        "height loss": history.height_loss_cm is None,
        "which bones have broken from a minor fall": _fracture_sites_open(person),
        "glucocorticoid use": history.glucocorticoids is None,
    }
    return tuple(name for name, is_open in gaps.items() if is_open)


def by_table(facts: ScreeningFacts, rows: Sequence[Rule]) -> SpineImaging:
    """A body's answer by its rows of the table."""
    decision = decide(facts, rows)
    shown = decision.rule or rows[0]
    open_ = decision.standing in ("depends", "no recommendation")
    advised: Advised = "uncertain" if open_ else decision.standing == "advised"
    if decision.standing == "depends":
        reason = depends_on(decision.missing)
    elif decision.rule is None:
        reason = "None of its indications fits."
    else:
        present = facts.present(shown.factors)
        reason = f"{shown.who}{f' (here: {listed(present)})' if present else ''}: {shown.advice}"
    return SpineImaging(
        body=shown.body,
        country=shown.country,
        year=shown.year,
        advised=advised,
        reason=reason,
        missing=decision.missing,
        sources=shown.sources,
    )
