"""The reference model's error on the change since the start of treatment: kept figures, bands and sentences."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from osteon.evidence import value
from osteon.twin import project_relative
from osteon.twin.drug_check import CHECKED, check_drugs, check_sentences, drug_checks
from osteon.twin.published_error import (
    PATH_WORDS,
    band_knots,
    band_meaning,
    error_statement,
    points_behind,
    published_errors,
)
from osteon.twin.trial_changes import PATH_CLASSES, PathClass, TrialChange, path_class, trial_changes
from osteon.twin.validate import validate_reference


@pytest.fixture(scope="module")
def changes() -> tuple[TrialChange, ...]:
    return trial_changes(validate_reference(exact_dosing=True))


def test_observations_are_sorted_by_what_had_been_given_until_then(changes: tuple[TrialChange, ...]) -> None:
    switched = [one for one in changes if one.arm == "cosman2016_placebo_to_denosumab"]
    assert [(one.path, round(one.t_years, 1)) for one in switched] == [
        ("untreated", 0.5),
        ("untreated", 1.0),
        ("antiresorptive", 0.5),
        ("antiresorptive", 1.0),
    ]
    # From 0.0 % at the first dose, one year in, to 2.9 % a year later (digitised): the change counts from then.
    assert switched[-1].observed == pytest.approx(0.030, abs=0.002)
    added = [one.path for one in changes if one.arm == "mcclung2018_alendronate_to_romosozumab_to_denosumab"]
    assert added == ["antiresorptive"] * 3 + ["anabolic"] * 4
    assert not any("blosozumab" in one.drugs for one in changes)


def test_women_who_stand_in_two_arms_count_once_and_as_fitted(changes: tuple[TrialChange, ...]) -> None:
    flex = [one for one in changes if one.arm.startswith("black2006") and one.t_years < 4.5]
    assert len(flex) == 4
    assert all(one.fitted for one in flex)


def test_the_end_of_treatment_is_seen(changes: tuple[TrialChange, ...]) -> None:
    stopped = {(one.arm, round(one.t_years)) for one in changes if one.stopped}
    assert ("mcclung2017_denosumab_8yrs", 9) in stopped
    assert ("mcclung2017_denosumab_8yrs", 8) not in stopped
    assert ("bone2011_denosumab", 3) in stopped
    assert ("bone2011_denosumab", 2) not in {(one.arm, one.t_years) for one in changes if one.stopped}
    assert ("black2006_alendronate-alendronate", 10) not in stopped


@pytest.mark.parametrize("path", PATH_CLASSES)
def test_the_kept_band_and_error_are_the_computed_ones(path: PathClass, changes: tuple[TrialChange, ...]) -> None:
    kept, computed, behind = published_errors()[path], band_knots(changes, path), points_behind(changes, path)
    arms = {one.arm for one in behind}
    assert (kept.points, kept.arms) == (len(behind), len(arms))
    assert kept.fitted_arms == len({one.arm for one in behind if one.fitted})
    for mine, theirs in zip((kept.t_years, kept.below, kept.above), computed, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-9)
    error = 100 * np.mean([abs(one.predicted - one.observed) for one in behind])
    change = 100 * np.mean([one.observed for one in behind])
    assert value(f"joerg2022.change.{path}.mean_error_points") == pytest.approx(error, rel=1e-5)
    assert value(f"joerg2022.change.{path}.mean_observed_percent") == pytest.approx(change, rel=1e-5)
    assert value(f"joerg2022.change.{path}.points") == len(behind)
    assert value(f"joerg2022.change.{path}.arms") == len(arms)
    assert f"{error:.1f} {PATH_WORDS[path]}" in error_statement()
    assert f"{kept.points} points in {kept.arms} arms" in band_meaning()


@pytest.mark.parametrize("path", PATH_CLASSES)
def test_a_band_starts_at_zero_widens_and_holds_nine_of_ten(path: PathClass, changes: tuple[TrialChange, ...]) -> None:
    band = published_errors()[path]
    below, above = band.at(np.linspace(0, 30, 301))
    assert below[0] == above[0] == 0.0
    assert np.all(np.diff(below) >= 0)
    assert np.all(np.diff(above) >= 0)
    assert below[-1] > below[120] > 0
    behind = points_behind(changes, path)
    low, high = band.at(np.array([one.t_years for one in behind]))
    errors = np.array([one.predicted - one.observed for one in behind])
    assert 0.8 <= np.mean((errors <= low + 1e-12) & (errors >= -high - 1e-12)) <= 0.98


def test_untreated_bone_does_not_reach_a_gain_that_no_trial_saw() -> None:
    none, drug, builder = project_relative(65.0, ["none", "alendronate", "romosozumab"])
    assert none.upper[12] < 1.005
    assert none.upper[12] - none.lower[12] < drug.upper[12] - drug.lower[12] < builder.upper[12] - builder.lower[12]


@pytest.mark.parametrize(
    ("therapies", "path"),
    [
        (("none",), "untreated"),
        (("denosumab", "alendronate"), "antiresorptive"),
        (("alendronate", "teriparatide"), "anabolic"),
    ],
)
def test_the_class_of_a_path(therapies: tuple[str, ...], path: PathClass) -> None:
    assert path_class(therapies) == path


def test_the_kept_comparison_by_medicine_is_the_computed_one(changes: tuple[TrialChange, ...]) -> None:
    kept, computed = drug_checks(), check_drugs(changes)
    assert len(kept) == len(computed)
    for one, other in zip(kept, computed, strict=True):
        assert astuple(one)[:2] == astuple(other)[:2]
        assert astuple(one)[2:] == pytest.approx(astuple(other)[2:], rel=1e-4)


def test_the_known_bias_of_each_medicine_is_named() -> None:
    alendronate, romosozumab = check_sentences(["alendronate", "romosozumab"])
    assert "+2.9 % after 10 years (model +5.9 %)" in alendronate
    assert alendronate.endswith("The curve is too low after 1 and 3 years and too high after 10 years.")
    assert romosozumab.endswith("The curve is too low after 1 and 2 years.")
    assert "used to fit it" in check_sentences(["teriparatide"])[0]
    assert len(check_sentences(CHECKED)) == len(CHECKED)
    assert check_sentences(["zoledronate"]) == ()
