"""Projections as tables: CSV with the standard library, Parquet through Polars."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from osteon.errors import MissingExtraError
from osteon.evidence.csv_text import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from osteon.twin.result import Projection

COLUMNS = ("therapy", "site", "t_years", "median", "lower", "upper", "t_score", "unit", "interval", "hypothetical")


def projection_rows(projection: Projection) -> Iterator[tuple[str | float | bool | None, ...]]:
    """One row a therapy, site and time point, in the order of :data:`COLUMNS`."""
    for curve in projection.therapies:
        for i, t_years in enumerate(curve.t_years):
            yield (
                curve.therapy,
                curve.site,
                t_years,
                curve.median[i],
                curve.lower[i],
                curve.upper[i],
                None if curve.t_score is None else curve.t_score[i],
                curve.unit,
                projection.interval,
                curve.hypothetical,
            )


def projection_csv(projection: Projection) -> str:
    """The projection as CSV text; an unknown T-score is an empty cell."""
    return csv_text(COLUMNS, projection_rows(projection))


def projection_parquet(projection: Projection) -> bytes:
    """The projection as a Parquet file; raises :class:`MissingExtraError` without Polars."""
    try:
        import polars
    except ImportError:
        raise MissingExtraError("Writing Parquet", "parquet") from None
    frame = polars.DataFrame(list(projection_rows(projection)), schema=list(COLUMNS), orient="row")
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()
