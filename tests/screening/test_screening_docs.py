"""The page prints the same tables that the code reads and the tests run."""

from __future__ import annotations

from screening_docs import PAGE, rewritten


def test_the_page_prints_the_tables_as_they_are() -> None:
    assert PAGE.read_text("utf-8") == rewritten(), "run: python tests/screening/screening_docs.py"
