"""How the grader and the student's process talk: frames of plain data, nothing else.

A frame is eight bytes of length and a msgpack body. Values are None, bool, int, float, str, bytes
and, as a list that begins with a tag, everything that msgpack does not tell apart: list, tuple,
dict (any key), set, numpy array, big int, and a handle on an object that stays on the far side.
Nothing is ever unpickled, and whatever does not decode ends the conversation.
"""

import os
from collections.abc import Callable, Mapping, Set
from typing import Any

import msgspec
import numpy as np

LENGTH = 8
MAX_FRAME = 64 * 2**20
MAX_DEPTH = 64
DTYPES = frozenset({"bool", "float16", "float32", "float64"}) | {
    f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)
}


class ProtocolError(Exception):
    """What arrived is not what this module writes."""


class NotPlainDataError(TypeError):
    """The value is an object that cannot cross; the message names its type."""


def encode(value: Any, handle: Callable[[Any], int | None], depth: int = 0) -> Any:
    """Turn a value into what msgpack can hold.

    `handle` gives the number of an object that crosses as a handle, or None.
    Raises NotPlainDataError for anything else that is not plain data.
    """
    if depth > MAX_DEPTH:
        raise NotPlainDataError(f"data nested more than {MAX_DEPTH} levels deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, np.generic):
        value = value.item()
    # Subclasses (an enum, a str with methods) are reduced to the plain type.
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**63 else ["i", str(int(value))]
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bytes):
        return bytes(value)
    if (number := handle(value)) is not None:
        return ["h", number]
    deeper = depth + 1
    if isinstance(value, np.ndarray):
        if value.dtype.name not in DTYPES:
            raise NotPlainDataError(f"an array of dtype {value.dtype}")
        return ["a", value.dtype.name, list(value.shape), np.ascontiguousarray(value).tobytes()]
    if isinstance(value, Mapping):
        pairs = [[encode(k, handle, deeper), encode(v, handle, deeper)] for k, v in value.items()]
        return ["d", pairs]
    if isinstance(value, Set):
        return ["s", [encode(item, handle, deeper) for item in value]]
    if isinstance(value, tuple | list):
        tag = "t" if isinstance(value, tuple) else "l"
        return [tag, [encode(item, handle, deeper) for item in value]]
    raise NotPlainDataError(f"an object of type {type(value).__name__}")


def decode(node: Any, handle: Callable[[int], Any], depth: int = 0) -> Any:
    """The inverse of `encode`. Raises ProtocolError for whatever `encode` would not write."""
    if node is None or isinstance(node, bool | int | float | str | bytes):
        return node
    if depth > MAX_DEPTH:
        raise ProtocolError("nested too deep")
    deeper = depth + 1
    try:
        match node:
            case ["i", str(digits)] if len(digits) < 4300:
                return int(digits)
            case ["h", int(number)]:
                return handle(number)
            case ["a", str(dtype), list(shape), bytes(data)] if dtype in DTYPES:
                if any(type(size) is not int or size < 0 for size in shape):
                    raise ProtocolError("a shape of other than whole numbers")
                return np.frombuffer(data, dtype).reshape(shape).copy()
            case ["d", list(pairs)]:
                return {decode(k, handle, deeper): decode(v, handle, deeper) for k, v in pairs}
            case ["s", list(items)]:
                return {decode(item, handle, deeper) for item in items}
            case ["t", list(items)]:
                return tuple(decode(item, handle, deeper) for item in items)
            case ["l", list(items)]:
                return [decode(item, handle, deeper) for item in items]
    except (TypeError, ValueError) as error:
        raise ProtocolError(str(error)) from None
    raise ProtocolError(f"unknown node {str(node)[:40]!r}")


def pack(message: Any) -> bytes:
    """A whole frame."""
    body = msgspec.msgpack.encode(message)
    if len(body) > MAX_FRAME:
        raise NotPlainDataError(f"{len(body) / 2**20:.0f} MiB of data")
    return len(body).to_bytes(LENGTH) + body


def unpack(body: bytes) -> Any:
    """The message of a frame's body. Raises ProtocolError."""
    try:
        return msgspec.msgpack.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ProtocolError(str(error)) from None


def send(fd: int, message: Any) -> None:
    """Write a frame to a blocking pipe."""
    view = memoryview(pack(message))
    while view:
        view = view[os.write(fd, view) :]


def receive(fd: int) -> Any:
    """Read a frame from a blocking pipe; EOFError when the other side is gone."""
    return unpack(_read(fd, int.from_bytes(_read(fd, LENGTH))))


def _read(fd: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(fd, min(size, 2**20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
