"""The PDF: tagged, named, and holding the same numbers as the page."""

from __future__ import annotations

import builtins
import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from osteon.errors import MissingExtraError
from osteon.exchange import read_person
from osteon.person import Person
from osteon.report import build_report, render
from osteon.report.clinician import clinician_view
from osteon.report.pdf import render_pdf
from osteon.report.result import Report

from .fixtures import FULL, FULL_REPORT, MINIMAL_REPORT, NOTICE, STATEMENT, YOUNG_MAN_REPORT, report

REPORTS = {"full": FULL_REPORT, "minimal": MINIMAL_REPORT, "man": YOUNG_MAN_REPORT}
CASES = [(name, audience) for name in REPORTS for audience in ("clinician", "patient")]


def flat(text: str) -> str:
    """The text without any space or hyphenation, so that line breaks do not matter."""
    return re.sub(r"[\s\u00ad]+", "", text)


def read(pdf: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(BytesIO(pdf))
    return reader, flat("".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize(("name", "audience"), CASES)
def test_it_is_tagged_and_says_what_it_is(name: str, audience: Any) -> None:
    reader, text = read(render_pdf(REPORTS[name], audience))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    assert reader.metadata is not None
    assert reader.metadata.title == ("Bone health report" if audience == "clinician" else "Your bone report")
    assert flat(REPORTS[name].person.label or "") in text


def test_it_holds_the_numbers_of_the_page() -> None:
    _, text = read(render_pdf(FULL_REPORT))
    view = clinician_view(FULL_REPORT)
    for row in view.sites.rows:
        for cell in row:
            assert flat(cell) in text
    for risk in view.risk:
        assert flat(risk.major_osteoporotic) in text
        assert flat(risk.hip) in text
    assert view.projection is not None
    for row in view.projection.table.rows:
        for cell in row:
            assert flat(cell) in text, cell
    for option in (*view.options, *view.set_aside):
        assert flat(option.label) in text


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_notice_and_statement_are_in_it(audience: Any) -> None:
    _, text = read(render_pdf(FULL_REPORT, audience))
    assert flat(NOTICE) in text
    assert flat(STATEMENT) in text


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_the_words_in_the_charts_are_text_in_the_same_font(audience: Any) -> None:
    reader, _ = read(render_pdf(FULL_REPORT, audience))
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()  # type: ignore[union-attr, attr-defined]
    }
    assert fonts
    assert all("Inter" in one for one in fonts), fonts


def test_the_first_page_holds_the_whole_answer() -> None:
    reader, _ = read(render_pdf(FULL_REPORT))
    first = flat(reader.pages[0].extract_text())
    for heading in ("Diagnosis by bone density", "Fracture risk", "Options side by side", "What to check"):
        assert flat(heading) in first
    assert flat("What to tell the patient") in first


HOSTILE = '#panic("x") $x$ \\ #image("/etc/passwd") *b* <script> @ref // /* 骨 \U0001f9b4'


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_values_of_the_record_are_text_and_nothing_else(audience: Any) -> None:
    data = FULL.model_dump(mode="json", exclude_none=True) | {"label": HOSTILE, "id": HOSTILE[:60]}
    _, text = read(render_pdf(report(Person.model_validate(data)), audience))
    assert flat('#panic("x") $x$ \\ #image("/etc/passwd") *b*') in text


def test_the_same_report_gives_the_same_bytes() -> None:
    again = Report.model_validate_json(FULL_REPORT.model_dump_json())
    assert render_pdf(FULL_REPORT) == render_pdf(again)


def test_without_typst_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"osteon\[pdf\]"):
        render(FULL_REPORT, "pdf")


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_nothing_lies_beyond_the_page(audience: Any) -> None:
    many_curves = build_report(read_person("examples/fuller.json").person, years=5)
    reader, _ = read(render_pdf(many_curves, audience))
    beyond: list[str] = []
    for page in reader.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)

        def see(text: str, matrix: Any, at: Any, *_: Any, width: float = width, height: float = height) -> None:
            x = at[4] * matrix[0] + at[5] * matrix[2] + matrix[4]
            y = at[4] * matrix[1] + at[5] * matrix[3] + matrix[5]
            if text.strip() and not (0 <= x <= width and 0 <= y <= height):
                beyond.append(text)

        page.extract_text(visitor_text=see)
    assert not beyond


ON_DENOSUMAB = Person.model_validate(
    {
        "sex": "female",
        "age_years": 66,
        "menopause_age_years": 51,
        "treatments": [{"therapy": "denosumab", "start": "2022-10-20"}],
        "scans": [
            {
                "date": "2026-10-12",
                "device": "Hologic Horizon",
                "sites": [
                    {"site": "lumbar_spine", "bmd_g_cm2": 0.84, "t_score": -1.9},
                    {"site": "total_hip", "bmd_g_cm2": 0.76, "t_score": -1.5},
                    {"site": "femoral_neck", "bmd_g_cm2": 0.635, "t_score": -1.9},
                ],
            }
        ],
    }
)
WITHOUT_DENSITY = Person.model_validate(
    {
        "sex": "female",
        "age_years": 61,
        "menopause_age_years": 51,
        "scans": [{"date": "2026-10-12", "sites": [{"site": "femoral_neck", "t_score": -1.8}]}],
    }
)


def used_of(page: Any) -> float:
    """How much of a page is used, from its top to the lowest text above the footer."""
    height, lowest = float(page.mediabox.height), [float(page.mediabox.height)]

    def seen(text: str, cm: list[float], tm: list[float], *_: Any) -> None:
        where = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        if text.strip() and where > 0.07 * height:
            lowest.append(where)

    page.extract_text(visitor_text=seen)
    return 1.0 - min(lowest) / height


@pytest.mark.parametrize("person", [ON_DENOSUMAB, WITHOUT_DENSITY])
@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_no_page_but_the_last_is_nearly_blank(person: Person, audience: Any) -> None:
    pages = PdfReader(BytesIO(render_pdf(build_report(person), audience))).pages
    used = [used_of(page) for page in pages]
    assert min(used[:-1]) > 0.5, used


def test_a_table_stands_on_one_page() -> None:
    one = build_report(ON_DENOSUMAB)
    view = clinician_view(one)
    assert view.cells_table is not None
    pages = [flat(page.extract_text()) for page in PdfReader(BytesIO(render_pdf(one))).pages]
    for table in (*view.gain_tables, view.cells_table):
        (page,) = (text for text in pages if flat(table.caption) in text)
        assert all(flat(cell) in page for row in table.rows for cell in row), table.caption
