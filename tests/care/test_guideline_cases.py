from __future__ import annotations

import pytest
from care_cases import Case, cases

from osteon.care import options
from osteon.densitometry import assess


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_small_patient_gets_the_options_that_the_table_says(case: Case) -> None:
    found = {one.therapy: (one.standing, one.eligible) for one in options(case.person, assess(case.person), case.risks)}
    assert {therapy: found[therapy] for therapy in case.expected} == case.expected
