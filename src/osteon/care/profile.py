"""The risk-factor profile: what is present, absent or unknown, what can be changed, how much it matters.

The rows are ``evidence/data/guideline_risk_factors.csv`` (five groups: genetics, lifestyle, diet, medicines, hormones;
beside them other conditions, and signs). Medicines that cost bone are ``drug_bone_losing.csv``, tests for a hidden
cause ``guideline_secondary_tests.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from osteon.care.facts import Facts
from osteon.care.result import (
    BoneLosingMedicine,
    Changeable,
    RiskFactor,
    RiskFactorGroup,
    RiskProfile,
    SecondaryTest,
)
from osteon.care.truth import Truth
from osteon.care.wording import fill, keys, read_rows, sources_of
from osteon.densitometry.result import Densitometry
from osteon.evidence.bone_losing import bone_losing_classes
from osteon.evidence.loader import EvidenceError
from osteon.person import Medicine, Person

MEDICINES_NOTE = (
    "The record asks for the medicines that matter most. Others on a medicine list can cost bone too: look for them by "
    "name, and never stop one without the person who prescribed it."
)


def risk_profile(person: Person, densitometry: Densitometry) -> RiskProfile:
    """The risk factors of a person by group, and the tests to consider.

    Parameters
    ----------
    person
        The record.
    densitometry
        What the scan says: most tests for a hidden cause are considered only when density is low or a bone broke.
    """
    facts = Facts(person, densitometry)
    factors = tuple(_factor(facts, record) for record in read_rows("guideline_risk_factors.csv"))
    tests = tuple(one for record in read_rows("guideline_secondary_tests.csv") if (one := _test(facts, record)))
    costly = bone_losing_medicines(person.medicines)
    named = [key for factor in factors for key in factor.sources]
    named += [key for test in tests for key in test.sources]
    named += [key for one in costly for key in one.sources]
    return RiskProfile(
        factors=factors,
        tests=tests,
        bone_losing=costly,
        medicines_note=MEDICINES_NOTE,
        sources=tuple(dict.fromkeys(named)),
    )


def bone_losing_medicines(medicines: Iterable[str | Medicine]) -> tuple[BoneLosingMedicine, ...]:
    """The medicines in a list that cost bone, each with its class.

    Parameters
    ----------
    medicines
        Names as written on a list, such as ``Prednisone 5 mg tablet``, or entries of a record with an RxNorm code; a
        name matches when it holds a known substance as a whole word.
    """
    listed = (one if isinstance(one, Medicine) else Medicine(name=one, rxnorm=None) for one in medicines)
    return tuple(
        BoneLosingMedicine(
            name=one.name,
            drug_class=row["drug_class"],
            effect=fill(row["effect"]),
            answers=row["answers"],
            sources=tuple(dict.fromkeys((*keys(row["sources"]), *sources_of(row["effect"])))),
        )
        for one in listed
        for row in bone_losing_classes(one.name, one.rxnorm)
    )


def _factor(facts: Facts, record: Mapping[str, str]) -> RiskFactor:
    group = next((one for one in get_args(RiskFactorGroup) if one == record["group"]), None)
    changeable = next((one for one in get_args(Changeable) if one == record["changeable"]), None)
    if group is None or changeable is None:
        raise EvidenceError("the group or changeable is not one of the fixed words", where=record["key"])
    truth = facts.holds(record["criteria"])
    return RiskFactor(
        group=group,
        key=record["key"],
        label=record["label"],
        state=_state(truth),
        changeable=changeable,
        finding=_finding(facts, record, truth),
        why=record["why"],
        effect=fill(record["effect"]),
        action=fill(record["action"]),
        sources=tuple(dict.fromkeys((*keys(record["sources"]), *sources_of(record["effect"], record["action"])))),
    )


def _state(truth: Truth) -> Literal["present", "absent", "unknown"]:
    return "unknown" if truth.yes is None else "present" if truth.yes else "absent"


def _finding(facts: Facts, record: Mapping[str, str], truth: Truth) -> str:
    if truth.yes is None:
        return "Not recorded."
    name, _, unit = record["shows"].partition("|")
    number = facts.number(name)[0] if name else None
    if number is None:
        return "Yes." if truth.yes else "No."
    shown = round(number, 1) if number >= 1 else float(f"{number:.2g}")  # a TSH of 0.02 is not nought
    return f"{'Yes' if truth.yes else 'No'}: {shown:g} {unit}."


def _test(facts: Facts, record: Mapping[str, str]) -> SecondaryTest | None:
    if facts.holds(record["criteria"]).yes is not True:
        return None
    field = record["lab_field"]
    return SecondaryTest(
        name=record["test"],
        reason=record["reason"],
        done=bool(field) and getattr(facts.person.labs, field) is not None,
        sources=keys(record["sources"]),
    )
