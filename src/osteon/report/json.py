"""The report as one JSON object."""

from __future__ import annotations

import json

from osteon.report.result import Report


def render_json(report: Report) -> str:
    """The report as JSON text, indented, in the structure of ``schemas/report.schema.json``.

    Raises
    ------
    ValueError
        A number is not finite. The types refuse such numbers; this is the second lock.
    """
    return json.dumps(report.model_dump(mode="json"), indent=2, ensure_ascii=False, allow_nan=False)
