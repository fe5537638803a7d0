"""Every published number that Osteon uses, as data with a source.

``row(name)`` gives one number with its unit, spread, population, source, locator and status;
``value(name)`` gives the bare float and refuses a row that nobody has read at its source;
``table(file)`` gives a whole data file; ``cite(names)`` gives the sources behind a result.
"""

from osteon.evidence.loader import (
    Row,
    Source,
    all_rows,
    cite,
    row,
    source,
    status_counts,
    table,
    value,
)
from osteon.evidence.therapies import THERAPIES, TherapyName, therapy_label

__all__ = [
    "THERAPIES",
    "Row",
    "Source",
    "TherapyName",
    "all_rows",
    "cite",
    "row",
    "source",
    "status_counts",
    "table",
    "therapy_label",
    "value",
]
