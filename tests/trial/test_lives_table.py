"""Untreated lives read from the table beside lives integrated one by one."""

from __future__ import annotations

import numpy as np
import pytest

from osteon.trial.lives import LifeTable
from osteon.twin.osteon_model.sites import SITES
from osteon.twin.variability import draw_people


@pytest.mark.parametrize("sex", ["female", "male"])
def test_the_table_holds_the_lives_that_are_integrated(sex):
    table = LifeTable(sex, 50.0, 80.0)
    people = draw_people("lives of a table", sex, np.arange(400), stretch=1.4)
    lives = people.lives(80.0)
    for age in (50.0, 53.5, 60.0, 80.0):
        kept = round((age - 20.0) * 2.0)
        ages = np.full(400, age)
        assert np.abs(table.log_bmd(people.traits, ages) - lives.logs[kept, : len(SITES)]).max() < 3e-5
        assert np.abs(table.states_at(people.traits, ages) / lives.states[kept] - 1.0).max() < 5e-4


def test_a_person_is_read_alike_alone_and_among_others():
    table = LifeTable("female", 55.0, 60.0)
    people = draw_people("lives of a table", "female", np.arange(200))
    ages = 55.0 + 0.5 * (np.arange(200) % 11)
    every = table.states_at(people.traits, ages)
    alone = table.states_at({name: one[7:8] for name, one in people.traits.items()}, ages[7:8])
    assert np.array_equal(every[:, 7:8], alone)
