"""Virtual people and one person's fit, measured: ``python -m bench.people``. Prints the figures that the docs show."""

from __future__ import annotations

import time

import numpy as np

from osteon.person import Sex
from osteon.twin.personalise.coverage import coverage
from osteon.twin.variability import compare_mros, compare_nhanes, draw_people


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


def main() -> None:
    """Print everything."""
    print("NHANES 2017-2020, misses first")
    rows = sorted(compare_nhanes(4000), key=lambda one: (one.within, one.figure, one.sex, one.site, one.band))
    for one in rows:
        mark = "  " if one.within else "X "
        print(
            f"{mark}{one.sex} {one.site} {one.band} {one.figure}: {one.survey:.3f} {one.virtual:.3f}"
            f" off {one.off:+.1f} (se {one.survey_se:.1f})"
        )
    for figure in ("mean", "sd", "osteoporosis", "low_bone_mass"):
        here = [one for one in rows if one.figure == figure]
        within = sum(one.within for one in here)
        close = sum(one.within or abs(one.off) <= 2.0 * one.survey_se for one in here)
        print(f"{figure}: {within} of {len(here)} within; {close} within or within two standard errors of the survey")
    for group in compare_mros():
        print(group)
    start = time.perf_counter()
    print("coverage of 500", coverage(500), f"{time.perf_counter() - start:.0f} s")
    print("not finite of 2 x 20,000 at ten times the spread:", not_finite(20_000))


if __name__ == "__main__":
    main()
