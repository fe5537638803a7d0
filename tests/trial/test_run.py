"""The re-run of a trial: who takes part, what the arms share, and what comes out beside what was printed."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from osteon.errors import UsageError
from osteon.evidence import cite, value
from osteon.risk.survival import cumulative_incidence
from osteon.trial import DESIGNS, run_trial
from osteon.trial.__main__ import main
from osteon.trial.design import Ages
from osteon.trial.events import FollowUp, YearlyHazards, expected_rate, follow, luck, time_to, yearly_hazards
from osteon.trial.page import END, START, write
from osteon.trial.paths import bmd_paths
from osteon.trial.people import draw_women
from osteon.trial.run import _ratio

YEARS = np.arange(0.0, 6.5, 0.5)


@pytest.fixture(scope="module")
def reid():
    return DESIGNS["reid2018"]()


@pytest.fixture(scope="module")
def women(reid):
    return draw_women(reid, 400)


@pytest.fixture(scope="module")
def arms(reid, women):
    return bmd_paths(women, reid.control, YEARS), bmd_paths(women, reid.active, YEARS)


@pytest.fixture(scope="module")
def run(reid):
    return run_trial(reid, women=400, small_trials=5)


def test_a_kind_of_fracture_that_nobody_treated_met_keeps_its_expected_ratio_without_one_of_cox():
    years = np.full(3, 6.0)
    seen = {
        ("trials", "spine", False): FollowUp(years, np.array([True, False, False])),
        ("trials", "spine", True): FollowUp(years, np.zeros(3, dtype=bool)),
    }
    rates = {("trials", "spine", False): (0.002, 1.0), ("trials", "spine", True): (0.001, 0.5)}
    one = _ratio(seen, rates, "trials", "spine")
    assert (one.expected, one.cox, one.low, one.high) == (0.5, None, None, None)


def test_the_women_fit_the_trial(reid, women):
    assert women.numbers.size == 400
    assert women.age_years.min() >= 65
    assert women.age_years.mean() == pytest.approx(value("trial.reid2018.age"), abs=0.6)
    lowest = np.minimum(women.t_scores("femoral_neck"), women.t_scores("total_hip"))
    assert lowest.min() >= -2.5
    assert lowest.max() <= -1.0
    assert women.t_scores("femoral_neck").mean() == pytest.approx(value("trial.reid2018.neck_t"), abs=0.15)


def test_a_woman_is_herself_among_few_and_many(reid, women):
    few = draw_women(reid, 50)
    assert np.array_equal(few.numbers, women.numbers[:50])
    assert np.array_equal(few.bmd["total_hip"], women.bmd["total_hip"][:50])
    some = luck(reid.name, few)
    assert np.array_equal(some["hip"], luck(reid.name, women)["hip"][:50])


def test_both_arms_start_from_the_same_women_and_part(arms):
    control, active = arms
    for site in control:
        assert np.array_equal(control[site][:, 0], active[site][:, 0])
        assert (active[site][:, -1] > control[site][:, -1]).mean() > 0.99
    assert (control["total_hip"][:, -1] / control["total_hip"][:, 0]).mean() < 1.0


def test_no_treatment_twice_is_a_ratio_of_one(women, arms):
    control, _ = arms
    for link in ("trials", "density"):
        hazards = yearly_hazards(women, control, control, YEARS, link)
        assert all((part > 0).all() for part in hazards.by_site.values())
    by_trials, by_density = (yearly_hazards(women, control, control, YEARS, link) for link in ("trials", "density"))
    for site in by_trials.by_site:
        assert np.allclose(by_trials.by_site[site], by_density.by_site[site], rtol=1e-12)


def test_times_follow_the_hazards():
    """Of many women with one hazard, the share with a fracture is the closed form, death competing."""
    generator = np.random.default_rng(4)
    count, years = 40_000, 4
    fracture = np.tile([0.05, 0.10, 0.15, 0.20], (count, 1))
    death = np.full((count, years), 0.08)
    hazards = YearlyHazards({"hip": fracture / 2, "spine": fracture / 4, "limb": fracture / 4}, death)
    own = {cause: generator.exponential(size=count) for cause in ("hip", "spine", "limb", "death")}
    seen = follow(hazards, own, 3.5, "major")
    exact = cumulative_incidence(np.stack([fracture[0], death[0]], axis=-1), [1.0, 1.0, 1.0, 0.5]).causes[-1, 0]
    assert seen.fracture.mean() == pytest.approx(exact, abs=0.006)
    rate, percent = expected_rate(hazards, 3.5, "major")
    assert percent == pytest.approx(100 * exact, rel=1e-9)
    assert rate == pytest.approx(seen.fracture.sum() / seen.years.sum(), rel=0.03)
    assert time_to(np.array([[0.5, 0.5]]), np.array([0.75])) == pytest.approx([1.5])
    assert time_to(np.array([[0.5, 0.5]]), np.array([1.01]))[0] == np.inf


def test_lower_hazard_means_a_later_fracture_for_the_same_woman(women, arms, reid):
    control, active = arms
    own = luck(reid.name, women)
    first, second = (
        follow(yearly_hazards(women, bmd, control, YEARS, "trials"), own, 6.0, "spine") for bmd in (control, active)
    )
    assert (second.years >= first.years - 1e-12).all()


def test_the_result_stands_beside_the_printed_one(run):
    first = run.beside[0]
    assert (first.printed, first.printed_low, first.printed_high) == (0.63, 0.50, 0.79)
    assert first.inside == (0.50 <= first.by_trials <= 0.79)
    assert first.by_trials < first.by_density < 1.0
    assert run.link_fixed_beforehand == "trials"
    spine, nonvertebral = (
        next(one.expected for one in run.ratios if (one.link, one.endpoint) == ("trials", endpoint))
        for endpoint in ("spine", "nonvertebral")
    )
    assert spine < first.by_trials < nonvertebral
    assert any(one.cox is not None for one in run.ratios)
    for one in run.ratios:
        assert one.cox is None or one.low < one.cox < one.high
        assert one.active_percent < one.control_percent
    assert {one.months for one in run.bmd} == {18, 36, 54, 72}
    by_mix = {(one.site, one.times): one.expected for one in run.other_mixes}
    assert by_mix["spine", 2.0] < first.by_trials < by_mix["spine", 0.5]  # spine fractures fall most, so they lead
    assert by_mix["limb", 0.5] < first.by_trials < by_mix["limb", 2.0]
    assert cite(run.sources)
    assert "NaN" not in run.model_dump_json()


def test_the_page_holds_todays_numbers(run, root):
    """The printed ratio of the page is today's, within the sampling of 400 women."""
    text = (root / "docs/virtual-trials.md").read_text("utf-8")
    (ours,) = re.findall(r"any fragility fracture, hazard ratio \| 0\.63 \(0\.50 to 0\.79\) \| (0\.\d\d) ", text)
    assert float(ours) == pytest.approx(run.beside[0].by_trials, abs=0.02)


@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_is_complete(name):
    design = DESIGNS[name]()
    assert design.name == name
    assert all(0 < value(one.row) < 1 for one in design.printed)
    assert design.inclusion.lowest < design.inclusion.highest
    assert max(design.visits_months) <= 12 * design.years
    assert cite(design.sources)


def test_ages_have_the_printed_mean_and_spread():
    generator = np.random.default_rng(1)
    found = Ages(65.0, 120.0, 71.0, 5.0).at(generator.random(200_000), generator.standard_normal(200_000))
    assert found.min() >= 65.0
    assert (found.mean(), found.std()) == (pytest.approx(71.0, abs=0.1), pytest.approx(5.0, abs=0.15))
    assert np.array_equal(found * 2, np.round(found * 2))


def test_too_few_women_are_refused(reid, capsys):
    with pytest.raises(UsageError, match="at least 200"):
        run_trial(reid, women=10)
    assert main(["reid2018", "--women", "10"]) == 2
    assert "at least 200" in capsys.readouterr().err


def test_json_from_the_command(capsys):
    assert main(["reid2018", "--women", "300"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["design"] == "reid2018"
    assert len(found["beside"]) == 3


def test_the_tables_go_between_the_marks(run, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{START}\nSTALE\n{END}\nafter\n", "utf-8")
    write(page, [run])
    text = page.read_text("utf-8")
    assert "STALE" not in text
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "| any fragility fracture, hazard ratio | 0.63 (0.50 to 0.79) |" in text
    page.write_text("no marks", "utf-8")
    with pytest.raises(UsageError, match="no place"):
        write(page, [run])
