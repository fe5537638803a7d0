"""The pictures of the docs are there, are small, and are as old as the model they show."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from osteon.twin.cell_therapy import STATEMENT
from osteon.twin.osteon_model.fingerprint import (
    parameter_fingerprint,
    population_fingerprint,
    published_fingerprint,
)
from osteon.twin.osteon_model.parameters import nominal
from osteon.twin.osteon_model.published import arm_setups, held_out_results, history_results, later_history_results
from osteon.twin.osteon_model.untreated_curves import untreated_curves
from osteon.twin.osteon_model.validate import validate_osteon
from osteon.twin.osteon_model.validation_curves import ShownCurve, digitised_shown, printed_curves

AGAIN = "the bone model or the published rows have changed: run python -m bench.pictures"
MOST_BYTES = 4_000_000


def stamped(root: Path, folder: str) -> list[Path]:
    found = sorted((root / "docs/images" / folder).glob("*.svg"))
    assert found
    return found


def test_the_validation_is_drawn_from_todays_parameters_and_rows(root: Path) -> None:
    stamp = f"{parameter_fingerprint()} {published_fingerprint()}"
    for path in stamped(root, "validation"):
        assert f"<!-- {stamp} -->" in path.read_text("utf-8"), f"{path.name}: {AGAIN}"
    assert f"`{stamp}`" in (root / "docs/validation-plots.md").read_text("utf-8"), AGAIN


def test_emergent_behaviour_is_drawn_from_todays_parameters(root: Path) -> None:
    for path in stamped(root, "emergent"):
        assert f"<!-- {parameter_fingerprint()} -->" in path.read_text("utf-8"), f"{path.name}: {AGAIN}"
    assert f"`{parameter_fingerprint()}`" in (root / "docs/emergent-behaviour.md").read_text("utf-8"), AGAIN


def test_the_population_is_drawn_from_todays_tuning(root: Path) -> None:
    again = "run python -m osteon.twin.variability.tune, then python -m bench.pictures people"
    for path in stamped(root, "people"):
        assert f"<!-- {population_fingerprint()} -->" in path.read_text("utf-8"), again


def test_pictures_of_cells_are_todays_and_say_themselves_that_they_are_hypothetical(root: Path) -> None:
    for path in stamped(root, "cells"):
        text = path.read_text("utf-8")
        assert f"<!-- {parameter_fingerprint()} -->" in text, f"{path.name}: run python -m bench.pictures cells"
        drawn = text.split(">", 1)[1]  # what is seen, not the description for screen readers
        assert "HYPOTHETICAL" in drawn
        assert STATEMENT in drawn
        assert STATEMENT in text.split(">", 1)[0]


def test_the_stamp_changes_with_a_parameter() -> None:
    moved = {**nominal(), "turnover": 1.001}
    assert parameter_fingerprint(moved) != parameter_fingerprint() == parameter_fingerprint(dict(nominal()))


def test_all_pictures_are_well_formed_named_in_a_page_and_small(root: Path) -> None:
    pages = "".join(path.read_text("utf-8") for path in (root / "docs").glob("*.md")) + (root / "README.md").read_text()
    images = [path for path in (root / "docs/images").rglob("*") if path.is_file()]
    for path in images:
        assert path.relative_to(root / "docs").as_posix() in pages, f"no page shows {path.name}"
        if path.suffix == ".svg":
            tree = ElementTree.parse(path)  # noqa: S314 - our own file
            assert len(tree.getroot().attrib["aria-label"]) > 40
            text = path.read_text("utf-8")
            assert not re.search(r"NaN|undefined|Infinity", text)
            assert "…" not in text, f"{path.name}: a label is cut"
    assert sum(path.stat().st_size for path in images) < MOST_BYTES


@pytest.fixture(scope="module")
def printed() -> tuple[ShownCurve, ...]:
    return printed_curves(validate_osteon())


@pytest.fixture(scope="module")
def digitised() -> tuple[ShownCurve, ...]:
    return digitised_shown(validate_osteon())


def test_every_printed_number_has_a_plot_whose_course_runs_through_the_prediction(
    printed: tuple[ShownCurve, ...],
) -> None:
    shown = {(one.study, one.arm, one.observable, one.kind, point.months) for one in printed for point in one.points}
    for part in ("validate", "control", "unlisted", "later"):
        for row in held_out_results(part):  # type: ignore[arg-type]
            assert (row.study, row.arm, row.observable, row.kind, row.months) in shown
    for one in printed:
        assert np.all(np.isfinite(one.curve))
        for point in one.points:
            near = 0.25 if one.observable.startswith("bmd") else 6.0
            assert np.interp(point.months, one.months, one.curve) == pytest.approx(point.predicted, abs=near), one.arm


def test_the_course_begins_at_nothing_and_stays_inside_its_band(printed: tuple[ShownCurve, ...]) -> None:
    setups = arm_setups()
    for one in printed:
        if one.kind in ("change_percent", "difference_points"):
            assert one.months[0] == setups[one.study, one.arm].baseline_month
            assert one.curve[0] == pytest.approx(0.0, abs=1e-9)
        if one.lower.size:
            assert np.all((one.lower <= one.curve) & (one.curve <= one.upper))


def test_every_digitised_arm_has_its_plots_with_the_printed_intervals(digitised: tuple[ShownCurve, ...]) -> None:
    found = validate_osteon()
    assert {(one.arm, one.observable) for one in digitised} == {(one.arm, one.observable) for one in found.curves}
    points = [point for one in digitised for point in one.points]
    assert sum(point.low is not None for point in points) > 0.7 * len(points)
    for point in points:
        if point.low is not None and point.high is not None:
            assert point.low <= point.observed <= point.high
    for one in digitised:
        assert one.curve[0] == 0.0
        if one.observable.startswith("bmd"):
            for point in one.points:
                assert np.interp(point.months, one.months, one.curve) == pytest.approx(point.predicted, abs=0.4)


def test_every_figure_of_untreated_loss_has_a_plot_and_the_verdict_of_the_validation() -> None:
    curves = untreated_curves()
    figures = [figure for one in curves for figure in one.figures]
    assert len(figures) == len(history_results()) + len(later_history_results())
    assert sum(figure.ok for figure in figures) == sum(one.ok is True for one in validate_osteon().history)
    for one in curves:
        for figure in one.figures:
            assert np.interp(figure.to_age, one.ages, one.change) == pytest.approx(figure.predicted, rel=1e-6, abs=1e-6)
