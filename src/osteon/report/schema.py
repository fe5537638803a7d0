"""The JSON schema of a report, for editors and for other programs.

``python -m osteon.report.schema > schemas/report.schema.json`` writes the file again after a change of the types.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from osteon.person import Person
from osteon.report.result import Report


def report_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of what ``--format json`` writes: every key of a result is always there.

    The person is the exception: only what was recorded is written, so the schema of the record stands for it.
    """
    schema = Report.model_json_schema(mode="serialization")
    person = Person.model_json_schema(mode="validation")
    definitions = {**person.pop("$defs", {}), **schema["$defs"], "Person": person}
    schema["properties"]["person"] = {"$ref": "#/$defs/Person"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "$defs": dict(sorted(definitions.items())),
        "title": "Osteon report",
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(report_schema(), indent=2, ensure_ascii=False) + "\n")
