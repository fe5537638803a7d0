"""The bibliography and the tables that lean on it: every entry can be followed, none stands twice, none is a guess."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import dropwhile
from pathlib import Path

import pytest

import osteon
from osteon import evidence

PACKAGE = Path(osteon.__file__).parent
DATA = PACKAGE / "evidence" / "data"

DOI_LINK = re.compile(r"https://doi\.org/10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
HTTPS_LINK = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(?:/[^\s<>\"]*)?", re.IGNORECASE)
PLACEHOLDER = re.compile(
    r"\b(?:todo|tbd|fixme|xxx+|lorem|placeholder|citation needed)\b|\?\?|example\.(?:com|org)", re.IGNORECASE
)
LOCAL_PATH = re.compile(r"(?:^|[\s\"'(])(?:/(?:home|work|tmp|root|mnt|Users|var)/|~/|[A-Z]:\\)|file://|localhost")
FROM_MEMORY = re.compile(r"\b(?:from memory|memory|recalled|not read|unread)\b", re.IGNORECASE)

# Same title and year under two keys, with the reason.
SAME_PUBLICATION: dict[frozenset[str], str] = {}

# Entries that no row and no module cites, with the reason why they stay.
BACKGROUND = {
    "hui1997": "the paper behind the spine equations, which were read on the course page",
    "lu2001": "the paper behind the hip equations, which were read on the course page",
    "zheng2025_whi_tools": "how well the screening tools do in younger women",
}


def records(path: Path) -> list[dict[str, str]]:
    """The rows of one data file, without its comment lines."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    return list(csv.DictReader(dropwhile(lambda line: line.startswith("#"), lines)))


BIBLIOGRAPHY = {entry["key"]: entry for path in sorted(DATA.glob("sources*.csv")) for entry in records(path)}
TABLES = {path.name: records(path) for path in sorted(DATA.glob("*.csv")) if not path.name.startswith("sources")}


def cited(row: Mapping[str, str]) -> Iterator[str]:
    """The keys that a row cites, in its column ``source`` or ``sources``."""
    for column in ("source", "sources"):
        yield from (row.get(column) or "").split()


def rows_with_status() -> Iterator[tuple[str, dict[str, str]]]:
    for name, rows in TABLES.items():
        for number, row in enumerate(rows, 1):
            if "status" in row and row["status"] in ("read", "unverified"):
                yield f"{name}, row {number}", row


@pytest.mark.parametrize("key", BIBLIOGRAPHY)
def test_an_entry_is_complete_and_can_be_followed(key: str) -> None:
    entry = BIBLIOGRAPHY[key]
    assert all(entry[column] for column in ("authors", "title", "published_in"))
    assert 1900 < int(entry["year"]) < 2100
    link = entry["link"]
    if "doi.org" in link:
        assert DOI_LINK.fullmatch(link), f"{key}: not a DOI: {link}"
    elif link:  # no link is better than a guessed one
        assert HTTPS_LINK.fullmatch(link), f"{key}: not an https address: {link}"
    text = " ".join(entry.values())
    assert not PLACEHOLDER.search(text), f"{key} holds a placeholder"
    assert not LOCAL_PATH.search(text), f"{key} names a place on somebody's machine"


def test_a_publication_has_one_key() -> None:
    same: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for key, entry in BIBLIOGRAPHY.items():
        same[(re.sub(r"\W+", " ", entry["title"]).casefold().strip(), entry["year"])].add(key)
    twice = {frozenset(keys) for keys in same.values() if len(keys) > 1}
    assert twice == set(SAME_PUBLICATION), "merge the keys, or name the reason in SAME_PUBLICATION"


def test_a_doi_has_one_key() -> None:
    same: defaultdict[str, list[str]] = defaultdict(list)
    for key, entry in BIBLIOGRAPHY.items():
        if "doi.org" in entry["link"]:
            same[entry["link"].casefold()].append(key)
    assert not [keys for keys in same.values() if len(keys) > 1]


def test_every_key_that_a_table_cites_exists() -> None:
    """Only tables whose citation column holds keys; some data sets name their origin in words instead."""
    for place, row in rows_with_status():
        for key in cited(row):
            assert key in BIBLIOGRAPHY, f"{place} cites {key!r}, which is in no sources*.csv"


def test_what_is_called_read_says_where() -> None:
    checked = 0
    for place, row in rows_with_status():
        if row["status"] != "read" or "locator" not in row:
            continue
        checked += 1
        assert row["locator"].strip(), f"{place} is called read without saying where"
        assert not FROM_MEMORY.search(row["locator"]), f"{place} is called read, yet {row['locator']!r}"
    assert checked > 400


def test_what_is_unverified_says_why() -> None:
    for place, row in rows_with_status():
        if row["status"] == "unverified":
            told = f"{row.get('locator', '')} {row.get('note', '')}"
            assert FROM_MEMORY.search(told) or "no page" in told or "As the mean" in told, f"{place}: say why"


def test_no_table_holds_a_placeholder_or_a_local_path() -> None:
    for path in DATA.glob("*.csv"):
        for line in path.read_text("utf-8").splitlines():
            assert not LOCAL_PATH.search(line), f"{path.name}: {line[:80]}"
    for place, row in rows_with_status():
        text = " ".join(value or "" for value in row.values())
        assert not PLACEHOLDER.search(text), place


def test_entries_that_nothing_cites_are_known() -> None:
    text = "\n".join(path.read_text("utf-8") for path in DATA.glob("*.csv") if not path.name.startswith("sources"))
    text += "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    words = set(re.findall(r"\w+", text))
    idle = set(BIBLIOGRAPHY) - words
    assert idle <= set(BACKGROUND), f"cite or drop: {sorted(idle - set(BACKGROUND))}"


def test_the_loader_sees_the_same_bibliography() -> None:
    for key, entry in BIBLIOGRAPHY.items():
        assert evidence.source(key).title == entry["title"]
