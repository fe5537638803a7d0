"""Draw the docs' pictures anew: ``python -m bench.pictures``, or with some of ``validation emergent cells people``.

To be run after the bone model's parameters or the published rows have changed; a test says when. Takes one to two
minutes, most of it rendering.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from bench.pictures.cells import courses_picture, gain_maps
from bench.pictures.emergent import behaviour_picture
from bench.pictures.pages import emergent_page, plots_page
from bench.pictures.panels import Panel, draw, write_svg
from bench.pictures.people import people_picture
from bench.pictures.untreated import untreated_panels
from bench.pictures.validation import digitised_panels, printed_panels
from osteon.twin.osteon_model.behaviours import BEHAVIOURS
from osteon.twin.osteon_model.fingerprint import (
    parameter_fingerprint,
    population_fingerprint,
    published_fingerprint,
)
from osteon.twin.osteon_model.sites import BMD, MARKERS, SITES
from osteon.twin.osteon_model.unseen import HALF_WIDTHS, unseen_band
from osteon.twin.osteon_model.untreated_curves import untreated_curves
from osteon.twin.osteon_model.validate import validate_osteon
from osteon.twin.osteon_model.validation_curves import digitised_shown, marker_band, printed_curves
from osteon.twin.validate import validate_reference
from osteon.twin.variability import compare_nhanes

DOCS = Path(__file__).parents[2] / "docs"
PROCESSES = 2


def draw_validation() -> None:
    """The page of small plots and its pictures."""
    found, reference = validate_osteon(), validate_reference()
    stamp = f"{parameter_fingerprint()} {published_fingerprint()}"
    printed, digitised = printed_curves(found), digitised_shown(found)
    limits = dict.fromkeys(BMD, reference.summary["bmd_total_hip"].mape)
    limits |= {name: 0.5 * reference.summary[name].median_arm_mape for name in MARKERS}
    aim = 100 * limits["bmd_total_hip"]
    target = f"The target is a mean error of {aim:.2f} %, that of the published model over its 35 arms."
    target_markers = "The targets are half the published model's median error: " + ", ".join(
        f"{name.upper()} {100 * limits[name]:.1f} %" for name in MARKERS
    )
    roles = {role: printed_panels(one for one in printed if one.role == role) for role in _ROLES}
    bmd = digitised_panels((one for one in digitised if one.observable in BMD), limits)
    markers = digitised_panels((one for one in digitised if one.observable in MARKERS), limits)
    parts = [
        (
            "Held out",
            HELD_OUT,
            "held-out.svg",
            roles["validate"],
        ),
        ("Found after the calibration", LATER, "later.svg", roles["later"]),
        (
            "Never fitted, not appointed",
            NOT_APPOINTED,
            "unlisted.svg",
            roles["unlisted"],
        ),
        (
            "Negative controls",
            "Treatments that should do nothing. The model has no term for them and predicts no difference.",
            "controls.svg",
            roles["control"],
        ),
        ("Untreated loss", UNTREATED, "untreated.svg", untreated_panels(untreated_curves())),
        ("Digitised arms: bone density", target, "digitised-bmd.svg", bmd),
        ("Digitised arms: turnover markers", f"{target_markers}.", "digitised-markers.svg", markers),
        ("Fitted figures", "Printed results that the fit was given.", "fitted.svg", roles["calibrate"]),
    ]
    jobs = [
        (panels, _described(title, panels), DOCS / "images/validation" / file, stamp)
        for title, _, file, panels in sorted(parts, key=lambda part: -len(part[3]))
    ]
    # Fresh processes: one forked after a picture was drawn here would wait for the renderer's threads for ever.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for name, size in pool.map(draw, jobs):
            print(f"  {name}: {size / 1000:.0f} kB", flush=True)

    ends = {site: HALF_WIDTHS * unseen_band("medicine", site).points_after_a_year for site in SITES}
    bands = "{lumbar_spine:.1f} (spine), {total_hip:.1f} (hip) and {femoral_neck:.1f} (neck)".format(**ends)
    factors = ", ".join(f"{name.upper()} {math.exp(wide):.2f}" for name, wide in marker_band(found).items())
    (DOCS / "validation-plots.md").write_text(plots_page(found, parts, bands, factors, stamp), "utf-8")


HELD_OUT = (
    "Trials appointed for validation; the fit never read them. Markers, and times before 12 or after 60 months, are "
    "shown but do not count."
)
NOT_APPOINTED = (
    "Results that the fit did not read either, but that were not set aside beforehand. Of FRAME and HORIZON it read "
    "others."
)
LATER = (
    "Results that were looked for and read when the structure had been chosen and the calibration in use had been "
    "made. The fit never read them."
)
UNTREATED = (
    "Loss, and turnover at the menopause. All of it was fitted, except Recker, Pouilles, Rochester and SWAN_Shieh2024."
)
_ROLES = ("validate", "later", "unlisted", "control", "calibrate")


def _described(title: str, panels: list[Panel]) -> str:
    marked = [f"{one.title}, {one.subtitle}: {one.verdict}" for one in panels if one.missed]
    told = "; ".join(marked) or "none"
    return f"{title}: {len(panels)} small plots of predicted courses and published means. Marked: {told}."


def draw_emergent() -> None:
    """The page of emergent behaviour and its pictures."""
    stamp = parameter_fingerprint()
    for one in BEHAVIOURS:
        size = write_svg(behaviour_picture(one), DOCS / f"images/emergent/{one.key}.svg", stamp=stamp)
        print(f"  {one.key}.svg: {size / 1000:.0f} kB", flush=True)
    page = emergent_page([(one, one.findings()) for one in BEHAVIOURS], stamp)
    (DOCS / "emergent-behaviour.md").write_text(page, "utf-8")


def draw_people() -> None:
    """The virtual population beside the survey."""
    path = DOCS / "images/people/nhanes.svg"
    size = write_svg(people_picture(compare_nhanes(PEOPLE)), path, stamp=population_fingerprint())
    print(f"  {path.name}: {size / 1000:.0f} kB", flush=True)


def draw_cells() -> None:
    """What would have to be true of a cell therapy, and how long a gain lasts."""
    for name, spec in (("maps", gain_maps()), ("courses", courses_picture())):
        size = write_svg(spec, DOCS / f"images/cells/{name}.svg", stamp=parameter_fingerprint())
        print(f"  {name}.svg: {size / 1000:.0f} kB", flush=True)


PEOPLE = 3000
PARTS: dict[str, Callable[[], None]] = {
    "validation": draw_validation,
    "emergent": draw_emergent,
    "people": draw_people,
    "cells": draw_cells,
}


def main() -> None:
    """Draw what is named on the command line, or everything."""
    names = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        sys.exit(f"there is no part called {unknown[0]!r}; write some of: {', '.join(PARTS)}")
    for name in names:
        begun = time.perf_counter()
        print(f"{name} ...", flush=True)
        PARTS[name]()
        print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
