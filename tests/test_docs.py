"""Every example in the docs runs: Python blocks of a page in order, in one namespace; commands as written."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    """The bodies of the page's code blocks in one language."""
    return [found["body"] for found in BLOCK.finditer(page.read_text("utf-8")) if found["language"] == language]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_run(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    namespace: dict[str, object] = {}
    for body in blocks(page, "python"):
        exec(compile(body, str(page), "exec"), namespace)  # noqa: S102 - our own documentation


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_run(page: Path, tmp_path: Path) -> None:
    """Lines that start with ``$ osteon`` succeed; files that they write go to a temporary folder."""
    for body in blocks(page, "console"):
        for line in body.splitlines():
            if not line.startswith("$ osteon"):
                continue
            words = shlex.split(line[2:].split(" | ")[0])
            words = [
                str(tmp_path / word) if before in ("--out", "--page") else word
                for before, word in zip(["", *words], words, strict=False)
            ]
            done = subprocess.run(
                [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings make, the way GitHub writes them."""
    text = BLOCK.sub("", page.read_text("utf-8"))
    titles = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_a_heading_find_it(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)", page.read_text("utf-8")):
        there = page.parent / target if target else page
        assert anchor in anchors(there), f"{page.name} links to {target}#{anchor}"


def test_every_page_can_be_reached_from_the_first() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
        waiting += [page.parent / target for target in links]
    lost = {page.resolve() for page in PAGES} - seen
    assert not lost, f"no page links to {sorted(page.name for page in lost)}"


def test_the_page_for_readers_in_a_hurry_leads_each_of_three_to_three_pages() -> None:
    sections = (ROOT / "docs/README.md").read_text("utf-8").split("\n## ")[1:4]
    for section in sections:
        steps = re.findall(r"^(\d)\. .*?\]\(([\w-]+\.md)\)", section, re.MULTILINE)
        assert [number for number, _ in steps] == ["1", "2", "3"], section.splitlines()[0]
        assert len({page for _, page in steps}) == 3
