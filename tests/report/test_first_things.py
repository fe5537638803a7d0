"""What must not be overlooked: the first line, what the numbers rest on, and what a single command prints."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from typing import Any

import pytest
from rich.console import Console

from osteon.densitometry import assess
from osteon.exchange import read_person
from osteon.person import Person, Scan, SiteMeasurement, Treatment
from osteon.report import build_report, render
from osteon.report.clinician import clinician_view
from osteon.report.patient import patient_view
from osteon.report.patient_short import short_version
from osteon.report.text_parts import densitometry_text

SITE = SiteMeasurement(site="total_hip", bmd_g_cm2=0.5, t_score=-1.0)
SCAN = Scan(date=dt.date(2026, 1, 1), device="Hologic Horizon", sites=(SITE,))
DOUBTFUL = Person(sex="female", age_years=60, menopausal_status="postmenopausal", scans=(SCAN,))
ON_DENOSUMAB = DOUBTFUL.model_copy(update={"treatments": (Treatment(therapy="denosumab", start=dt.date(2024, 1, 1)),)})


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_what_cannot_wait_stands_first(audience: Any) -> None:
    report = build_report(ON_DENOSUMAB)
    assert report.alert.startswith("Denosumab")
    text = render(report, "text", audience)
    assert isinstance(text, str)
    assert text.startswith("Denosumab")
    page = render(report, "html", audience)
    assert isinstance(page, str)
    assert page.index(report.alert) < page.index("<h1>")
    pdf = render(report, "pdf", audience)
    assert pdf[:5] == b"%PDF-"
    assert build_report(DOUBTFUL).alert == ""


def test_a_score_that_does_not_fit_its_density_is_doubted_in_the_terminal() -> None:
    page = io.StringIO()
    densitometry_text(Console(file=page, width=100), assess(DOUBTFUL))
    said = " ".join(page.getvalue().split())
    assert "printed T-score of -1.0 does not follow from the printed bone density of 0.5" in said


@pytest.mark.parametrize(
    ("t_score", "bmd", "words"),
    [(-1.0, 0.5, "We went by the bone density"), (-1.0, 0.87, "We went by the T-score"), (-1.0, 0.82, "")],
)
def test_the_patient_is_told_which_of_two_contradicting_numbers_was_taken(
    t_score: float, bmd: float, words: str
) -> None:
    site = SITE.model_copy(update={"t_score": t_score, "bmd_g_cm2": bmd})
    person = DOUBTFUL.model_copy(update={"scans": (SCAN.model_copy(update={"sites": (site,)}),)})
    text = render(build_report(person), "text", "patient")
    assert isinstance(text, str)
    said = " ".join(text.split())
    assert ("Two numbers of your scan do not fit" in said) is bool(words)
    assert words in said


def test_a_single_command_starts_neither_charts_nor_care() -> None:
    code = (
        "import sys, osteon.report.text_parts; "
        "print([one for one in ('osteon.care', 'osteon.risk', 'osteon.report.assemble', 'osteon.report.charts', "
        "'jinja2', 'numpy') if one in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("audience", ["clinician", "patient"])
@pytest.mark.parametrize("format", ["text", "html"])
def test_the_pages_say_what_the_risk_rests_on(audience: Any, format: Any) -> None:  # noqa: A002 - the option's name
    report = build_report(read_person("examples/nhanes_122612.json").person)
    text = render(report, format, audience)
    assert isinstance(text, str)
    text = " ".join(text.split())
    assert "QFracture" in text
    assert ("does not know bone density" in text) or ("does not know your bone scan" in text)
    assert "not recorded adds nothing" in text or "not on record is left out of the first" in text


def test_a_low_scan_that_no_tool_knows_is_named_in_the_short_version() -> None:
    view = patient_view(build_report(read_person("examples/man_under_50.json").person))
    assert "That sum does not know your bone scan" in " ".join(view.short)


def test_the_words_that_qfracture_asks_for_are_not_put_before_other_notices() -> None:
    view = patient_view(build_report(read_person("examples/minimal.json").person))
    assert view.notices
    assert view.makers_notices == ()


def test_what_reading_the_file_gave_stands_apart_from_cautions() -> None:
    one = read_person("examples/hl7_dxa_bundle.json")
    view = clinician_view(build_report(one.person, remarks=one.remarks))
    assert any("communication" in line for line in view.remarks)
    assert not any("entry[" in line for line in view.warnings)
    assert dict(view.facts)["Person"] == "Woman of 34"


def test_of_several_medicines_that_are_advised_one_is_to_be_chosen() -> None:
    person = Person.model_validate(
        {
            "sex": "female",
            "age_years": 66,
            "menopause_age_years": 50,
            "history": {
                "glucocorticoids": True,
                "glucocorticoid_prednisone_mg_per_day": 7.5,
                "fragility_fracture_sites": ["wrist"],
                "previous_fragility_fracture": True,
            },
            "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -2.2}]}],
        }
    )
    said = [one for one in short_version(build_report(person, years=5)) if "dvised" in one]
    assert said[0] == "Advised for you: exercise; calcium and vitamin D."
    assert said[1].startswith("Also advised is a medicine. Your doctor can help you choose one: ")
    assert " or " in said[1]
    assert len(said) == 2


@pytest.mark.parametrize(("therapy", "said"), [("denosumab", True), ("exercise", False), (None, False)])
def test_the_risk_of_somebody_treated_says_that_it_does_not_count_the_treatment(
    therapy: str | None, said: bool
) -> None:
    record = read_person("examples/fuller.json").person.model_dump(mode="json", exclude_none=True)
    record["treatments"] = [{"therapy": therapy, "start": "2020-11-10"}] if therapy else []
    report = build_report(Person.model_validate(record))
    text = " ".join(str(render(report, "text", "clinician")).split())
    assert ("is taken, and the figures do not count" in text) == said
    text = " ".join(str(render(report, "text", "patient")).split())
    assert ("The sums do not know that you take a medicine" in text) == said


def _short(*courses: dict[str, str], **history: Any) -> list[str]:
    record = {
        "sex": "female",
        "age_years": 70,
        "menopause_age_years": 50,
        "labs": {"egfr_ml_min": 80, "calcium_mmol_l": 2.4, "vitamin_d_nmol_l": 80},
        "history": history,
        "treatments": list(courses),
        "scans": [{"date": "2026-03-02", "sites": [{"site": "total_hip", "t_score": -2.7}]}],
    }
    return list(short_version(build_report(Person.model_validate(record))))


def test_denosumab_is_not_named_among_the_medicines_to_follow_it() -> None:
    steroids = {
        "glucocorticoids": True,
        "glucocorticoid_prednisone_mg_per_day": 10,
        "previous_fragility_fracture": False,
    }
    (line,) = (one for one in _short({"therapy": "denosumab", "start": "2022-01-01"}, **steroids) if "follows" in one)
    assert "follows: zoledronate, alendronate or risedronate." in line


def test_somebody_on_a_medicine_is_not_told_to_choose_one() -> None:
    taken = " ".join(_short({"therapy": "alendronate", "start": "2022-01-01"}))
    assert "You take alendronate now." in taken
    assert "choose one" not in taken
    assert "choose one" in " ".join(_short())
