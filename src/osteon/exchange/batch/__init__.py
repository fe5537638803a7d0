"""Many people at once: a table in, a result for every row out, and the rows that could not be used named."""

from osteon.exchange.batch.columns import Columns, known_columns
from osteon.exchange.batch.rows import BatchRow, read_rows
from osteon.exchange.batch.summary import (
    RESULT_COLUMNS,
    RowResult,
    marked_repeats,
    results_csv,
    results_excel,
    summarise,
)

__all__ = [
    "RESULT_COLUMNS",
    "BatchRow",
    "Columns",
    "RowResult",
    "known_columns",
    "marked_repeats",
    "read_rows",
    "results_csv",
    "results_excel",
    "summarise",
]
