"""The search for a design and for a dose: what is tried, what it costs, and what cannot be searched."""

from __future__ import annotations

import pytest
from planned_trial import design

from osteon.errors import InputError, ModelError
from osteon.trial.candidates import candidates, cost_of_one, doses_given
from osteon.trial.optimise import crossing, optimise_trial
from osteon.trial.protocol import ArmPlan

FREE = """
[optimise]
arm = "tablets"
[optimise.free]
therapy = ["alendronate", "zoledronate", "zoledronate@5mg"]
share = [1, 2]
month = [12, 24]
[optimise.cost]
person = 1000
visit = 100
dose = 50
"""
CELLS = """
[[arms]]
name = "cells"
therapy = "msc_marrow"
cells = { infusions = 4, interval_days = 90, prior = "hypothesis", activity_percent = 40, half_life_days = 20 }
[[endpoints]]"""

TOO_WIDE = """
[optimise]
arm = "tablets"
goal = "effect"
effect_points = 2
[optimise.free]
therapy = ["zoledronate@{dose}mg/12m"]
dose = { lowest = 0.001, highest = 5 }
"""


def free(part, *changes):
    return design(("lost_per_year = 0.1", f"lost_per_year = 0.1\n{part}"), *changes).protocol


def test_every_combination_is_tried_and_ends_with_its_endpoint():
    found = candidates(free(FREE))
    assert len(found) == 12
    assert len({one.choice for one in found}) == 12
    short = next(one for one in found if dict(one.choice)["month"] == "12")
    assert short.protocol.years == 1.0
    assert short.protocol.visits_months == (12,)
    assert short.protocol.primary.read_month == 12


def test_what_a_person_costs():
    read = free(FREE)
    assert cost_of_one(read, 0) == 1000 + 3 * 100
    assert cost_of_one(read, 1) == pytest.approx(1300 + 24 * 50)
    yearly = ArmPlan(name="x", therapy="zoledronate", dropout_per_year=0.2)
    assert doses_given(read, yearly) == (2.0, 0.0)
    cells = free(FREE, ("[[endpoints]]", CELLS))
    assert doses_given(cells, cells.arms[2]) == (4.0, 400.0)


def test_the_cheapest_design_has_the_power_and_says_how_sure_it_is():
    found = optimise_trial(free(FREE), people=200, trials=200)
    assert len(found.designs) == 12
    costs = [one.cost for one in found.designs]
    assert costs == sorted(costs)
    best = found.designs[0]
    assert best.size.power >= 0.9
    assert best.cost_low <= best.cost <= best.cost_high
    assert "12 combinations" in found.how
    assert "of 4" in found.how_sure
    assert not found.hypothetical
    assert best.choice["share"] == "1"


def test_a_dose_of_a_medicine_that_reaches_an_effect():
    part = """
[optimise]
arm = "tablets"
goal = "effect"
effect_points = 3.0
[optimise.free]
therapy = ["zoledronate@{dose}mg/12m"]
dose = { lowest = 0.6, highest = 15 }
"""
    (found,) = optimise_trial(free(part), people=200).doses
    differences = [one.difference for one in found.tried]
    assert differences == sorted(differences)
    below, above = (one.dose for one in found.tried if abs(one.difference - 3.0) < 3.0), found.dose
    assert min(below) <= above
    assert found.low <= found.dose <= found.high
    assert found.total == pytest.approx(2 * found.dose)
    assert "reached from" in found.verdict
    assert (found.unit, " mg on" in found.verdict) == ("mg", True)


def test_a_dose_of_cells_is_hypothetical_and_may_be_out_of_reach():
    part = """
[optimise]
arm = "cells"
goal = "effect"
effect_points = 1.4
[optimise.free]
infusions = [1, 4]
"""
    found = optimise_trial(free(part, ("[[endpoints]]", CELLS)), people=200)
    assert found.hypothetical
    assert "no cell therapy has been shown" in found.statement
    assert found.supposed.startswith("A hypothesis, not a finding")
    once, four = found.doses
    assert four.dose is not None
    assert once.dose is None or once.dose > four.dose
    assert four.total == pytest.approx(4 * four.dose)
    far = optimise_trial(free(part.replace("1.4", "40"), ("[[endpoints]]", CELLS)), people=200).doses
    assert all(one.dose is None and one.verdict.startswith("not reached") for one in far)


def test_a_crossing_is_found_to_one_in_a_hundred():
    assert crossing(lambda dose: dose >= 7.3, [1.0, 10.0, 100.0]) == pytest.approx(7.3, rel=0.01)
    assert crossing(lambda dose: True, [1.0, 10.0]) == 1.0
    assert crossing(lambda dose: False, [1.0, 10.0]) is None


@pytest.mark.parametrize(
    ("part", "where", "says"),
    [
        ("", "optimise", "Add a part [optimise]"),
        ('[optimise]\narm = "tablets"\n[optimise.free]\ninfusions = [1]', "optimise.free.infusions", "has no cells"),
        (
            '[optimise]\narm = "tablets"\n[optimise.free]\ntherapy = ["alendronat"]',
            "optimise.free.therapy 'alendronat'",
            "Did you mean alendronate?",
        ),
        (
            '[optimise]\narm = "tablets"\n[optimise.free]\nshare = [' + "1, " * 400 + "1]",
            "optimise.free",
            "too many to try",
        ),
        (
            '[optimise]\narm = "tablets"\n[optimise.free]\nvisits_months = [[12]]',
            "optimise.free.visits_months",
            "Add 24",
        ),
        (
            '[optimise]\narm = "tablets"\ngoal = "effect"\neffect_points = 2',
            "optimise.free.therapy",
            "zoledronate@{dose}mg/18m",
        ),
        (
            '[optimise]\narm = "tablets"\n[optimise.free]\ntherapy = ["zoledronate@{dose}mg/12m"]',
            "optimise.free.therapy",
            "goal power",
        ),
        (
            TOO_WIDE,
            "optimise.free.dose",
            "Write an amount from 0.5",
        ),
    ],
)
def test_what_cannot_be_searched_says_why(part, where, says):
    with pytest.raises(InputError) as caught:
        optimise_trial(free(part), people=200, trials=200)
    assert caught.value.where == where
    assert says in str(caught.value)


def test_nobody_searches_under_the_evidence_prior_or_beyond_any_trial():
    read = design(("lost_per_year = 0.1", '[optimise]\narm = "cells"'), cells=True).protocol
    with pytest.raises(InputError, match="nobody knows the effect"):
        optimise_trial(read)
    with pytest.raises(ModelError, match="no design that was tried"):
        optimise_trial(free('[optimise]\narm = "tablets"', ('"alendronate"', '"none"')), people=200, trials=200)


def test_the_doses_of_cells_are_free_however_their_name_is_written():
    part = '[optimise]\narm = "cells"\n[optimise.free]\ninfusions = [1, 4]'
    found = candidates(free(part, ("[[endpoints]]", CELLS), ('"msc_marrow"', '"MSC-marrow"')))
    assert [one.protocol.arms[2].cells.infusions for one in found] == [1, 4]
