"""The design file: what it means, and what is said of each slip."""

from __future__ import annotations

import pytest
from planned_trial import design

from osteon.errors import InputError, ModelError
from osteon.trial.courses import SEGMENT_DAYS, arm_courses
from osteon.trial.protocol_file import read_protocol, read_text


def test_the_example_is_a_design(examples):
    read = read_protocol(examples / "trial_osteopenia.toml")
    assert read.protocol.arms[0].name == "placebo"
    assert read.protocol.primary.read_site == "total_hip"
    assert read.protocol.primary.read_month == 24
    assert len(read.sha256) == 64


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ('"alendronate"', '"alendronat"', "arms[1].therapy", "Did you mean alendronate?"),
        ('"alendronate"', '"Fosamax"', "arms[1].therapy", "write alendronate"),
        ('"alendronate"', '"alendronate:12,"', "arms[1].therapy", "stray comma"),
        ('therapy = "none"', 'theraphy = "none"', "arms[0].therapy", "Did you mean therapy?"),
        ("dropout_per_year = 0.2", "dropout_per_year = 20", "arms[1].dropout_per_year", "0.05 for 5 in 100"),
        ("adherence = 0.8", "adherence = 80", "arms[1].adherence", "0.8 for 80 in 100"),
        ("years = 2", 'years = "2"', "years", "expected a number, found the text '2'"),
        ("years = 2", "years = 1", "visits_months", "Write years = 2"),
        ("years = 2", "years = 2\nalpha = 0.1", "alpha", "It belongs under [analysis]"),
        ("adherence = 0.8", 'background = "none"', "arms[1].background", "at the top of the file"),
        ("[12, 24]", "[24, 12]", "visits_months", "do not rise"),
        ("[12, 24]", "[12]", "endpoints[0]", "Add 24 to visits_months"),
        ('sex = "female"', 'sex = "woman"', "population.sex", "female, male"),
        ('"surrogate"', '"surogate"', "endpoints[0].measure", "Did you mean surrogate?"),
        ('"surrogate"', '"bmd"', "endpoints[0]", "needs site"),
        ('"surrogate"', '"ctx"\nmonth = 12', "endpoints[0]", "[measurement] ctx_percent"),
        ('"surrogate"', '"surrogate"\nmonth = 12', "endpoints[0]", "Leave month out"),
        ("lowest = -2.5, highest = -1.0", "lowest = -1.0, highest = -2.5", "population.t_score", "Exchange"),
        ("{ lowest = 3 }", "3", "population.years_since_menopause", "{ lowest = 5 }"),
        ('name = "tablets"', 'name = "placebo"', "arms[1].name", "a name of its own"),
        ("lost_per_year = 0.1", 'control = "placbo"', "analysis.control", "Write placebo"),
        ("adherence = 0.8", "cells = { infusions = 2 }", "arms[1]", "msc_marrow"),
        ("years = 2", "years 2", "", "not TOML"),
        ("years = 2", 'years = 2\nbackground = "calcum_vitamin_d"', "background", "calcium_vitamin_d"),
        ("years = 2", 'years = 2\nbackground = "msc_marrow"', "background", "cells are no background"),
        ("years = 2", 'years = 2\nbackground = "alendronate"', "arms[1]", "given alendronate by the background"),
        ('"alendronate"', '"msc_marrow+msc_adipose"', "arms[1]", "give each an arm of its own"),
        ('"alendronate"', '"msc_marrow:12,msc_cord"', "arms[1]", "one cell product"),
        (
            "[[arms]]",
            '[[population.exclude]]\nsite = "total_hip"\nt_score_below = -1\nt_score_above = -2\n[[arms]]',
            "population.exclude[0]",
            "everybody is excluded",
        ),
    ],
)
def test_a_slip_is_named_with_its_place_and_its_mend(old, new, where, says):
    with pytest.raises(InputError) as caught:
        design((old, new))
    assert caught.value.where == (f"design.toml: {where}" if where else "design.toml") or (
        caught.value.where.startswith(f"design.toml: {where} '")
    )
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("new", "where", "says"),
    [
        ('infusions = 4, prior = "evidence", activity_percent = 5', "arms[2].cells", "states no sizes"),
        ('infusions = 4, prior = "hypothesis"', "arms[2].cells", "activity_percent = 50"),
        (
            'infusions = 4, prior = "hypothesis", activity_percent = 500',
            "arms[2].cells.activity_percent",
            "from -100 to 127",
        ),
        ("infusions = 4, million_cells = 1e9", "arms[2].cells", "Write a number from"),
    ],
)
def test_a_slip_in_the_cells_is_named(new, where, says):
    with pytest.raises(InputError) as caught:
        design(("infusions = 4", new), cells=True)
    assert caught.value.where == f"design.toml: {where}"
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('["total_hip", "femoral_neck"]', '["lumbar_spine"]', "no T-score of the spine"),
        ("oldest = 70", "oldest = 95\n", "Write at most"),
    ],
)
def test_what_the_models_cannot_answer_is_no_slip(old, new, says):
    changes = [(old, new.strip())] + ([("years = 2", "years = 20")] if "95" in new else [])
    with pytest.raises(ModelError, match=says):
        design(*changes)


def test_several_slips_are_all_named():
    with pytest.raises(InputError) as caught:
        design(("seed = 3", "seed = -3"), ("years = 2", "years = true"))
    assert "1 more problem" in str(caught.value)
    assert "seed" in str(caught.value)
    assert "years" in str(caught.value)


def test_a_slip_in_an_arm_is_not_called_too_few_arms_as_well():
    with pytest.raises(InputError) as caught:
        design(("dropout_per_year", "droput_per_year"), ("[analysis]", "[analyses]"))
    assert str(caught.value).count("Did you mean") == 2
    assert "too few" not in str(caught.value)
    assert "?." not in str(caught.value)
    assert ".." not in str(caught.value)


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_protocol(tmp_path / "none.toml")
    with pytest.raises(InputError, match="UTF-8"):
        read_text(b"title = '\xff'", "design.toml")


def test_daily_doses_are_cut_where_people_may_stop_and_cells_take_the_products_place():
    read = design(cells=True).protocol
    tablets = arm_courses(read, read.arms[1]).regimen.courses
    assert len(tablets) == 8
    assert tablets[1].start_day == tablets[0].end_day == SEGMENT_DAYS
    cells = arm_courses(read, read.arms[2])
    (dose,) = cells.regimen.courses
    assert (dose.doses, dose.interval_days, dose.amount) == (4, 90.0, 100.0)
    later = design(('"msc_marrow"', '"alendronate:12,msc_marrow"'), cells=True).protocol
    doses = [one for one in arm_courses(later, later.arms[2]).regimen.courses if one.drug == "cells_iv"]
    assert doses[0].first_day == pytest.approx(365.0)


def test_a_background_goes_to_every_arm():
    read = design(("years = 2", 'years = 2\nbackground = "calcium_vitamin_d"')).protocol
    assert all("calcium_vitamin_d" in arm_courses(read, arm).regimen.drugs for arm in read.arms)
