"""The page: self-contained, accessible, safe, and true to the report."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from osteon.person import Person
from osteon.report import render
from osteon.report.html import render_html
from osteon.report.result import Report

from .fixtures import (
    FULL_REPORT,
    MINIMAL_REPORT,
    NOTICE,
    STATEMENT,
    YOUNG_MAN_REPORT,
    report,
)

REPORTS = {"full": FULL_REPORT, "minimal": MINIMAL_REPORT, "man": YOUNG_MAN_REPORT}
AUDIENCES = ("clinician", "patient")
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Reader(HTMLParser):
    """Collects tags, checks that they close in order, and keeps the visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


@pytest.fixture(params=[(name, audience) for name in REPORTS for audience in AUDIENCES], ids="-".join)
def page(request: pytest.FixtureRequest) -> str:
    name, audience = request.param
    text = render(REPORTS[name], "html", audience)
    assert isinstance(text, str)
    return text


def test_it_is_one_well_formed_file_that_fetches_nothing(page: str) -> None:
    reader = read(page)
    names = {tag for tag, _ in reader.tags}
    assert not names & {"script", "link", "iframe", "object", "embed", "img", "base"}
    for _, attributes in reader.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert "src" not in attributes
        assert not str(attributes.get("href") or "").startswith(("javascript:", "data:"))
    style = page[page.index("<style>") : page.index("</style>")]
    assert "@import" not in style
    assert all(link.startswith("data:font/woff2") for link in re.findall(r"url\(([^)]{0,40})", style))


def test_it_has_landmarks_language_and_a_way_past_the_header(page: str) -> None:
    reader = read(page)
    tags = dict(reader.tags)
    assert tags["html"]["lang"] == "en-GB"
    assert [tag for tag, _ in reader.tags].count("main") == 1
    assert {"header", "main", "footer"} <= set(tags)
    first_link = next(attributes for tag, attributes in reader.tags if tag == "a")
    assert first_link["href"] == "#main"
    assert any(tag == "meta" and attributes.get("name") == "viewport" for tag, attributes in reader.tags)


def test_headings_come_in_order(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in read(page).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_headers_and_pictures_have_words(page: str) -> None:
    reader = read(page)
    assert all("scope" in attributes for tag, attributes in reader.tags if tag == "th")
    pictures = [attributes for tag, attributes in reader.tags if tag == "svg"]
    assert all(one["role"] == "img" and one["aria-label"] for one in pictures)
    figures = page.count("<figure")
    assert page.count("<figcaption") == figures


def test_identifiers_are_unique_and_links_lead_somewhere(page: str) -> None:
    reader = read(page)
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [str(attributes["href"])[1:] for tag, attributes in reader.tags if tag == "a" and "href" in attributes]
    internal = [one for one in targets if not one.startswith("ttp")]
    assert set(internal) <= set(ids)
    labelled = [str(attributes["aria-labelledby"]) for _, attributes in reader.tags if "aria-labelledby" in attributes]
    assert set(labelled) <= set(ids)


def test_nothing_unfinished_reaches_the_reader(page: str) -> None:
    text = " ".join(read(page).text)
    for word in ("None", "nan", "NaN", "undefined", "{{", "()", "Undefined"):
        assert word not in re.sub(r"Certainty\s+None", "", text), word


@pytest.mark.parametrize("audience", AUDIENCES)
def test_label_notice_and_statement_stand_on_the_page(audience: str) -> None:
    text = " ".join(read(render_html(FULL_REPORT, audience)).text)  # type: ignore[arg-type]
    assert "Example person, not a real patient" in text
    assert NOTICE in text
    assert STATEMENT in text


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_notice_stands_in_the_section_of_its_scores(audience: str) -> None:
    page = render_html(FULL_REPORT, audience)  # type: ignore[arg-type]
    sections = re.split(r"<section", page)
    holding = [one for one in sections if NOTICE in one]
    assert len(holding) == 1
    assert 'aria-labelledby="h-risk"' in holding[0] or 'aria-labelledby="h-break"' in holding[0]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_without_a_score_there_is_no_notice(audience: str) -> None:
    assert NOTICE not in render_html(MINIMAL_REPORT, audience)  # type: ignore[arg-type]


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7*7 }}'


@pytest.mark.parametrize("audience", AUDIENCES)
def test_values_of_the_record_are_escaped(audience: str) -> None:
    data = FULL_REPORT.person.model_dump(mode="json", exclude_none=True)
    data |= {"label": HOSTILE, "id": HOSTILE[:60]}
    for scan in data["scans"]:
        scan["device"] = f"Hologic {HOSTILE}"
    hostile = report(Person.model_validate(data)).model_copy(update={"warnings": (HOSTILE,)})
    page = render_html(hostile, audience)  # type: ignore[arg-type]
    names = {tag for tag, _ in read(page).tags}
    assert not names & {"script", "img"}
    assert "{{ 7*7 }}" in page


def test_the_missing_projection_is_explained() -> None:
    text = " ".join(read(render_html(YOUNG_MAN_REPORT)).text)
    assert "No projection: the bone model covers adults of 20 to 100 years." in text
    plain = " ".join(read(render_html(YOUNG_MAN_REPORT, "patient")).text)
    assert "does not cover you yet" in plain


def test_the_numbers_of_the_report_are_on_the_page() -> None:
    text = " ".join(read(render_html(FULL_REPORT)).text)
    for shown in ("−1.8", "0.642", "0.761", "6.8 %", "0.9 %", "0.715 (0.683 to 0.748)", "−6.0 %"):
        assert shown in text, shown


def contrast(first: str, second: str) -> float:
    """The WCAG contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        colour = "#" + "".join(one * 2 for one in colour[1:]) if len(colour) == 4 else colour
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_stands_out_from_its_ground(page: str) -> None:
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", page))
    pairs = [
        (colours["ink"], "#fff"),
        (colours["muted"], "#fff"),
        (colours["muted"], colours["soft"]),
        (colours["muted"], colours["warn-soft"]),
        (colours["accent"], "#fff"),
        (colours["accent"], colours["soft"]),
        ("#fff", colours["accent"]),
        (colours["warn"], colours["warn-soft"]),
        ("#0b4653", colours["accent-soft"]),
        ("#ffffff", "#a8432f"),  # the word on the darkest band of the scale
        ("#1d2733", "#efc15c"),
        ("#1d2733", "#dcecf0"),
    ]
    for ink, ground in pairs:
        assert contrast(ink, ground) >= 4.5, (ink, ground)


def test_it_is_not_heavy(page: str) -> None:
    assert len(page.encode()) < 700_000


def test_the_same_report_gives_the_same_page() -> None:
    def pages(one: Report) -> str:
        return render_html(one) + render_html(one, "patient")

    assert pages(FULL_REPORT) == pages(Report.model_validate_json(FULL_REPORT.model_dump_json()))
