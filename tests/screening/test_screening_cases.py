from __future__ import annotations

import pytest
from screening_cases import Case, answer, cases, found

from osteon.care.screening import screen


def test_the_table_is_large_enough() -> None:
    assert len(cases()) >= 30
    bodies = {what for case in cases() for what in case.expected}
    assert {"USPSTF", "BHOF", "ISCD", "NICE", "NOGG", "Osteoporosis Canada", "Canadian Task Force"} <= bodies


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_each_body_says_what_the_table_says(case: Case) -> None:
    said = found(screen(case.person))
    assert {what: answer(said, what) for what in case.expected} == case.expected
