"""What the patient reads of stem cells, and of what is proven beside them."""

from __future__ import annotations

from osteon.evidence import TherapyName
from osteon.person import takes
from osteon.report.benefit import benefit_words
from osteon.report.plain import THERAPY_WORDS
from osteon.report.result import Report
from osteon.report.words import first_small

STEM_CELLS = (
    "You may have heard that stem cells can mend bone. So far this is a hope, not a fact.",
    "No study has shown that stem cells make bones stronger in people with low bone density.",
    "No study has shown that they prevent breaks.",
    "Some clinics sell them all the same. This can cost a lot, and people have been harmed.",
    "A proper study has been checked by the state and by an ethics board. It does not ask you for money.",
)


BESIDE_CELLS: TherapyName = "zoledronate"


STEM_QUESTIONS = (
    "Is this a proper study? Who has approved it, and what is its number?",
    "Is it free for me to take part?",
    "Is it about weak bones, and does it count breaks or measure bone density?",
    "What went wrong for other people, and where can I read about it?",
)


def beside_cells(report: Report) -> tuple[str, ...]:
    """What is proven stands beside what is not: the best-tried medicine, whether or not it suits this person."""
    standing = next((one.standing for one in report.options if one.therapy == BESIDE_CELLS), "")
    name = first_small(THERAPY_WORDS[BESIDE_CELLS][0])
    suits = " It is not for you now." if standing in ("not now", "not suitable") else " Ask if it is right for you."
    if takes(report.person, BESIDE_CELLS):
        suits = " You take it now."
    proven = f"The medicine with the best proof in osteopenia is {name}. {benefit_words(BESIDE_CELLS, report)}"
    return (f"{proven}{suits}",)
