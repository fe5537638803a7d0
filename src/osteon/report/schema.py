"""The JSON schema of a report, for editors and for other programs.

``python -m osteon.report.schema > schemas/report.schema.json`` writes the file again after a change of the types.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from osteon.report.result import Report


def report_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of what ``--format json`` writes."""
    schema = Report.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Osteon report",
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(report_schema(), indent=2, ensure_ascii=False) + "\n")
