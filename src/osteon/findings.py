"""What a validator finds, for whoever puts it into words: shared by the records and the design files.

The words belong to each room, since a record in JSON and a design in TOML are mended differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

SHOWN = 8
"""So many findings are told of one file."""

LIMITS = {
    "greater_than": ("gt", "must be above"),
    "greater_than_equal": ("ge", "must be at least"),
    "less_than": ("lt", "must be below"),
    "less_than_equal": ("le", "must be at most"),
}
"""By kind of finding: the name of its limit, and the words for it."""


def first_mistakes(error: ValidationError) -> list[dict[str, Any]]:
    """The findings in their order, without those that only follow from another one.

    A list that lost a broken item is also called too short: that is no second mistake.
    """
    found: list[dict[str, Any]] = [dict(one) for one in error.errors(include_url=False)]
    places = [tuple(one["loc"]) for one in found]

    def follows(kind: str, loc: tuple[str | int, ...]) -> bool:
        return kind == "too_short" and any(len(one) > len(loc) and one[: len(loc)] == loc for one in places)

    return [one for one, loc in zip(found, places, strict=True) if not follows(one["type"], loc)]


def record_at(model: type[BaseModel], loc: Sequence[str | int]) -> type[BaseModel] | None:
    """The record type that holds the last step of a path, from ``model`` on; none where the path leaves it."""
    current: type[BaseModel] | None = model
    for step in loc[:-1]:
        if isinstance(step, str):
            field = current.model_fields.get(step) if current else None
            current = record_in(field.annotation) if field else None
    return current


def record_in(annotation: Any) -> type[BaseModel] | None:
    """The record type in a field's type, such as that of the items of a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := record_in(part))), None)


def with_others(mend: str, others: Sequence[str]) -> str:
    """How to mend the first finding, and under it the others, a line each and at most :data:`SHOWN` in all."""
    if not others:
        return mend
    lines = [f"  - {one}" for one in others[: SHOWN - 1]]
    if len(others) > SHOWN - 1:
        lines.append(f"  - and {len(others) - SHOWN + 1} more")
    count = "1 more problem" if len(others) == 1 else f"{len(others)} more problems"
    return "\n".join([ended(mend), f"{count}:", *lines])


def ended(text: str) -> str:
    """A sentence with its full stop; none where there is no sentence."""
    return f"{text}." if text and text[-1] not in ".?!" else text
