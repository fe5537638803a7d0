"""The two pages around the pictures: what is drawn, how to read it, and what came out."""

from __future__ import annotations

from collections.abc import Sequence

from bench.pictures.panels import Panel
from osteon.twin.osteon_model.emergent import Behaviour, Finding
from osteon.twin.osteon_model.validate import OsteonValidation

PLOTS_OPENING = """# The validation as pictures

Every published number that Osteon's bone model was asked to predict, and every digitised trial curve, one small plot
each. **What fails comes first and is marked**: its paper is tinted, its title is red, and the last line above it begins
with MISS or ABOVE TARGET. The same numbers as tables, with what is thought to cause each miss, are in
[validation.md](validation.md).

`python -m bench.pictures` draws this page anew; nothing on it is edited by hand.

How to read a plot:

* The **line** is the model's course for one mean person of the trial's age, sex and background treatment, as change
  from the start of the trial in per cent (or points of difference from control). Nobody adjusted it to the points
  beside it.
* The pale **band** is the model's error on means that it had not seen: nine in ten lie inside. For BMD under a medicine
  it is {bands} points after a year, and grows with the square root of time; for markers it is a factor
  ({markers}). For fitted results it is rather too wide.
* A **filled dot** is what was published, the thin **bar** its printed interval, where one was printed.
* The wide grey **bar** behind a dot is the tolerance: 1.5 points at the spine, 1.0 at hip and neck, 0.5 for
  treatments that should do nothing. A prediction inside it, or inside the printed interval, counts as met.
* **Hollow dots** (digitised curves) are the prediction on the day of the sample. Samples are drawn before the
  injection of that day, where a marker stands at its highest; the line shows the swing between two injections.
"""


def plots_page(
    found: OsteonValidation, parts: Sequence[tuple[str, str, str, list[Panel]]], bands: str, markers: str, stamp: str
) -> str:
    """``parts`` are title, text, file and panels of each picture."""
    lines = [PLOTS_OPENING.format(bands=bands, markers=markers)]
    counted = found.held_out()
    met = sum(one.ok is True for one in counted)
    lines.append(
        f"Of the {len(counted)} held-out BMD changes at 12 to 60 months that count, {met} are met "
        f"({100 * found.share_ok():.0f} %); the target is 80 %.\n"
    )
    for title, text, file, panels in parts:
        marked = sum(one.missed for one in panels)
        lines += [
            f"## {title}\n",
            f"{text} {marked} of {len(panels)} plots are marked.\n",
            f"![{title}: {len(panels)} small plots, {marked} of them marked](images/validation/{file})\n",
        ]
    lines.append(f"Drawn for the parameters and published rows `{stamp}`.")
    return "\n".join(lines) + "\n"


EMERGENT_OPENING = """# What emerges when treatment stops, changes or comes late

The curves on this page were not drawn into the model. They follow from cells, bone and the way in which each
medicine leaves the body. Of what is shown, the fit knew some figures at single times: what stopping alendronate,
teriparatide and denosumab costs, one infusion of zoledronate up to five years, and a large trial of calcium. Each
picture stands beside what must hold of it, with the number that the model gives; the same sentences are tests
(`tests/pictures/test_emergent_claims.py`), so a picture cannot quietly stop being true.

All of them show one mean woman of 65, fifteen years after her menopause. Grey shading is the first course of
treatment. They are statements about the model, checked against published trials on [the page of small
plots](validation-plots.md); they are not advice. **Nobody should stop denosumab without a plan for what follows.**

`python -m bench.pictures` draws this page anew; nothing on it is edited by hand.
"""

WHY = {
    "zoledronate-one-infusion": "A bisphosphonate stays on bone. A fast share leaves within months, a slow share is "
    "released over years, so one infusion goes on working and wears off slowly.",
    "alendronate-stopped": "The same store in bone: after five years of tablets the effect fades over years, without "
    "an overshoot.",
    "denosumab-stopped": "Under denosumab the precursors of osteoclasts wait. When it wears off they mature together: "
    "turnover overshoots and the gain is lost, unless a bisphosphonate catches it.",
    "denosumab-late": "The same rebound, begun by a late injection. The next injection stops it, and what was lost is "
    "won back slowly.",
    "teriparatide-then": "New bone is young and the drive to form it ends with the medicine, so the gain fades, unless "
    "resorption is held back.",
    "romosozumab-then": "Osteocytes answer the antibody with more sclerostin: formation wanes within months and falls "
    "below the old level afterwards.",
    "order": "Romosozumab builds more on bone that is being remodelled. After denosumab it begins on quiet bone, while "
    "the waiting precursors of osteoclasts are let go.",
    "glucocorticoids": "In the model resorption rises at once and formation follows it for some months. No trial of "
    "markers under steroids stood behind the fit, so P1NP is the model's guess: do not read it as what a laboratory "
    "would find. When the steroid stops, bone returns slowly, not all the way.",
    "calcium-vitamin-d": "A supplement ends a deficit: resorption falls one step, bone fills that space once, and then "
    "nothing more is gained. Somebody without a deficit gains nothing.",
    "exercise": "Strained bone forms a little more. The gain is a fraction of a medicine's, and leaves with the habit.",
}


def emergent_page(found: Sequence[tuple[Behaviour, Sequence[Finding]]], stamp: str) -> str:
    """The page of behaviours with their pictures and findings."""
    lines = [EMERGENT_OPENING]
    for one, findings in found:
        lines += [
            f"## {one.title}\n",
            f"{WHY[one.key]}\n",
            f"![{one.title}](images/emergent/{one.key}.svg)\n",
            "| what must hold | the model | limit |",
            "| --- | --- | --- |",
        ]
        lines += [f"| {each.sentence} | {_number(each)} | {_limit(each)} |" for each in findings]
        lines.append("")
    lines.append(f"Drawn for the parameters `{stamp}`.")
    return "\n".join(lines) + "\n"


def _number(found: Finding) -> str:
    text = f"{found.measured:.2f}" if abs(found.measured) < 10 else f"{found.measured:.0f}"
    text = text.replace("-0.00", "0.00").replace("-", "\u2212")
    shown = f"{text} {found.unit}"
    return shown if found.holds else f"**{shown}, does not hold**"


def _limit(found: Finding) -> str:
    low, high = (f"{one:g}".replace("-", "\u2212") for one in (found.low, found.high))
    if abs(found.low) < 1e-6 and abs(found.high) < 1e-6:
        return "0"
    if found.low == float("-inf"):
        return f"at most {high}"
    return f"at least {low}" if found.high == float("inf") else f"{low} to {high}"
