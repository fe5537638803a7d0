"""The compact cards of the PDF: nothing is lost, what stands elsewhere is named."""

from __future__ import annotations

from osteon.care import options
from osteon.densitometry import assess
from osteon.person import Person
from osteon.report import build_report
from osteon.report.cards import compact_cards
from osteon.report.clinician import clinician_view
from osteon.report.rows import option_row

WOMAN = Person.model_validate(
    {
        "sex": "female",
        "age_years": 68,
        "menopause_age_years": 50,
        "scans": [{"date": "2026-03-02", "sites": [{"site": "femoral_neck", "t_score": -2.6}]}],
    }
)


def test_a_card_names_the_guidelines_that_the_table_quotes_and_points_to_an_earlier_card() -> None:
    report = build_report(WOMAN, years=5)
    rows = [(one, option_row(report, one)) for one in options(WOMAN, assess(WOMAN), report.risk)]
    full = {row.label: row for _, row in rows}
    cards = {card.label: card for card in compact_cards(rows)}
    assert list(cards) == list(full)
    quoted = {one.guideline for one in clinician_view(report).guidelines}
    for card in cards.values():
        assert set(filter(None, card.guidelines.split("; "))) <= quoted
        assert card.summary == full[card.label].summary
        assert not [one for one in card.reasons if one not in full[card.label].reasons and "as for" not in one.lower()]
    assert cards["Alendronate"].harms == full["Alendronate"].harms == full["Risedronate"].harms
    assert cards["Risedronate"].harms == "As for alendronate."


def test_what_a_reason_asks_to_look_up_is_not_asked_twice() -> None:
    report = build_report(WOMAN, years=5)
    row = next(option_row(report, one) for one in report.options if one.therapy == "alendronate")
    asked = next(one for one in row.reasons if one.startswith("Not in the record"))
    assert "oesophagus" in asked
    assert "oesophagus" not in row.checks
