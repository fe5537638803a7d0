"""The evidence: every number has a source, and an unverified one goes nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from osteon import evidence
from osteon.evidence import loader
from osteon.evidence.loader import EvidenceError


def test_every_row_names_its_source_and_place() -> None:
    rows = evidence.all_rows().values()
    assert len(rows) > 50
    for one in rows:
        assert one.unit, one.name
        assert one.population, one.name
        assert evidence.source(one.source).title
        if one.status == "read":
            assert one.locator, f"{one.name} is called read without saying where"


def test_unverified_rows_are_refused() -> None:
    for one in evidence.all_rows().values():
        if one.status == "unverified":
            with pytest.raises(EvidenceError, match="unverified"):
                evidence.value(one.name)
        else:
            assert evidence.value(one.name) == one.value


def test_an_unverified_row_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    recalled = replace(next(iter(evidence.all_rows().values())), status="unverified")
    monkeypatch.setattr(loader, "row", lambda name: recalled)
    with pytest.raises(EvidenceError, match="unverified"):
        evidence.value(recalled.name)


def test_cite_gives_each_source_once() -> None:
    names = list(evidence.all_rows())[:40]
    cited = evidence.cite(names)
    assert len({one.key for one in cited}) == len(cited)
    assert {one.key for one in cited} == {evidence.row(name).source for name in names}


def test_sources_of_the_same_authors_and_year_stand_in_one_order() -> None:
    by_title = [one.title for one in evidence.cite(["kanis2004_family", "kanis2004_corticosteroids"])]
    assert by_title == sorted(by_title)
    everything = evidence.cite(one.source for one in evidence.all_rows().values())
    assert [one.title for one in everything if one.authors == "Monograph"] == sorted(
        one.title for one in everything if one.authors == "Monograph"
    )


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(EvidenceError, match="no evidence row"):
        evidence.value("there.is.no.such.row")


def test_the_count_by_status_adds_up() -> None:
    assert sum(evidence.status_counts().values()) == len(evidence.all_rows())
