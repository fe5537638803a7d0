"""What has to be known before an option can be judged, in a patient's words: what to ask for at the next visit."""

from __future__ import annotations

from collections.abc import Iterable

from osteon.care.result import Option
from osteon.report.words import plain_list

BLOOD_TESTS = {
    "kidney function (eGFR)": "your kidneys",
    "blood calcium": "calcium",
    "vitamin D (25-hydroxyvitamin D)": "vitamin D",
}
ASKED = {
    "calcium intake from food": "how much calcium you get from food",
    "smoking": "if you smoke",
    "alcohol intake": "how much alcohol you drink",
}
FRAX = "a FRAX result"
HEALTH = "answers about your health"
HEALTH_EXAMPLES = {
    "broken bones": ("fracture",),
    "clots": ("clot",),
    "heart disease": ("heart",),
    "cancer": ("cancer",),
    "your teeth": ("dental",),
    "steroid tablets": ("glucocorticoid",),
}
"""Examples of such answers, and the word by which a missing one is known; the first few that are missing are named."""

_MOST_EXAMPLES = 3
_OPEN_VERDICTS = ("for", "may", "trial")


def needed(options: Iterable[Option]) -> str:
    """What would settle these options, as one sentence; empty when nothing is known to be missing.

    Parameters
    ----------
    options
        Those that cannot be judged yet.
    """
    asked = list(dict.fromkeys(text for option in options for text in _missing(option)))
    tests = [words for text, words in BLOOD_TESTS.items() if text in asked]
    found = []
    if any(text.startswith(FRAX) for text in asked):
        found.append("a FRAX result, a sum that your doctor can do")
    if tests:
        found.append(f"a blood test of {plain_list(tests)}")
    found += [words for text, words in ASKED.items() if text in asked]
    others = [text for text in asked if text not in BLOOD_TESTS and text not in ASKED and not text.startswith(FRAX)]
    if others:
        found.append(_about_health(others))
    return f"What would help to know: {'; '.join(found)}." if found else ""


def _about_health(missing: Iterable[str]) -> str:
    """That more is asked, with examples of what is missing for this person."""
    known = " ".join(missing)
    examples = [name for name, marks in HEALTH_EXAMPLES.items() if any(mark in known for mark in marks)]
    return f"{HEALTH}, such as {plain_list(examples[:_MOST_EXAMPLES])}" if examples else HEALTH


def _missing(option: Option) -> list[str]:
    """What decides an option and is not on record: for the guidelines that might apply, and for its safety."""
    open_advice = [one for one in option.guidelines if one.applies is not True and one.verdict in _OPEN_VERDICTS]
    return [*(text for one in open_advice for text in one.missing), *option.checks]
