"""Write the measured part of ``docs/virtual-trials.md``: what each re-run gave beside what was printed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from osteon.errors import UsageError
from osteon.trial.result import Beside, TrialRun

START, END = "<!-- measured by python -m osteon.trial --page docs/virtual-trials.md -->", "<!-- end -->"


def measured(runs: Iterable[TrialRun]) -> str:
    """The tables of several re-runs as Markdown."""
    return "\n\n".join(_one(run) for run in runs)


def write(page: Path, runs: Iterable[TrialRun]) -> None:
    """Replace what stands between the page's two marks.

    Raises
    ------
    UsageError
        The page has no such marks.
    """
    text = page.read_text("utf-8")
    if START not in text or END not in text.split(START, 1)[1]:
        raise UsageError(f"{page.name} has no place for the tables", mend=f"Put the lines {START} and {END} into it")
    before, rest = text.split(START, 1)
    page.write_text(f"{before}{START}\n{measured(runs)}\n{END}{rest.split(END, 1)[1]}", "utf-8")


def _one(run: TrialRun) -> str:
    base = run.baseline
    women = (
        f"{base.women} virtual women, mean age {base.age_mean:.1f} (SD {base.age_sd:.1f}), femoral-neck T-score "
        f"{base.neck_t_mean:.2f} (SD {base.neck_t_sd:.2f}); {run.years:g} years of `{run.active}`."
    )
    lines = [
        f"### {run.title}",
        "",
        women,
        "",
        "| ratio, medicine to placebo | printed | model, trials link | inside | model, density link |",
        "| --- | --- | --- | --- | --- |",
        *(_beside(one) for one in run.beside),
        "",
        "| first fracture within the trial, trials link | placebo | medicine |",
        "| --- | --- | --- |",
        *(
            f"| {_ENDPOINTS[one.endpoint]} | {one.control_percent:.1f} % | {one.active_percent:.1f} % |"
            for one in run.ratios
            if one.link == run.link_fixed_beforehand
        ),
        "",
        "| BMD | months | placebo | medicine | difference, points |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {one.site.replace('_', ' ')} | {one.months} | {one.control_change_percent:+.1f} % "
            f"| {one.active_change_percent:+.1f} % | {one.difference_points:.1f} |"
            for one in run.bmd
        ),
        "",
    ]
    lines += [
        f"Of {one.trials} virtual trials with {one.women} women, half in each arm, the middle 95 % found a hazard "
        f"ratio of {one.low:.2f} to {one.high:.2f} by the {one.link} link, and "
        f"{one.significant_percent:.0f} % an interval below 1."
        for one in run.small_trials
    ]
    if run.other_mixes:
        lines += ["", f"With half or twice as many fractures of one kind, the first ratio would be: {_mixes(run)}"]
    lines += ["", "What the re-run leaves out:", "", *(f"* {one}" for one in run.apart)]
    return "\n".join(lines)


_ENDPOINTS = {
    "major": "hip, clinical spine, forearm or shoulder",
    "nonvertebral": "hip, forearm or shoulder",
    "spine": "clinical spine",
}


def _mixes(run: TrialRun) -> str:
    names = {"hip": "hip", "spine": "clinical spine", "limb": "forearm and shoulder"}
    parts = []
    for site in dict.fromkeys(one.site for one in run.other_mixes):
        ratios = " or ".join(f"{one.expected:.2f}" for one in run.other_mixes if one.site == site)
        parts.append(f"{names[site]} {ratios}")
    return "; ".join(parts) + "."


def _beside(one: Beside) -> str:
    known = one.printed_low is not None and one.printed_high is not None
    interval = f" ({one.printed_low:.2f} to {one.printed_high:.2f})" if known else ""
    inside = {True: "yes", False: "**no**", None: "no interval read"}[one.inside]
    return f"| {one.label} | {one.printed:.2f}{interval} | {one.by_trials:.2f} | {inside} | {one.by_density:.2f} |"
