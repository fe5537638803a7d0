"""A table as CSV text in the form of the data files: comment lines first, then names, then rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[object]], *, heading: Iterable[str] = ()) -> str:
    """The text of a table, lines ended by a line feed on every machine.

    Parameters
    ----------
    columns
        Their names.
    rows
        Cells in the order of the columns; none is an empty cell.
    heading
        Comment lines above the table, without their ``#``.
    """
    stream = io.StringIO()
    stream.writelines(f"# {line}\n" for line in heading)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()
