"""When nothing asks for a medicine, and why, in words that a patient can read.

A record with gaps must not make ten medicines look undecided for somebody who needs none: with a normal density, or
one as expected for the age, and no fracture on record, the answer is "not now", and the open question is a check.
"""

from __future__ import annotations

from osteon.care.denosumab import FOLLOW_ON, denosumab_exit
from osteon.care.facts import Facts
from osteon.care.guidelines import GROUPS, advice_for
from osteon.care.standing_diagnosis import counts_as_osteoporosis
from osteon.person import bone_medicines_taken

AS_EXPECTED = "Bone density is as expected for the age, so no bone medicine is needed now."
CAUSE_FIRST = (
    "First a doctor looks for a cause and refers to a specialist: at this stage of life bone medicines are a "
    "specialist's decision."
)
NORMAL = "Bone density is normal, so no bone medicine is needed now."
NO_THRESHOLD = (
    "Bone density is low but not osteoporosis, and no guideline or trial read here asks for this medicine now."
)
HORMONES_TOO_LATE = (
    "For bone, hormone therapy is best started before 60 and within ten years of the menopause; that time has passed."
)
AFTER_DENOSUMAB = (
    "Denosumab must be followed by another medicine, usually zoledronate; no guideline read here puts this one forward "
    "for that."
)
AFTER_BUILDER = (
    "A bone builder has ended, and a medicine that keeps its gain comes next; no guideline read here puts this one "
    "forward for that."
)
BESIDE_ANOTHER = (
    "A bone medicine is taken already, and no guideline read here asks for this one beside it or in its place now."
)
NOT_THIS_ONE = "No guideline read here puts this medicine forward now."
ONLY_AFTER_MENOPAUSE = "It is only for women after the menopause, which is not on record."

_AFTER_MENOPAUSE = ("raloxifene", "bazedoxifene", "romosozumab")


def nothing_is_needed(facts: Facts) -> bool:
    """Whether gaps in the record may be left as checks: no medicine is needed as things stand."""
    diagnosis = facts.densitometry.diagnosis
    if any(facts.holds(one).yes for one in ("fracture", "earlier osteoporosis", "builder ended")):
        return False
    if diagnosis in ("normal", "within-expected-for-age"):
        return True
    return diagnosis == "below-expected-for-age" and facts.before_menopause


def not_after_denosumab(facts: Facts, therapy: str) -> bool:
    """Whether denosumab is taken, or ended lately with nothing after it, and this is no medicine to follow it with."""
    return bool(denosumab_exit(facts.person)) and therapy not in (*FOLLOW_ON, "denosumab")


def open_checks(facts: Facts) -> tuple[str, ...]:
    """What to ask somebody who needs no medicine as things stand, because it could change that."""
    asked = [*facts.holds("fracture").missing]
    if facts.person.sex == "female":
        asked += facts.menopause.missing
    return tuple(asked)


def why_not_now(facts: Facts, therapy: str) -> tuple[str, ...]:
    """Why a medicine is not asked for at present; the first sentence is the one that decides."""
    diagnosis = facts.densitometry.diagnosis
    young = facts.holds("man and age<50").yes or facts.before_menopause
    fractured = facts.holds("fracture").yes is True
    reasons = []
    if not_after_denosumab(facts, therapy):
        reasons.append(AFTER_DENOSUMAB)
    elif facts.holds("builder ended").yes and not young:
        reasons.append(AFTER_BUILDER)
    elif young and (diagnosis not in ("normal", "within-expected-for-age") or fractured):
        reasons.append(CAUSE_FIRST)
    elif bone_medicines_taken(facts.person):
        # A good scan may be the work of the medicine that is taken: nobody must read that none is needed.
        reasons.append(BESIDE_ANOTHER)
    elif diagnosis == "within-expected-for-age" and not fractured and not _another_is_put_forward(facts):
        reasons.append(AS_EXPECTED)
    elif facts.holds("normal").yes and not fractured and not _another_is_put_forward(facts):
        reasons.append(NORMAL)
    elif therapy == "hormone_therapy" and _late_for_hormones(facts):
        reasons.append(HORMONES_TOO_LATE)
    elif facts.holds("osteopenia").yes and not counts_as_osteoporosis(facts):
        reasons.append(NO_THRESHOLD)
    else:
        reasons.append(NOT_THIS_ONE)
    if therapy in _AFTER_MENOPAUSE and facts.menopause.yes is None:
        reasons.append(ONLY_AFTER_MENOPAUSE)
    return tuple(reasons)


def _another_is_put_forward(facts: Facts) -> bool:
    """Whether a guideline or a trial puts some medicine forward, as for people on steroids with a normal density."""
    return any(
        row.applies is True and row.verdict in ("for", "may", "trial")
        for name in GROUPS["all_drugs"]
        for row in advice_for(facts, name)
    )


def _late_for_hormones(facts: Facts) -> bool:
    if not facts.menopause.yes:
        return False
    return facts.holds("age>=60 or years_since_menopause>=10").yes is True
