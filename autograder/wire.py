"""How the examiner and a box talk: frames of plain data, whatever the box sends.

A frame is a prefix, a msgpack header and blobs: the raw bytes of its arrays and tensors, one after
another. A header is a tree of nodes. None, bool, int, float and str are themselves; each other
value is one of the tagged arrays below (`docs/protocol.md` has the table).

Nothing is unpickled, and no name in a frame is looked up except in a closed list of dtypes. The
decoder is made for hostile frames: sizes are recomputed, everything is counted, and every error is
a ProtocolError. Dicts are nodes, not msgpack maps, because a map is built in C, where nothing can
stop a hundred thousand keys with the same hash.

torch is used where it is imported already, and imported only to load a frame that holds a tensor:
an honest but wrong tensor has to reach the test's verdict.
"""

import importlib
import math
import os
import struct
import sys
import time
import types
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import fields, is_dataclass
from functools import partial
from types import SimpleNamespace
from typing import Annotated, Any, NoReturn, TypeAlias

import msgspec
import numpy as np

PROTOCOL = 1
PREFIX = 16  # bytes
MAX_HEADER = 8 * 2**20
MAX_BLOBS = 256 * 2**20
MAX_NODES = 1_000_000
MAX_ARRAYS = 50_000  # an empty tensor takes 12 bytes of a header and about a kilobyte of memory
MAX_DEPTH = 64
MAX_DIMS = 64
MAX_INT_BYTES = 1785  # 4299 digits: Python prints no int of more than 4300
MAX_DECODE_S = 5.0  # of this thread's CPU time

ITEM_BYTES = {
    "bool": 1,
    **{f"{sign}int{bits}": bits // 8 for sign in ("", "u") for bits in (8, 16, 32, 64)},
    **{f"float{bits}": bits // 8 for bits in (16, 32, 64)},
    **{"complex64": 8, "complex128": 16},
}
TORCH_ITEM_BYTES = ITEM_BYTES | {
    **{"bfloat16": 2, "complex32": 4, "float4_e2m1fn_x2": 1},
    **{f"float8_{kind}": 1 for kind in ("e4m3fn", "e4m3fnuz", "e5m2", "e5m2fnuz", "e8m0fnu")},
}

_PREFIX = struct.Struct(">2sBBIQ")
_MAGIC = b"LM"
_DTYPES = {np.dtype(name): name for name in ITEM_BYTES}
_LEAVES = frozenset({type(None), bool, float, str})
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, partial)
_BUFFERS_PER_WRITE = 1000  # Linux takes 1024


class ProtocolError(Exception):
    """What arrived is not what `dump` writes. The message holds no text of the frame."""


class NotPlainDataError(TypeError):
    """The value cannot cross; the message says which part of it, and what to do instead."""


# --- Nodes: what a header is made of ---------------------------------------------------------


class _Node(msgspec.Struct, array_like=True, forbid_unknown_fields=True, gc=False):
    """A msgpack array: its tag, then its fields."""


class Bytes(_Node, tag="b"):
    """Bytes."""

    data: bytes


class List(_Node, tag="l"):
    """A list."""

    items: list["Node"]


class Tuple(_Node, tag="t"):
    """A tuple."""

    items: list["Node"]


class Dict(_Node, tag="d"):
    """A dict: key, value, key, value…, in order."""

    items: list["Node"]


class MutableSet(_Node, tag="s"):
    """A set."""

    items: list["Node"]


class FrozenSet(_Node, tag="z"):
    """A frozenset, which can be a key."""

    items: list["Node"]


class Fields(_Node, tag="f"):
    """The public fields of a dataclass instance or a namespace."""

    names: list[str]
    values: list["Node"]


class Int(_Node, tag="i"):
    """An int beyond 64 bits: two's complement, big endian."""

    digits: Annotated[bytes, msgspec.Meta(max_length=MAX_INT_BYTES)]


class Complex(_Node, tag="c"):
    """A complex number."""

    real: float
    imaginary: float


Size: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
Shape: TypeAlias = Annotated[list[Size], msgspec.Meta(max_length=MAX_DIMS)]


class Array(_Node, tag="a"):
    """A numpy array, its bytes the next of the blobs: little endian, last index fastest."""

    dtype: str
    shape: Shape


class Tensor(_Node, tag="x"):
    """A torch tensor, its bytes the next of the blobs."""

    dtype: str
    shape: Shape
    requires_grad: bool


class Dtype(_Node, tag="y"):
    """A torch.dtype."""

    name: str


class Handle(_Node, tag="h"):
    """An object that stays on the far side."""

    number: Size


_Leaf: TypeAlias = bool | int | float | str | None
_Container: TypeAlias = List | Tuple | Dict | MutableSet | FrozenSet | Fields
Node: TypeAlias = _Leaf | _Container | Bytes | Int | Complex | Array | Tensor | Dtype | Handle

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Node)


# --- Writing ---------------------------------------------------------------------------------


def no_handle(value: Any) -> int | None:
    """The default of `dump`: no object crosses as a handle."""
    return None


def dump(message: Any, handle: Callable[[Any], int | None] = no_handle) -> list[memoryview]:
    """The frame of a message: prefix and header, then the bytes of each array and tensor.

    Contiguous arrays and CPU tensors are not copied, so write the frame out before they change.

    Args:
        message: plain data. Subclasses arrive as their plain type, named tuples as tuples,
            dataclass instances as a SimpleNamespace of their public fields, numpy scalars as
            Python's, tensors on the CPU, detached, with their `requires_grad`.
        handle: the number of an object that crosses as a handle, None for any other.

    Raises:
        NotPlainDataError: for anything else, and for more than one frame may hold.
    """
    writer = _Writer(handle)
    root = writer.encode(message, 0)
    frame = bytearray(PREFIX)
    try:
        _encoder.encode_into(root, frame, PREFIX)
    except UnicodeEncodeError:
        _refuse("text with a lone surrogate")
    size = len(frame) - PREFIX
    if size > MAX_HEADER:
        _refuse(f"{size / 2**20:.0f} MiB of text and numbers", "put large data into arrays")
    _PREFIX.pack_into(frame, 0, _MAGIC, PROTOCOL, 0, size, writer.size)
    return [memoryview(frame), *writer.blobs]


class _Writer:
    """Turns one message into nodes and blobs."""

    def __init__(self, handle: Callable[[Any], int | None]) -> None:
        self.blobs: list[memoryview] = []
        self.size = 0
        self._handle = handle
        self._nodes = 0
        self._torch = sys.modules.get("torch")
        self._tensor = getattr(self._torch, "Tensor", ())
        self._dtype = getattr(self._torch, "dtype", ())

    def encode(self, value: Any, depth: int, is_key: bool = False) -> Node:
        """The node of a value. A key must be something that arrives hashable."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            _refuse(f"data of more than {MAX_NODES:,} parts", "put large data into arrays")
        if depth > MAX_DEPTH:
            _refuse(f"data nested more than {MAX_DEPTH} levels deep")
        if type(value) in _LEAVES:
            leaf: Node = value
            return leaf
        if type(value) is int:
            return _int(value)
        if (number := self._handle(value)) is not None:
            return Handle(number)
        deeper = depth + 1
        # The methods of the plain types, not the value's own: a subclass is not asked.
        if isinstance(value, tuple):
            return Tuple([self.encode(v, deeper, is_key) for v in tuple.__iter__(value)])
        if isinstance(value, frozenset):
            return FrozenSet([self.encode(v, deeper, True) for v in frozenset.__iter__(value)])
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            return _int(int.__index__(value))
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, complex):
            plain = complex.__pos__(value)
            return Complex(plain.real, plain.imag)
        if isinstance(value, bytes):
            return Bytes(bytes.__getitem__(value, slice(None)))
        if isinstance(value, np.generic) and not isinstance(scalar := value.item(), np.generic):
            return self.encode(scalar, depth, is_key)
        if isinstance(value, self._dtype) and (name := _name(value)) in TORCH_ITEM_BYTES:
            return Dtype(name)
        if is_key:
            _refuse(f"a dict key or a set's item of type {type(value).__name__}")
        if isinstance(value, list):
            return List([self.encode(v, deeper) for v in list.__iter__(value)])
        if isinstance(value, dict):
            # dict.items would miss what move_to_end did.
            items: Any = OrderedDict.items if isinstance(value, OrderedDict) else dict.items
            return self._dict(items(value), deeper)
        if isinstance(value, set):
            return MutableSet([self.encode(v, deeper, True) for v in set.__iter__(value)])
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, self._tensor):
            return self._torch_tensor(value)
        if isinstance(value, Mapping):
            return self._dict(value.items(), deeper)
        if isinstance(value, Set):  # the keys of a dict, for one
            return MutableSet([self.encode(v, deeper, True) for v in value])
        if (public := _public_fields(value)) is not None:
            self._nodes += len(public)
            return Fields(list(public), [self.encode(v, deeper) for v in public.values()])
        return _refuse_object(value)

    def _dict(self, pairs: Iterable[tuple[Any, Any]], depth: int) -> Dict:
        nodes: list[Node] = []
        for key, value in pairs:
            nodes.append(self.encode(key, depth, True))
            nodes.append(self.encode(value, depth))
        return Dict(nodes)

    def _array(self, value: np.ndarray) -> Array:
        native = value.dtype.newbyteorder("=")
        name = _DTYPES.get(native)
        if name is None:
            _refuse(f"an array of dtype {value.dtype}")
        shape = list(value.shape)
        self._reserve(ITEM_BYTES[name], shape)
        flat = np.ascontiguousarray(value, native).reshape(-1)
        self.blobs.append(flat.view(np.uint8).data)
        return Array(name, shape)

    def _torch_tensor(self, value: Any) -> Tensor:
        torch: Any = self._torch
        name = _name(value.dtype)
        if value.is_nested:
            _refuse("a nested tensor")
        if value.layout is not torch.strided:
            _refuse("a sparse tensor", "call .to_dense()")
        if value.is_quantized:
            _refuse("a quantised tensor", "call .dequantize()")
        if value.device.type == "meta":
            _refuse("a tensor on the meta device, which has no data,")
        if name not in TORCH_ITEM_BYTES or value.ndim > MAX_DIMS:
            _refuse(f"a tensor of dtype {name} and {value.ndim} dimensions")
        shape = list(value.shape)
        self._reserve(TORCH_ITEM_BYTES[name], shape)
        try:
            plain = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
            # Not reshape(-1): it keeps the odd stride of tensors with one element or none.
            flat = plain.as_strided((plain.numel(),), (1,)).view(torch.uint8).numpy()
        except RuntimeError:  # inside torch.func transforms, among others
            _refuse("a tensor whose data cannot be read here")
        self.blobs.append(flat.data)
        return Tensor(name, shape, bool(value.requires_grad))

    def _reserve(self, item_bytes: int, shape: list[int]) -> None:
        """Count an array's bytes before an expanded view of one number becomes gigabytes."""
        self.size += item_bytes * math.prod(shape)
        if self.size > MAX_BLOBS or not _is_sane(item_bytes, shape):
            _refuse(f"arrays of more than {MAX_BLOBS // 2**20} MiB in all")
        if len(self.blobs) == MAX_ARRAYS:
            _refuse(f"more than {MAX_ARRAYS:,} arrays")


def _int(value: int) -> int | Int:
    if -(2**63) <= value < 2**64:
        return value
    size = value.bit_length() // 8 + 1  # a bit for the sign
    if size > MAX_INT_BYTES:
        _refuse("an integer of about 4300 digits or more")
    return Int(value.to_bytes(size, signed=True))


def _is_sane(item_bytes: int, shape: list[int]) -> bool:
    """False for an empty array with a shape like [0, 2**62], on which every sum is a bomb."""
    return item_bytes * math.prod(filter(None, shape)) <= MAX_BLOBS


def _name(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")


def _public_fields(value: Any) -> dict[str, Any] | None:
    if is_dataclass(type(value)):
        everything = {field.name: getattr(value, field.name) for field in fields(value)}
    elif isinstance(value, SimpleNamespace):
        everything = vars(value)
    else:
        return None
    return {name: item for name, item in everything.items() if _is_public(name)}


def _is_public(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_")


def _refuse_object(value: Any) -> NoReturn:
    name = type(value).__name__
    if isinstance(value, _FUNCTIONS):
        _refuse("a function", "put it into support.py")
    if isinstance(value, type):
        _refuse(f"the class {value.__name__}", "put it into support.py")
    if isinstance(value, types.GeneratorType):
        _refuse("a generator", "make a list of it")
    _refuse(f"an object of type {name}", "only plain data, arrays, tensors and handles can")


def _refuse(what: str, instead: str = "") -> NoReturn:
    hint = f": {instead}" if instead else ""
    raise NotPlainDataError(f"{what} cannot cross between the test and the student's box{hint}")


# --- Reading ---------------------------------------------------------------------------------


def no_object(number: int) -> Any:
    """The default of `load`: nothing lies behind any number."""
    raise ProtocolError("a handle where data was asked for")


def sizes(prefix: bytes | bytearray) -> tuple[int, int]:
    """The lengths in bytes of a frame's header and of its blobs.

    Raises:
        ProtocolError: for another version, or for more than a frame may hold.
    """
    if len(prefix) != PREFIX:
        raise ProtocolError(f"a prefix has {PREFIX} bytes")
    magic, version, zero, header, blobs = _PREFIX.unpack(prefix)
    if magic != _MAGIC:
        raise ProtocolError("no frame begins like this")
    if version != PROTOCOL or zero:
        raise ProtocolError(f"version {version} of the protocol, where {PROTOCOL} is spoken")
    if header > MAX_HEADER or blobs > MAX_BLOBS:
        raise ProtocolError("a frame larger than any may be")
    return header, blobs


def load(
    header: bytes | bytearray | memoryview,
    blobs: bytes | bytearray | memoryview,
    handle: Callable[[int], Any] = no_object,
) -> Any:
    """The message of a frame, after `sizes` has accepted its prefix.

    Arrays and tensors are contiguous and own their memory: both are copied out of `blobs`, which
    is quickest where it is writable.

    Args:
        header: the msgpack part.
        blobs: all blobs together.
        handle: the object behind a handle's number.

    Raises:
        ProtocolError: whatever is wrong. Its cause tells more, and may hold text of the frame.
    """
    try:
        if len(header) > MAX_HEADER or len(blobs) > MAX_BLOBS:
            raise ProtocolError("a frame larger than any may be")
        root = _decoder.decode(header)
        reader = _Reader(blobs, handle)
        message = reader.decode(root, 0)
        reader.finish()
        return message
    except ProtocolError:
        raise
    except Exception as error:
        raise ProtocolError(f"not a message: {type(error).__name__}") from error


class _Reader:
    """Turns the nodes of one message into values."""

    def __init__(self, blobs: bytes | bytearray | memoryview, handle: Callable[[int], Any]) -> None:
        if memoryview(blobs).readonly:  # torch warns about memory that it may not write
            blobs = bytearray(blobs)
        self._blobs = np.frombuffer(blobs, np.uint8)
        self._start = 0  # of the next array in the blobs
        self._handle = handle
        self._nodes = 0
        self._arrays = 0
        self._deadline = math.inf  # until the clock is first read

    def decode(self, node: Node, depth: int) -> Any:
        """The value of a node."""
        self._nodes += 1
        if not self._nodes % 64:  # keys made to collide take ever longer to insert
            self._check()
        if depth > MAX_DEPTH:
            raise ProtocolError("nested too deep")
        if type(node) in _LEAVES or isinstance(node, int):
            return node
        deeper = depth + 1
        match node:
            case Tuple(items):
                return tuple([self.decode(item, deeper) for item in items])
            case List(items):
                return [self.decode(item, deeper) for item in items]
            case Dict(items):
                pairs = zip(items[::2], items[1::2], strict=True)
                return {self.decode(k, deeper): self.decode(v, deeper) for k, v in pairs}
            case MutableSet(items):
                return {self.decode(item, deeper) for item in items}
            case FrozenSet(items):
                return frozenset(self.decode(item, deeper) for item in items)
            case Array():
                return self._array(node)
            case Tensor():
                return self._torch_tensor(node)
            case Fields(names, values):
                return self._namespace(names, [self.decode(value, deeper) for value in values])
            case Bytes(data):
                return data
            case Int(digits):
                return int.from_bytes(digits, signed=True)
            case Complex(real, imaginary):
                return complex(real, imaginary)
            case Dtype(name):
                _expect(name in TORCH_ITEM_BYTES, "an unknown dtype")
                return getattr(self._import_torch(), name)
            case Handle(number):
                return self._handle(number)
        raise ProtocolError("an unknown node")

    def finish(self) -> None:
        """Every byte of the blobs must belong to an array."""
        self._check()
        _expect(self._start == len(self._blobs), "bytes that belong to no array")

    def _check(self) -> None:
        _expect(self._nodes <= MAX_NODES, "more parts than a message may have")
        if self._nodes >= 64:  # the clock takes longer than most messages do
            now = time.thread_time()
            _expect(now < self._deadline, "a message that takes too long to read")
            self._deadline = min(self._deadline, now + MAX_DECODE_S)

    def _namespace(self, names: list[str], values: list[Any]) -> SimpleNamespace:
        self._nodes += len(names)
        self._check()
        _expect(all(map(_is_public, names)), "a field whose name is no public identifier")
        return SimpleNamespace(**dict(zip(names, values, strict=True)))

    def _array(self, node: Array) -> np.ndarray:
        raw = self._take(node, ITEM_BYTES)
        array = np.empty(node.shape, node.dtype)
        array.reshape(-1).view(np.uint8)[:] = raw
        return array

    def _torch_tensor(self, node: Tensor) -> Any:
        raw = self._take(node, TORCH_ITEM_BYTES)
        torch = self._import_torch()
        # The clone is torch's own memory, which may be resized; detached, it is nobody's view.
        memory = torch.from_numpy(raw).clone()
        tensor = memory.view(getattr(torch, node.dtype)).reshape(node.shape).detach()
        return tensor.requires_grad_() if node.requires_grad else tensor

    def _take(self, node: Array | Tensor, item_bytes: dict[str, int]) -> np.ndarray:
        """The next blob, which is as long as dtype and shape say."""
        _expect(node.dtype in item_bytes, "an unknown dtype")
        self._arrays += 1
        _expect(self._arrays <= MAX_ARRAYS, "more arrays than a message may have")
        _expect(_is_sane(item_bytes[node.dtype], node.shape), "an array of impossible size")
        start = self._start
        self._start += item_bytes[node.dtype] * math.prod(node.shape)
        _expect(self._start <= len(self._blobs), "an array beyond the end of the blobs")
        raw: np.ndarray = self._blobs[start : self._start]
        # In memory a bool is 0 or 1; any other byte behaves now as True, now as its number.
        return raw != 0 if node.dtype == "bool" else raw

    def _import_torch(self) -> Any:
        torch = sys.modules.get("torch")
        if torch is None:
            torch = importlib.import_module("torch")
            self._deadline = math.inf  # the import took seconds itself
        return torch


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ProtocolError(otherwise)


# --- Pipes -----------------------------------------------------------------------------------


def send(fd: int, message: Any, handle: Callable[[Any], int | None] = no_handle) -> None:
    """Write a message's frame to a blocking pipe. Errors are those of `dump` and of the pipe."""
    write(fd, dump(message, handle))


def write(fd: int, buffers: list[memoryview]) -> None:
    """Write a frame that `dump` made to a blocking pipe."""
    first = 0
    while first < len(buffers):
        written = os.writev(fd, buffers[first : first + _BUFFERS_PER_WRITE])
        while first < len(buffers) and written >= len(buffers[first]):
            written -= len(buffers[first])
            first += 1
        if written:
            buffers[first] = buffers[first][written:]


def receive(fd: int, handle: Callable[[int], Any] = no_object) -> Any:
    """Read a message from a blocking pipe.

    Raises:
        EOFError: when the other side is gone.
        ProtocolError: see `load`.
    """
    header, blobs = sizes(_read(fd, PREFIX))
    return load(_read(fd, header), _read(fd, blobs), handle)


def _read(fd: int, size: int) -> bytearray:
    data = bytearray(size)
    missing = memoryview(data)
    while missing:
        count = os.readv(fd, [missing])
        if not count:
            raise EOFError
        missing = missing[count:]
    return data


# --- Tensors inside a message ----------------------------------------------------------------


def map_tensors(value: Any, function: Callable[[Any], Any]) -> Any:
    """The same data with each torch tensor replaced by `function(tensor)`.

    Lists, tuples, the values of dicts, namespaces and dataclass instances are rebuilt as what they
    are after crossing; everything else is left as it is.
    """
    return _rebuild(value, function, getattr(sys.modules.get("torch"), "Tensor", ()), 0)


def _rebuild(value: Any, function: Callable[[Any], Any], tensor: Any, depth: int) -> Any:
    if type(value) in _LEAVES or type(value) is int:
        return value
    if depth > MAX_DEPTH:
        _refuse(f"data nested more than {MAX_DEPTH} levels deep")
    again = partial(_rebuild, function=function, tensor=tensor, depth=depth + 1)
    if isinstance(value, tensor):
        return function(value)
    if isinstance(value, list):
        return list(map(again, value))
    if isinstance(value, tuple):
        return tuple(map(again, value))
    if isinstance(value, Mapping):
        return {key: again(item) for key, item in value.items()}
    if (public := _public_fields(value)) is not None:
        return SimpleNamespace(**{name: again(item) for name, item in public.items()})
    return value
