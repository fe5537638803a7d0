"""The report in a terminal."""

from __future__ import annotations

import re
from typing import Any

import pytest

from osteon.person import Person
from osteon.report.text import render_text

from .fixtures import FULL, FULL_REPORT, MINIMAL_REPORT, NOTICE, STATEMENT, YOUNG_MAN_REPORT, report

REPORTS = {"full": FULL_REPORT, "minimal": MINIMAL_REPORT, "man": YOUNG_MAN_REPORT}


def joined(text: str) -> str:
    """The text on one line."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("audience", ["clinician", "patient"])
@pytest.mark.parametrize("name", REPORTS)
def test_no_line_is_wider_than_the_terminal(name: str, audience: Any, width: int) -> None:
    lines = render_text(REPORTS[name], audience, width=width).splitlines()
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_no_colour_without_a_terminal(audience: Any) -> None:
    assert "\x1b" not in render_text(FULL_REPORT, audience)
    assert "\x1b[" in render_text(FULL_REPORT, audience, colour=True)


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

        def __getattr__(self, name: str) -> Any:
            return lambda *_args, **_kwargs: None

    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setenv("COLUMNS", "90")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = render_text(FULL_REPORT)
    monkeypatch.setenv("NO_COLOR", "1")
    plain = render_text(FULL_REPORT)
    assert "\x1b[" in coloured
    assert "\x1b" not in plain


@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_label_notice_and_statement_are_shown(audience: Any) -> None:
    text = joined(render_text(FULL_REPORT, audience))
    for needed in ("Example person, not a real patient", NOTICE, STATEMENT):
        assert needed in text


def test_the_scale_puts_each_marker_where_it_belongs() -> None:
    lines = render_text(FULL_REPORT).splitlines()
    shades = next(line for line in lines if "█" in line)
    osteopenia = range(shades.index("▒"), shades.index("░"))
    for site in ("Lumbar spine", "Total hip", "Femoral neck"):
        line = next(one for one in lines if one.startswith(site) and re.search("[◆●]", one))
        found = re.search("[◆●]", line)
        assert found is not None
        assert found.start() in osteopenia
    deciding = next(line for line in lines if "◆" in line)
    assert deciding.startswith("Femoral neck")
    assert "−1.8 decides" in deciding


def test_the_z_score_rule_shows_no_t_score_scale() -> None:
    text = render_text(YOUNG_MAN_REPORT)
    assert "█" not in text
    assert "Below the expected range for age" in text


def test_the_numbers_are_there() -> None:
    text = joined(render_text(FULL_REPORT))
    for shown in ("−1.8", "0.642", "6.8 %", "0.9 %", "0.715 (0.683 to 0.748)", "−6.0 %"):
        assert shown in text, shown


def test_values_of_the_record_cannot_steer_the_terminal() -> None:
    hostile = "\x1b[2J\x1b]0;gone\x07 [red]x[/red] \u202egnp"
    data = FULL.model_dump(mode="json", exclude_none=True) | {"label": hostile, "id": hostile}
    text = render_text(report(Person.model_validate(data)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]x[/red]" in text
