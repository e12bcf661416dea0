"""What stands beside the student's code."""

from typing import Any


def keep(value: Any) -> Any:
    """The value itself: `keep.obj(x)` lends one object to several calls."""
    return value
