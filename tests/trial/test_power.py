"""Power and sample size beside the textbook, and what is said where there is no size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from planned_trial import design
from scipy import stats

from osteon.errors import ModelError, UsageError
from osteon.trial import pool
from osteon.trial.events import YearlyHazards
from osteon.trial.follow import follow_arm
from osteon.trial.fracture_power import FractureQuestion
from osteon.trial.intervals import wilson
from osteon.trial.pool import ArmPool, draw_trials
from osteon.trial.power import Question, smallest, trial_power, two_means
from osteon.trial.power_result import AtSize


def normal_pool(mean, sd, seed, seen=1.0, people=4000):
    generator = np.random.default_rng(seed)
    y = generator.normal(size=people)
    y = mean + sd * (y - y.mean()) / y.std()
    x = generator.normal(size=people)
    here = (generator.random(people) < seen).astype(float)
    rows = np.stack([here, x * here, y * here, x * x * here, x * y * here, y * y * here], axis=-1)
    return ArmPool(rows[None], y[None])


def question(control, active, trials=4000, ratio=1.0, power=0.9):
    read = design(("[analysis]", f'[analysis]\nmethod = "difference"\npower = {power}')).protocol
    return Question(read, control, active, ratio, trials)


def test_the_textbooks_size():
    assert two_means(1.0, (2.0, 2.0), 1.0, 0.05, 0.9) == pytest.approx(84.06, abs=0.01)
    # Two to one: the total is an eighth larger than with equal arms.
    assert 3 * two_means(1.0, (2.0, 2.0), 2.0, 0.05, 0.9) == pytest.approx(2 * 84.06 * 1.125, abs=0.05)


@pytest.mark.parametrize(("total", "sds"), [(20, (2.0, 2.0)), (90, (2.0, 2.0)), (168, (2.0, 2.0))])
def test_drawn_trials_have_the_power_of_the_noncentral_t(total, sds):
    asked = question(normal_pool(0.0, sds[0], 1), normal_pool(1.0, sds[1], 2))
    one = asked.at(total)
    shift = 1.0 / np.sqrt(2 * sds[0] ** 2 / (total / 2))
    critical = stats.t.ppf(0.975, total - 2)
    exact = stats.nct.sf(critical, total - 2, shift)
    assert one.power == pytest.approx(exact, abs=0.02)
    assert one.low < one.power < one.high
    assert asked.by_formula((total // 2, total // 2), 1.0) == pytest.approx(exact, abs=0.01)


def test_the_size_that_is_found_is_the_textbooks_where_that_holds():
    asked = question(normal_pool(0.0, 2.0, 1), normal_pool(1.0, 2.0, 2))
    assert asked.needed().total == pytest.approx(asked.formula(), rel=0.06)
    lossy = question(normal_pool(0.0, 2.0, 1, seen=0.8), normal_pool(1.0, 2.0, 2, seen=0.8))
    assert lossy.needed().total == pytest.approx(asked.needed().total / 0.8, rel=0.08)


def test_arms_that_do_not_differ_are_found_to_differ_as_often_as_alpha_says():
    pool = normal_pool(0.0, 2.0, 1)
    above, below = draw_trials(question(pool, pool).protocol, (pool, pool), (30, 30), 8000).significant(0.05)
    assert above.mean() == pytest.approx(0.025, abs=0.006)
    assert below.mean() == pytest.approx(0.025, abs=0.006)
    assert question(pool, pool).needed() is None


def test_a_trial_with_hardly_anybody_seen_finds_nothing():
    empty = normal_pool(1.0, 2.0, 2, seen=0.0)
    drawn = draw_trials(question(empty, empty).protocol, (empty, empty), (8, 8), 10)
    assert not np.any(drawn.significant(0.05))


def test_the_search_finds_the_smallest():
    def at(total):
        return AtSize(total=total, control=0, active=0, power=total / 1000, low=0, high=1, trials=1)

    for first in (10, 500, 899, 1200):
        assert smallest(at, first, 0.9).total == pytest.approx(900, abs=8)
    assert smallest(at, 100, 200.0) is None


def test_wilsons_interval_is_scipys():
    found = stats.binomtest(180, 200).proportion_ci(method="wilson")
    assert wilson(180, 200) == pytest.approx((found.low, found.high), abs=1e-9)
    assert wilson(0, 100)[0] == 0.0


@pytest.fixture(scope="module")
def found():
    more = '[[arms]]\nname = "the same"\ntherapy = "none"\n[[endpoints]]'
    return trial_power(design(("[[endpoints]]", more), cells=True).protocol, people=400, trials=400)


def test_power_of_a_design(found):
    tablets, cells, same = found.arms
    assert tablets.needed.power >= 0.9
    assert 8 <= tablets.needed.total < 60
    assert tablets.needed.total == pytest.approx(tablets.formula_total, abs=10)
    powers = [one.power for one in tablets.curve]
    assert powers == sorted(powers)
    assert 0.7 < tablets.power_over_model <= 1.0
    assert tablets.seen_active == pytest.approx(0.81, abs=0.06)  # two years of losing a tenth
    assert same.needed is None
    assert "no trial" in same.why_no_size
    assert cells.hypothetical
    assert found.statement


def test_under_the_evidence_prior_benefit_and_harm_are_alike_and_below_one_half(found):
    cells = found.arms[1]
    assert cells.needed is None
    assert "half of it harm" in cells.why_no_size
    for one in cells.assurance:
        assert one.benefit < 0.55
        assert one.benefit == pytest.approx(one.harm, abs=0.12)
    assert cells.assurance[-1].benefit > cells.assurance[0].benefit


def test_somebody_without_an_answer_is_not_left_out_in_silence(monkeypatch):
    def fails_for_one(protocol, arm, who, **options):
        found = follow_arm(protocol, arm, who, **options)
        return replace(found, failed=np.arange(who.count) == 3)

    monkeypatch.setattr(pool, "follow_arm", fails_for_one)
    with pytest.raises(ModelError, match="for 1 of 200 people"):
        trial_power(design().protocol, people=200)


def test_the_same_question_has_the_same_answer_and_sizes_that_were_asked_for():
    read = design().protocol
    one, two = (trial_power(read, people=200, trials=200, totals=(24, 40)) for _ in range(2))
    assert one == two
    assert [at.total for at in one.arms[0].curve] == [24, 40]


def test_what_cannot_be_sized_is_refused():
    with pytest.raises(UsageError, match="8 to 100000"):
        trial_power(design().protocol, totals=(3,))
    with pytest.raises(ModelError, match="Name another arm"):
        trial_power(design(("lost_per_year = 0.1", 'control = "cells"'), cells=True).protocol)


def constant(rate, years=4, people=50):
    shape = (people, years)
    none = np.zeros(shape)
    return YearlyHazards({"hip": np.full(shape, rate), "spine": none + 1e-12, "limb": none + 1e-12}, none + 0.01)


def fracture_question(active, trials=300):
    first = ('measure = "surrogate"', 'measure = "fracture"\nfracture = "major"')
    read = design(first, ("years = 2", "years = 4"), ("lost_per_year = 0.1", "")).protocol
    return FractureQuestion(read, constant(0.05), constant(active), 1.0, trials)


def test_fractures_need_schoenfelds_number_and_have_its_power():
    asked = fracture_question(0.025)
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.9)
    fractures = 4 * z * z / np.log(0.5) ** 2
    (_, control), (_, active) = asked.expected()
    assert asked.formula() == pytest.approx(fractures / ((control + active) / 2), abs=1)
    assert asked.at(2 * (asked.formula() // 2)).power == pytest.approx(0.9, abs=0.06)
    needed = asked.needed()
    assert needed.power >= 0.9
    assert needed.total == pytest.approx(asked.formula(), rel=0.2)


def test_equal_hazards_need_no_size_and_are_rarely_found_to_differ():
    asked = fracture_question(0.05)
    assert asked.formula() is None
    assert asked.needed() is None
    assert asked.at(800).power < 0.06


def test_a_design_with_fractures_first():
    first = ('measure = "surrogate"', 'measure = "fracture"\nfracture = "spine"')
    changes = (first, ("youngest = 60, oldest = 70", "youngest = 75, oldest = 80"))
    found = trial_power(design(*changes, cells=True).protocol, people=200, trials=100, totals=(400,))
    assert found.method == "cox"
    assert found.arms == ()
    tablets, cells = found.fracture_arms
    assert tablets.expected_ratio < 1.0
    assert tablets.active_percent < tablets.control_percent
    assert [one.total for one in tablets.curve] == [400]
    assert cells.needed is None
    assert "half of it harm" in cells.why_no_size
