"""The style sheet itself, without a browser: whole rules only, and on a phone only elements that the pages have."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from osteon.report.html import render_html

from .fixtures import FULL_REPORT, MINIMAL_REPORT, YOUNG_MAN_REPORT

STYLE = files("osteon.report").joinpath("templates", "style.css").read_text(encoding="utf-8")
RULE = re.compile(r"\s*([^{}]+?)\s*\{([^{}]*)\}")
DECLARATION = re.compile(r"\s*[-a-z]+\s*:\s*[^;:{}]+(?::{0,2}[^;{}]*)?$")


def block(head: str) -> str:
    """What stands between the braces of an at-rule."""
    start = STYLE.index(head) + len(head)
    depth, end = 1, STYLE.index("{", start) + 1
    inner = end
    while depth:
        depth += {"{": 1, "}": -1}.get(STYLE[end], 0)
        end += 1
    return STYLE[inner : end - 1]


def selectors(css: str) -> list[str]:
    return [one.strip() for heads, _ in RULE.findall(css) for one in heads.split(",")]


@pytest.mark.parametrize("head", ["@media (min-width: 54rem)", "@media (max-width: 44rem)", "@media print"])
def test_rules_are_whole_and_nothing_stands_between_them(head: str) -> None:
    inner = re.sub(r"@page\s*\{[^}]*\}", "", block(head))
    assert RULE.sub("", inner).strip() == ""
    for _, body in RULE.findall(inner):
        for one in filter(str.strip, body.split(";")):
            assert DECLARATION.match(one), one


def test_each_rule_for_phones_stays_within_its_block_and_is_indented() -> None:
    """A selector that has slipped to the left edge has lost its first half, and then styles every page."""
    for line in block("@media (max-width: 44rem)").strip("\n").splitlines():
        assert line.startswith("  "), line


def test_phone_rules_name_elements_that_the_pages_have() -> None:
    pages = "".join(
        re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", render_html(report, audience), flags=re.DOTALL)
        for report in (FULL_REPORT, MINIMAL_REPORT, YOUNG_MAN_REPORT)
        for audience in ("clinician", "patient")
    )
    classes = {name for found in re.findall(r'class="([^"]*)"', pages) for name in found.split()}
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", pages))
    attributes = set(re.findall(r'\s([a-z-]+)="', pages))
    for one in selectors(block("@media (max-width: 44rem)")):
        assert set(re.findall(r"\.([a-z][a-z0-9-]*)", one)) <= classes, one
        assert set(re.findall(r"(?:^|[\s>])([a-z][a-z0-9]*)", one)) <= tags, one
        assert set(re.findall(r"\[([a-z-]+)", one)) <= attributes, one


def test_a_stacked_table_lays_out_every_part_of_a_row_as_a_block() -> None:
    """On a phone a row must not stay a row: cells beside each other would run over the edge."""
    blocks = [
        {one.strip() for one in heads.split(",")}
        for heads, body in RULE.findall(block("@media (max-width: 44rem)"))
        if "display: block" in body
    ]
    assert {".stack", ".stack tbody", ".stack tr", ".stack td", ".stack th[scope=row]"} in blocks


def test_a_table_with_many_columns_is_stacked_on_a_phone() -> None:
    for report in (FULL_REPORT, YOUNG_MAN_REPORT):
        page = render_html(report, "clinician")
        for table in re.findall(r"<table.*?</table>", page, flags=re.DOTALL):
            head = re.search(r"<thead.*?</thead>", table, flags=re.DOTALL)
            assert head is not None
            if head[0].count("<th ") > 4:
                assert table.startswith('<table class="stack'), table[:200]
