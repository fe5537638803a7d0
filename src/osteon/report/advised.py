"""What is advised, in the few plain sentences that a patient reads first."""

from __future__ import annotations

from osteon.care.result import Option
from osteon.evidence.therapies import MEDICINE_GROUPS
from osteon.person import bone_medicines_taken
from osteon.report.choices import WITH_GUESS, weak_kidneys, words
from osteon.report.plain import THERAPY_WORDS
from osteon.report.result import Report
from osteon.report.words import first_small, plain_list


def advised(report: Report) -> list[str]:
    """What is advised; of several medicines a person takes one at a time."""
    found = [one for one in report.options if one.standing == "advised" and one.eligible is not False]
    medicines = [one for one in found if one.group in MEDICINE_GROUPS]
    rest = [first_small(words(one)[0]) for one in found if one not in medicines]
    said = [f"Advised for you: {'; '.join(rest)}."] if rest else []
    taken = bone_medicines_taken(report.person)
    if report.alert:  # on denosumab, or lately off it: it cannot follow itself
        next_ones = [first_small(words(one)[0]) for one in medicines if one.therapy != "denosumab"]
        on_it = "denosumab" in taken
        when = "Before denosumab ends, plan which medicine follows" if on_it else "You need a medicine after denosumab"
        which = f": {_one_of(next_ones)}" if next_ones else ""
        return [*said, f"{when}{which}. Your doctor can help."]
    if taken:
        names = plain_list(first_small(THERAPY_WORDS[name][0]) for name in taken)
        return [*said, f"You take {names} now. Ask your doctor if it is still right for you, and for how long."]
    if len(medicines) < 2:
        helpful = [*rest, *(first_small(words(one)[0]) for one in medicines)]
        said = [f"Advised for you: {'; '.join(helpful)}."] if helpful else []
        return said if medicines else [*said, *_without_a_medicine(report)]
    one_of = _one_of([first_small(words(one)[0]) for one in medicines])
    return [
        *said,
        f"{'Also a' if rest else 'A'}dvised is a medicine. Your doctor can help you choose one: {one_of}.",
    ]


def _one_of(names: list[str]) -> str:
    return " or ".join(one for one in (", ".join(names[:-1]), names[-1]) if one)


def _without_a_medicine(report: Report) -> list[str]:
    """That a medicine is called for all the same where those advised first are barred; that weak kidneys come first.

    Without it "advised: exercise" would read as if nothing more were needed.
    """
    medicines = [one for one in report.options if one.group in MEDICINE_GROUPS]
    weak = weak_kidneys(report.person)
    if any(one.standing == "not suitable" and _called_for(one) for one in medicines):
        limits = "Your kidneys are weak, and that limits which" if weak else "Those that come first are not for you"
        return [f"Ask soon about a medicine for your bones. {limits}. See a specialist."]
    if weak and any(one.standing in WITH_GUESS for one in medicines):
        return ["Your kidneys are weak. See a specialist before any medicine for your bones."]
    return []


def _called_for(option: Option) -> bool:
    return any(one.verdict == "for" and one.at_home and one.applies is True for one in option.guidelines)
