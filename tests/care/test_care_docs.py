"""The pages print the same tables that the code reads and the tests run."""

from __future__ import annotations

import pytest
from care_docs import BLOCKS, DOCS, rewritten


@pytest.mark.parametrize("page", BLOCKS)
def test_the_page_prints_the_table_as_it_is(page: str) -> None:
    printed = (DOCS / page).read_text("utf-8")
    assert printed == rewritten(page), "run: python tests/care/care_docs.py"
