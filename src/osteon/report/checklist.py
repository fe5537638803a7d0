"""What to look up or measure before deciding: the clinician's checklist."""

from __future__ import annotations

from collections.abc import Sequence

from osteon.care.result import Option
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.report.result import Report
from osteon.report.words import first_small, input_name, plain_list, sentence

SHOWN_GAPS = 5


def checks(report: Report) -> tuple[str, ...]:
    """What to look up or measure: what the risk tools lacked, what the options need, tests for a hidden cause."""
    lines = []
    missing = missing_inputs(report)
    if missing:
        more = f" and {len(missing) - SHOWN_GAPS} more" if len(missing) > SHOWN_GAPS + 1 else ""
        named = plain_list(missing) if not more else ", ".join(missing[:SHOWN_GAPS])
        lines.append(f"Not recorded, and asked for by the fracture-risk tools: {named}{more}")
    if report.person.country is None:
        lines.append("Country not recorded: guidelines and fracture rates of the United States stand in for its own")
    lines += _about_all_medicines(report)
    considered = [one for one in report.options if one.standing in ("advised", "consider", "trial", "unclear")]
    undecided = [one for one in considered if one.standing != "advised"]
    settle = {
        name: tuple(option.label for option in undecided if name in _deciding_gaps(option))
        for name in dict.fromkeys(name for option in undecided for name in _deciding_gaps(option))
    }
    for labels in sorted(dict.fromkeys(settle.values()), key=len, reverse=True):
        names = [name for name, needing in settle.items() if needing == labels]
        lines.append(f"Would settle {_named(labels)}: {plain_list(names)}")
    common = [
        check
        for check in dict.fromkeys(check for option in considered for check in option.checks)
        if sum(check in option.checks for option in considered) >= 3 and check not in settle
    ]
    if common:
        lines.append(f"Before most medicines: {plain_list(common)}")
    lines += report.densitometry.advice
    if report.risk_profile is not None:
        tests = [first_small(one.name) for one in report.risk_profile.tests if not one.done]
        if tests:
            lines.append(f"Tests to consider for a hidden cause: {', '.join(tests)}")
    return tuple(sentence(line) for line in lines)


def _about_all_medicines(report: Report) -> list[str]:
    """What a guideline notes of every medicine, such as a very high risk that asks for a referral."""
    medicines = [one for one in report.options if one.group in MEDICINE_GROUPS]
    noted = [
        {row.sentence for row in one.guidelines if row.applies is True and row.verdict == "note"} for one in medicines
    ]
    shared = set.intersection(*noted) if noted else set()
    told = {row.sentence: row.source for one in medicines for row in one.guidelines}
    known = {one.source for one in report.standing_diagnosis}  # what stands beside the diagnosis is said there
    return [text for text, source in told.items() if text in shared and source not in known]


def missing_inputs(report: Report) -> list[str]:
    """What the fracture-risk tools ask for and the record does not hold."""
    return list(dict.fromkeys(input_name(name) for one in report.risk for name in one.inputs_missing))


def all_missing(report: Report) -> str:
    """Everything that the fracture-risk tools lack, when the checklist names only the first few."""
    missing = missing_inputs(report)
    return sentence(plain_list(missing)) if len(missing) > SHOWN_GAPS + 1 else ""


def _deciding_gaps(option: Option) -> tuple[str, ...]:
    """What is missing from the record and decides whether a guideline row applies."""
    return tuple(name for advice in option.guidelines if advice.applies is not True for name in advice.missing)


def _named(labels: Sequence[str]) -> str:
    """Options by name, or how many they are when the names would fill the line."""
    return plain_list(map(first_small, labels)) if len(labels) <= 3 else f"{len(labels)} options"
