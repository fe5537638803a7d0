"""The charts: what is drawn is what was measured, and every picture has its words and numbers."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest

from osteon.person import Person
from osteon.report.charts import render_svg
from osteon.report.charts.age import age_picture
from osteon.report.charts.icons import icon_array
from osteon.report.charts.style import BAND_NORMAL, BAND_OSTEOPENIA, BAND_OSTEOPOROSIS
from osteon.report.charts.tscore import LETTER, _label_place
from osteon.report.figure import Figure
from osteon.report.figures import (
    age_figure,
    risk_figures,
    score_figure,
)
from osteon.report.projection_figures import (
    cells_table,
    cells_words,
    gain_figure,
    projection_figure,
    site_tables,
)
from osteon.report.result import Report
from osteon.report.words import score

from .fixtures import FULL, FULL_REPORT, MINIMAL, MINIMAL_REPORT, YOUNG_MAN_REPORT


def figures(report: Report, *, plain: bool = False) -> list[Figure]:
    """Every figure of a report."""
    found = [
        score_figure(report, plain=plain),
        age_figure(report, plain=plain)[0],
        None if plain else gain_figure(report),
        projection_figure(report, plain=plain),
        *risk_figures(report, plain=plain),
    ]
    return [one for one in found if one is not None]


def marks(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The layers of a specification."""
    layers: list[dict[str, Any]] = spec["layer"]
    return layers


def test_a_full_report_has_every_picture() -> None:
    assert [one.key for one in figures(FULL_REPORT)] == [
        "scores",
        "age",
        "gains",
        "projection",
        "risk-major_osteoporotic",
        "risk-hip",
    ]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("report", [FULL_REPORT, MINIMAL_REPORT, YOUNG_MAN_REPORT], ids=["full", "minimal", "man"])
def test_every_picture_has_words_and_numbers(report: Report, plain: bool) -> None:
    for figure in figures(report, plain=plain):
        assert figure.title
        assert figure.caption
        assert re.search(r"\d", figure.alt), "the text alternative holds the numbers"
        assert figure.table.rows
        assert all(len(row) == len(figure.table.columns) for row in figure.table.rows)
        assert figure.spec["description"] == figure.alt
        assert "NaN" not in json.dumps(figure.spec, allow_nan=False)


def test_the_scale_marks_each_site_at_its_score_and_the_deciding_one_by_shape() -> None:
    figure = score_figure(FULL_REPORT, plain=False)
    assert figure is not None
    points = next(layer for layer in marks(figure.spec) if layer["mark"]["type"] == "point")
    assert [(" ".join(row["site"]), row["score"], row["deciding"]) for row in points["data"]["values"]] == [
        ("Lumbar spine", -1.6, False),
        ("Total hip", -1.5, False),
        ("Femoral neck", -1.8, True),
    ]
    assert points["encoding"]["shape"]["condition"]["value"] != points["encoding"]["shape"]["value"]
    bands = marks(figure.spec)[0]["data"]["values"]
    assert [(one["word"], one["to"]) for one in bands][:2] == [("Osteoporosis", -2.5), ("Osteopenia", -1.0)]


def test_the_z_score_rule_gets_its_own_scale() -> None:
    figure = score_figure(YOUNG_MAN_REPORT, plain=False)
    assert figure is not None
    words = [one["word"] for one in marks(figure.spec)[0]["data"]["values"]]
    assert words == ["Below expected", "Within expected for age"]
    assert "osteopor" not in json.dumps(figure.spec).casefold()


def test_a_score_far_out_stays_on_the_scale() -> None:
    far = FULL_REPORT.densitometry.sites[2].model_copy(update={"t_score": -6.3})
    changed = FULL_REPORT.densitometry.model_copy(update={"sites": (far,)})
    figure = score_figure(FULL_REPORT.model_copy(update={"densitometry": changed}), plain=False)
    assert figure is not None
    low, _ = marks(figure.spec)[0]["encoding"]["x"]["scale"]["domain"]
    assert low < -6.3


def test_the_bands_differ_in_lightness_not_only_in_hue() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, middle, dark = (luminance(one) for one in (BAND_NORMAL, BAND_OSTEOPENIA, BAND_OSTEOPOROSIS))
    assert light - middle > 0.15
    assert middle - dark > 0.3


@pytest.mark.parametrize(("percent", "filled"), [(0.4, 0), (1.0, 1), (6.84, 7), (12.5, 13), (100.0, 100)])
def test_the_icon_array_fills_the_rounded_count(percent: float, filled: int) -> None:
    people = icon_array((percent, percent), description="x")["data"]["values"]
    assert len(people) == 100
    assert sum(one["state"] == "sure" for one in people) == filled


def test_a_range_of_risk_is_drawn_as_a_range() -> None:
    states = [one["state"] for one in icon_array((11.7, 14.2), description="x")["data"]["values"]]
    assert (states.count("sure"), states.count("may")) == (12, 2)


def test_the_age_chart_draws_both_scans_at_their_ages() -> None:
    picture, reason = age_picture(FULL, "femoral_neck")
    assert reason == ""
    assert picture is not None
    assert [(one.date, one.bmd_g_cm2) for one in picture.scans] == [("2021-02-10", 0.668), ("2026-03-02", 0.642)]
    assert picture.scans[1].age_years == 64
    assert picture.scans[0].age_years == pytest.approx(64 - 5.05, abs=0.02)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"age_years": 49}, "aged 50"),
        ({"scans": ()}, "no scan"),
    ],
)
def test_no_age_chart_where_the_survey_says_nothing(change: dict[str, Any], why: str) -> None:
    data = FULL.model_dump(mode="json", exclude_none=True) | change
    data.pop("menopause_age_years") if change.get("age_years") else None
    picture, reason = age_picture(Person.model_validate(data), None)
    assert picture is None
    assert why in reason


@pytest.mark.parametrize("device", ["GE Lunar Prodigy", "a scanner", None])
def test_other_makers_are_not_set_beside_the_survey(device: str | None) -> None:
    scan = FULL.scans[-1].model_copy(update={"device": device})
    picture, reason = age_picture(FULL.model_copy(update={"scans": (scan,)}), None)
    assert picture is None
    assert "Hologic" in reason


def test_scans_of_another_scanner_are_left_out_of_the_curve() -> None:
    old = FULL.scans[0].model_copy(update={"device": "Hologic QDR", "date": dt.date(2019, 1, 1)})
    picture, _ = age_picture(FULL.model_copy(update={"scans": (old, FULL.scans[1])}), None)
    assert picture is not None
    assert len(picture.scans) == 1


def test_only_scores_give_no_age_chart() -> None:
    scan = MINIMAL.scans[0].model_copy(update={"device": "Hologic"})
    picture, reason = age_picture(MINIMAL.model_copy(update={"scans": (scan,)}), None)
    assert picture is None
    assert "only scores" in reason


def test_cell_therapy_is_never_among_the_options_curves() -> None:
    for figure in (projection_figure(FULL_REPORT, plain=False), gain_figure(FULL_REPORT)):
        assert figure is not None
        assert "stem cells" not in json.dumps(figure.spec).casefold()
        assert "stem cells" not in json.dumps([one.rows for one in site_tables(FULL_REPORT)]).casefold()


def test_cell_therapy_stands_beside_zoledronate_and_is_called_unproven() -> None:
    table = cells_table(FULL_REPORT)
    assert table is not None
    assert [row[0] for row in table.rows] == [
        "No treatment",
        "Zoledronate",
        "Stem cells, one infusion (unproven)",
    ]
    assert table.rows[0][1].split(" ")[0] == table.rows[2][1].split(" ")[0]  # the same middle
    assert "as likely harmful as helpful" in cells_words(FULL_REPORT)
    assert "adds nothing" in cells_words(FULL_REPORT)


def test_the_gains_are_drawn_at_three_sites_with_the_same_therapies() -> None:
    figure = gain_figure(FULL_REPORT)
    assert figure is not None
    assert figure.wide is not None
    panels = figure.wide["concat"]
    assert [one["title"]["text"] for one in panels] == ["Lumbar spine", "Total hip", "Femoral neck"]
    rows = [[" ".join(row["label"]) for row in one["data"]["values"]] for one in panels]
    assert rows[0] == rows[1] == rows[2] == ["No treatment", "Alendronate", "Zoledronate"]
    for one in panels:
        for row in one["data"]["values"]:
            assert row["lower"] <= row["median"] <= row["upper"]
        low, high = one["layer"][0]["encoding"]["x"]["scale"]["domain"]
        assert low < 0 < high


def test_a_time_beyond_the_longest_trial_is_marked() -> None:
    table = site_tables(FULL_REPORT)[0]
    assert table.columns[:5] == ("Therapy", "1 year", "3 years", "5 years", "10 years")
    by_name = {row[0]: row for row in table.rows}
    assert ["*" in cell for cell in by_name["Alendronate"][1:5]] == [False, False, True, True]
    assert not any("*" in cell for cell in by_name["No treatment"])
    assert "An asterisk" in table.caption


def test_svgs_are_named_closed_and_do_not_clash() -> None:
    drawn = [render_svg(one.spec, key=f"k{place}") for place, one in enumerate(figures(FULL_REPORT))]
    ids = [found for svg in drawn for found in re.findall(r'\bid="([^"]+)"', svg)]
    assert len(ids) == len(set(ids))
    for svg, figure in zip(drawn, figures(FULL_REPORT), strict=True):
        assert svg.count("aria-label=") == 1
        assert 'role="img"' in svg
        assert "http" not in svg.replace("http://www.w3.org", "")
        assert figure.alt.split()[0] in svg


def test_hostile_text_is_escaped_inside_a_picture() -> None:
    svg = render_svg(icon_array((5.0, 5.0), description='"><script>x</script>'), key="x")
    assert "<script" not in svg


@pytest.mark.parametrize("number", [-3.9, -2.6, -2.5, -2.4, -2.2, -2.0, -1.8, -1.5, -1.1, -1.0, -0.9, 0.4, 1.4])
def test_a_score_in_words_stays_in_the_band_of_its_mark(number: float) -> None:
    edges = [(-4.0, -2.5), (-2.5, -1.0), (-1.0, 1.5)]
    pixels = 48.0
    place = _label_place(number, [{"from": low, "to": high} for low, high in edges], pixels, 18.0)
    left = number + place["dx"] / pixels
    right = left + LETTER * len(score(number)) / pixels
    low, high = next(one for one in edges if (one[0] < number <= one[1] and number != -1.0) or number == -1.0 == one[0])
    assert low - 0.01 <= left
    assert right <= high + 0.01
    assert (place["score_y"] != place["mark_y"]) is (left < number < right)


def test_a_patients_curves_say_what_their_numbers_count() -> None:
    figure = projection_figure(FULL_REPORT, plain=True)
    assert figure is not None
    assert "bone density in g/cm²" in figure.caption
