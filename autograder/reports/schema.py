"""The JSON Schema of a report."""

from typing import Any

import msgspec

from autograder.results import Report


def json_schema() -> dict[str, Any]:
    """The JSON Schema of what `course grade --json` prints."""
    schema = msgspec.json.schema(Report)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
