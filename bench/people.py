"""Virtual people and one person's fit, measured: ``python -m bench.people``. Prints the figures that the docs show."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from osteon.person import Sex
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


def main() -> None:
    """Print everything, as the docs show it."""
    rows = compare_nhanes(4000)
    print(survey_table(rows))
    print("\n| figure | within | within, or within two standard errors of the survey | of |\n| --- | --- | --- | --- |")
    for figure in FIGURES:
        here = [one for one in rows if one.figure == figure]
        within = sum(one.within for one in here)
        close = sum(one.within or abs(one.off) <= 2.0 * one.survey_se for one in here)
        print(f"| {figure.replace('_', ' ')} | {within} | {close} | {len(here)} |")
    print(
        "\n| group of men | share in MrOS | virtual | mean change in MrOS | virtual |\n| --- | --- | --- | --- | --- |"
    )
    for group in compare_mros():
        print(
            f"| {group.group} | {group.survey_share:.1f} % | {group.virtual_share:.1f} % "
            f"| {group.survey_change:.2f} % | {group.virtual_change:.2f} % |"
        )
    start = time.perf_counter()
    found = coverage(500)
    print("\ncoverage of 90 % intervals over 500 people, per cent:", {name: round(x, 1) for name, x in found.items()})
    print(f"took {time.perf_counter() - start:.0f} s")
    print("not finite among 2 x 20,000 people at ten times the spread:", not_finite(20_000))


if __name__ == "__main__":
    main()
