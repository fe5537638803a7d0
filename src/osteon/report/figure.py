"""A figure: picture, title, words and numbers together, so that no picture stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from osteon.report.charts.style import Spec


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a figure."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture with everything that replaces it for a reader who cannot see it.

    ``wide`` is the same picture laid out for a wide page, none where one layout serves both.
    """

    key: str
    title: str
    caption: str
    alt: str
    table: Table
    spec: Spec
    wide: Spec | None = None
