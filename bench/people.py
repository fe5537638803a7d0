"""Virtual people and one person's fit, measured: ``python -m bench.people``. Prints the figures that the docs show.

``python -m bench.people virtual-population --write`` does the first page alone; ``one-person-fit`` takes minutes.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from osteon.person import Sex
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.personalise.coverage import coverage
from osteon.twin.variability import compare_mros, compare_nhanes, draw_people, pooled_bands, sampling_error
from osteon.twin.variability.sampling import Pooled, SamplingError
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


PEOPLE = 3000
SURVEYS = 400


def population_text() -> str:
    """The virtual population beside the surveys, as the docs show it."""
    rows = compare_nhanes(PEOPLE)
    chance = sampling_error(rows, people=PEOPLE, surveys=SURVEYS)
    lines = [
        survey_table(rows),
        "",
        "| figure | bands within | of | a survey of this size, drawn from the model itself, would have within |",
        "| --- | --- | --- | --- |",
    ]
    for figure in FIGURES:
        here = [one for one in rows if one.figure == figure]
        expected = len(here) - chance.by_figure[figure]
        within = sum(one.within for one in here)
        lines.append(f"| {figure.replace('_', ' ')} | {within} | {len(here)} | {expected:.0f} |")
    low, high = (chance.figures - each for each in (chance.misses_high, chance.misses_low))
    lines.append(
        f"| all | {chance.figures - chance.observed_misses} | {chance.figures} "
        f"| {chance.figures - chance.misses:.0f} ({low:.0f} to {high:.0f} in nine of ten) |"
    )
    lines += ["", *chance_text(chance), "", *pooled_table(pooled_bands(PEOPLE))]
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


def chance_text(chance: SamplingError) -> list[str]:
    """What share of the misses is chance, in words."""
    text = (
        f"**How much of this is chance?** {chance.surveys} surveys of the real one's size were drawn from the virtual "
        f"people. Such a survey misses its own population in {chance.misses:.0f} of the {chance.figures} figures "
        f"({chance.misses_low:.0f} to {chance.misses_high:.0f} in nine of ten); the real one misses the model in "
        f"{chance.observed_misses}. {100 * chance.more_misses:.0f} % of the drawn surveys have no fewer misses. "
        f"Means and SDs of the 28 bands together: chi-square {chance.observed_chi_square:.0f}, against "
        f"{chance.chi_square:.0f} ({chance.chi_square_low:.0f} to {chance.chi_square_high:.0f}) by chance alone; "
        f"{100 * chance.larger_chi_square:.0f} % of the drawn surveys have a larger one. The model was tuned to this "
        "survey by twelve numbers, so slightly less than chance alone would be right."
    )
    return textwrap.wrap(text, 118)


def pooled_table(rows: Sequence[Pooled]) -> list[str]:
    """Three groups of age, where chance is smaller: survey, virtual people, and sampling errors between them."""
    lines = [
        "The bands in three groups, where chance is smaller and a fault of the model would show. In brackets: how many",
        "of the survey's sampling errors lie between the two; beyond two in bold.",
        "",
        "| | mean g/cm² | SD g/cm² | T-score below −1, % |",
        "| --- | --- | --- | --- |",
    ]
    groups: dict[tuple[str, str, str], list[Pooled]] = {}
    for one in rows:
        groups.setdefault((one.sex, one.site, one.ages), []).append(one)
    for (sex, site, ages), own in groups.items():
        cells = []
        for one in own:
            digits = 1 if one.figure == "low_or_osteoporosis" else 3
            apart = f"{one.errors_apart:+.1f}".replace("-", "−")
            text = f"{one.survey:.{digits}f} / {one.virtual:.{digits}f} ({apart})"
            cells.append(f"**{text}**" if abs(one.errors_apart) > 2.0 else text)
        lines.append(f"| {NAMES[sex]}, {NAMES[site]}, {ages} | {' | '.join(cells)} |")
    return lines


def fit_text() -> str:
    """Coverage and robustness, as the docs show them."""
    found = coverage(500)
    shares = ", ".join(f"{found[site]:.1f} % ({site.replace('_', ' ')})" for site in SITES)
    bad = not_finite(100_000)
    lines = (
        "* **Coverage.** Over 500 simulated people with one to three scans, the 90 % interval of BMD five years",
        f"  ahead held the truth in {shares}. The median",
        f"  effective sample size was {found['effective_median']:.0f}, the least {found['effective_least']:.0f}, and",
        f"  {found['refined']:.0f} of the fits were refined.",
        "* **Far from the usual.** Of 100,000 women and 100,000 men drawn from ten times the usual spread and run",
        f"  from 20 to 100, {bad} gave a number that is not finite.",
    )
    return "\n".join(lines)


def put(page: Path, text: str, start: str = START, end: str = END) -> None:
    """Replace what stands between the page's two marks."""
    before, rest = page.read_text("utf-8").split(start, 1)
    page.write_text(f"{before}{start}\n{text}\n{end}{rest.split(end, 1)[1]}", "utf-8")


PAGES: dict[str, Callable[[], str]] = {"virtual-population": population_text, "one-person-fit": fit_text}


def main() -> None:
    """Print everything, or the pages named; with ``--write``, also into the docs."""
    names = [word for word in sys.argv[1:] if word != "--write"] or list(PAGES)
    if unknown := [name for name in names if name not in PAGES]:
        sys.exit(f"there is no page called {unknown[0]!r}; write some of: {', '.join(PAGES)}")
    for name in names:
        text = PAGES[name]()
        print(text, end="\n\n")
        if "--write" in sys.argv:
            put(Path("docs") / f"{name}.md", text)


if __name__ == "__main__":
    main()
