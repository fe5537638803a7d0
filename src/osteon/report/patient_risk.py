"""What the patient reads of the chance of a break, or why there is no number."""

from __future__ import annotations

from osteon.person import bone_medicines_taken
from osteon.report.ahead import in_years_ahead
from osteon.report.figures import PLAIN_BREAKS
from osteon.report.result import Report
from osteon.report.risks import BLIND_TOOL, SEEING_TOOL, Outlook, answering_tools, far_apart, outlooks, treated_note
from osteon.report.words import in_100, plain_list, risk_span

LOW_DENSITY = ("below-expected-for-age", "osteopenia", "osteoporosis")


def only_blind(report: Report) -> bool:
    """Whether every tool that answered leaves bone density out."""
    tools = answering_tools(report.risk)
    return bool(tools) and all(tool.startswith(BLIND_TOOL) for tool in tools)


def risk_sentence(report: Report, outlook: Outlook) -> str:
    """One chance as a number of people in a hundred, with the years that it speaks of."""
    what, when = PLAIN_BREAKS[outlook.outcome][1], in_years_ahead(report.person, outlook.horizon_years)
    if outlook.span[1] < 1:
        return f"Fewer than 1 in 100 people like you will {what} {when}."
    return f"Of 100 people like you, {in_100(outlook.span).removesuffix(' in 100')} will {what} {when}."


def break_text(report: Report) -> tuple[str, ...]:
    """Each chance, which sum it comes from, and what that sum does not know."""
    found = outlooks(report.risk)
    if not found:
        return _no_answer(report)
    lines = [risk_sentence(report, one) for one in found]
    tools = answering_tools(report.risk)
    blind = any(tool.startswith(BLIND_TOOL) for tool in tools)
    seeing = any(SEEING_TOOL in tool for tool in tools)
    if blind and seeing:
        lines.append(
            "This comes from two sums. One is QFracture. It uses your age, health and habits. It does not know your "
            "bone scan. The other is new and still being tested. It uses your bone scan too."
        )
    elif blind:
        lines.append("This sum is QFracture. It uses your age, health and habits. It does not know your bone scan.")
    elif seeing:
        lines.append("This sum is new and still being tested. It uses your age and your bone scan.")
    if treated_note(report.person, report.risk):
        lines.append(_not_counted(report))
    if far_apart(report.risk):
        lines.append("For you the sums are far apart. Nobody knows which one is right. Ask your doctor about it.")
    if any(one.inputs_missing for one in report.risk if risk_span(one) is not None):
        lines.append(f"Some facts about you are not on record. {_unknown_words(blind=blind, seeing=seeing)}")
    lines.append("Nobody can say if you will be one of them.")
    return tuple(lines)


def _not_counted(report: Report) -> str:
    if bone_medicines_taken(report.person):
        return "The sums do not know that you take a medicine for your bones, or what would come if you stopped."
    return "The sums do not know that denosumab has ended. Then breaks in the spine can follow: your chance is higher."


_OUTSIDE_WORDS = {"age_years": "age", "bmi": "weight"}


def _no_answer(report: Report) -> tuple[str, ...]:
    """Why no sum answers: facts that are missing, which can be added, or an age or a body that no sum covers."""
    silent = [one for one in report.risk if risk_span(one) is None]
    outside = list(dict.fromkeys(_OUTSIDE_WORDS.get(name, "") for one in silent for name in one.outside))
    if not silent or any(not one.outside for one in silent):
        lacking = "We could not work this out. Some facts about you are not on record."
        if not any(outside):
            return (lacking, "Ask to have them added.")
        return (f"{lacking} One of our sums does not work at your {plain_list(filter(None, outside))}.",)
    why = f"at your {plain_list(sorted(outside))}" if all(outside) else "for you"
    return (
        f"We could not work this out. Our sums do not work {why}.",
        "This does not mean that you have no risk. Ask your doctor what counts in your case.",
    )


def _unknown_words(*, blind: bool, seeing: bool) -> str:
    """How the sums take an illness that is not on record: QFracture leaves it out, the other counts the average."""
    if blind and seeing:
        return "An illness that is not on record is left out of the first. The second counts you as most people are."
    return "The sum counts you as most people are." if seeing else "An illness that is not on record is not counted."
