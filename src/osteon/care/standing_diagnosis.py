"""Where osteoporosis stands although the latest density is not in its range: an earlier scan, a fracture, a high risk.

The category by density is that of the latest scan alone (WHO, ISCD). What guidelines say beyond it are rows of
``guideline_rules.csv``, the same that the options follow, so that the diagnosis and the options never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from osteon.care.facts import Facts
from osteon.care.guidelines import Rule, rules, speaks_for
from osteon.care.result import StandingDiagnosis, StandingGround, told
from osteon.care.wording import fill
from osteon.densitometry.result import Densitometry
from osteon.person import Person
from osteon.risk.result import FractureRisk

# The rows that make or keep the diagnosis, with what they go by, the weightiest first.
_ROWS: dict[str, StandingGround] = {
    "aace20_persists": "earlier scan",
    "aace20_any_fracture": "fracture",
    "es12m_fracture": "fracture",
    "aace20_low_forearm": "fracture and low density",
    "nbha14_low_fracture": "fracture and low density",
    "aace20_frax": "risk",
}
_FOUND: dict[StandingGround, str] = {
    "earlier scan": "",
    "fracture": "A fragility fracture of hip or spine is on record.",
    "fracture and low density": "A fragility fracture of wrist or upper arm is on record, and density is low.",
    "risk": "The FRAX result on record is above the threshold.",
}


def standing_diagnosis(
    person: Person, densitometry: Densitometry, risks: Iterable[FractureRisk] = ()
) -> tuple[StandingDiagnosis, ...]:
    """Why osteoporosis stands beside a density that is not in its range; empty for most people.

    Parameters
    ----------
    person
        The record.
    densitometry
        What the scans say.
    risks
        Fracture risks, for a FRAX result among them.
    """
    found = []
    earlier = densitometry.earlier_osteoporosis
    facts = Facts(person, densitometry, risks)
    if not _may_stand(facts):
        return ()
    for rule, ground in _fitting(facts):
        seen = earlier.sentence if ground == "earlier scan" and earlier is not None else _FOUND[ground]
        elsewhere = "" if speaks_for(rule.country, person) else rule.country
        said = told(rule.guideline, rule.year, rule.strength, fill(rule.advice), elsewhere)
        found.append(StandingDiagnosis(ground=ground, sentence=f"{seen} {said}", source=rule.source))
    if earlier is not None and not any(one.ground == "earlier scan" for one in found):
        found.insert(0, StandingDiagnosis(ground="earlier scan", sentence=earlier.sentence, source=""))
    return tuple(found)


def counts_as_osteoporosis(facts: Facts) -> bool:
    """Whether osteoporosis stands, by density now, by an earlier scan, or by a rule on fractures or risk.

    Parameters
    ----------
    facts
        The person, with the fracture risks at hand.
    """
    return bool(facts.holds("osteoporosis").yes) or (_may_stand(facts) and any(_fitting(facts)))


def _may_stand(facts: Facts) -> bool:
    bone = facts.densitometry
    return bone.rule == "T-score" and bone.diagnosis in ("normal", "osteopenia")


def _fitting(facts: Facts) -> Iterator[tuple[Rule, StandingGround]]:
    """The rows that make or keep the diagnosis for a person, with what each goes by."""
    by_id = {rule.id: rule for rule in rules()}
    return ((by_id[name], ground) for name, ground in _ROWS.items() if facts.holds(by_id[name].criteria).yes)
