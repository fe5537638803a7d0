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
