"""Virtual people and one person's fit, measured: ``python -m bench.people``. Prints the figures that the docs show."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.personalise.coverage import coverage
from osteon.twin.variability import compare_mros, compare_nhanes, draw_people
from osteon.twin.variability.survey import Comparison


def not_finite(people: int, stretch: float = 10.0) -> int:
    """How many people of each sex, drawn from so many times the usual spread, ever give a number that is not finite."""
    bad = 0
    sexes: tuple[Sex, ...] = ("female", "male")
    for sex in sexes:
        for first in range(0, people, 2000):
            numbers = np.arange(first, min(first + 2000, people))
            drawn = draw_people("far from the usual", sex, numbers, stretch=stretch)
            logs = drawn.lives(100.0).logs
            bad += int(np.sum(~np.all(np.isfinite(logs), axis=(0, 1))))
    return bad


START, END = "<!-- measured by python -m bench.people --write -->", "<!-- end -->"
FIGURES = ("mean", "sd", "osteoporosis", "low_bone_mass")
NAMES = {"femoral_neck": "femoral neck", "total_hip": "total hip", "female": "women", "male": "men"}


def survey_table(rows: Sequence[Comparison]) -> str:
    """The comparison as a Markdown table: one line a band, those with misses first; misses in bold."""
    lines = [
        "| | mean g/cm² | SD g/cm² | osteoporosis % | low bone mass % | survey error of the last |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    bands: dict[tuple[str, str, str], dict[str, Comparison]] = {}
    for one in rows:
        bands.setdefault((one.sex, one.site, one.band), {})[one.figure] = one
    ordered = sorted(bands.items(), key=lambda item: all(one.within for one in item[1].values()))
    for (sex, site, band), found in ordered:
        cells = []
        for figure in FIGURES:
            one, digits = found[figure], 3 if figure in ("mean", "sd") else 1
            text = f"{one.survey:.{digits}f} / {one.virtual:.{digits}f}"
            cells.append(text if one.within else f"**{text}**")
        label = f"{NAMES[sex]}, {NAMES[site]}, {'50+' if band == 'all' else band}"
        lines.append(f"| {label} | {' | '.join(cells)} | {found['low_bone_mass'].survey_se:.1f} |")
    return "\n".join(lines)


def population_text() -> str:
    """The virtual population beside the surveys, as the docs show it."""
    rows = compare_nhanes(4000)
    lines = [
        survey_table(rows),
        "",
        "| figure | bands within | within, or within two standard errors of the survey | of |",
        "| --- | --- | --- | --- |",
    ]
    for figure in FIGURES:
        here = [one for one in rows if one.figure == figure]
        within = sum(one.within for one in here)
        close = sum(one.within or abs(one.off) <= 2.0 * one.survey_se for one in here)
        lines.append(f"| {figure.replace('_', ' ')} | {within} | {close} | {len(here)} |")
    lines += [
        "",
        "Change of femoral-neck BMD in men of 73 over 4.6 years:",
        "",
        "| group | share in MrOS | virtual | mean change in MrOS | virtual |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.group} | {one.survey_share:.1f} % | {one.virtual_share:.1f} % "
        f"| {one.survey_change:.2f} % | {one.virtual_change:.2f} % |"
        for one in compare_mros()
    ]
    return "\n".join(lines)


def fit_text() -> str:
    """Coverage and robustness, as the docs show them."""
    found = coverage(500)
    shares = ", ".join(f"{found[site]:.1f} % ({site.replace('_', ' ')})" for site in SITES)
    bad = not_finite(20_000)
    lines = (
        "* **Coverage.** Over 500 simulated people with one to three scans, the 90 % interval of BMD five years",
        f"  ahead held the truth in {shares}. The median",
        f"  effective sample size was {found['effective_median']:.0f}, the least {found['effective_least']:.0f}, and",
        f"  {found['refined']:.0f} of the fits were refined.",
        "* **Far from the usual.** Of 20,000 women and 20,000 men drawn from ten times the usual spread and run",
        f"  from 20 to 100, {bad} gave a number that is not finite.",
    )
    return "\n".join(lines)


def put(page: Path, text: str) -> None:
    """Replace what stands between the page's two marks."""
    before, rest = page.read_text("utf-8").split(START, 1)
    page.write_text(f"{before}{START}\n{text}\n{END}{rest.split(END, 1)[1]}", "utf-8")


def main() -> None:
    """Print everything; with ``--write``, also into the docs."""
    pages = {"virtual-population": population_text(), "one-person-fit": fit_text()}
    for name, text in pages.items():
        print(text, end="\n\n")
        if "--write" in sys.argv:
            put(Path("docs") / f"{name}.md", text)


if __name__ == "__main__":
    main()
