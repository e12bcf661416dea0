"""The JSON Schema of what commands print with --json."""

from inspect import cleandoc
from typing import Any

import msgspec

from autograder.results import Report


def json_schema(document: type[msgspec.Struct] = Report) -> dict[str, Any]:
    """The JSON Schema of a document: by default of what `course grade --json` prints."""
    schema = msgspec.json.schema(document)
    for definition in schema["$defs"].values():
        # Before Python 3.13 a docstring still has the indentation of its source.
        definition["description"] = cleandoc(definition["description"])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
