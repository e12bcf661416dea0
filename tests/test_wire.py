"""What crosses between examiner and box is plain data, whatever the other side sends.

FUZZ_SECONDS in the environment sets how long damaged frames are tried (4 by default), FUZZ_SEED
which ones.
"""

import collections
import contextlib
import dataclasses
import enum
import functools
import itertools
import math
import os
import random
import subprocess
import sys
import threading
import time
import tracemalloc
import types
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder import wire

FUZZ_SECONDS = float(os.environ.get("FUZZ_SECONDS", "4"))
FUZZ_SEED = int(os.environ.get("FUZZ_SEED", "0"))
patient = settings(deadline=None)  # machines that grade are busy
COLLIDING = 2**61 - 1  # Python's hash of an int is its remainder


def dump(value, handle=wire.no_handle):
    """A frame's header and blobs; the prefix must be right about both."""
    frame, *blobs = wire.dump(value, handle)
    data = b"".join(blobs)
    assert wire.sizes(bytes(frame[: wire.PREFIX])) == (len(frame) - wire.PREFIX, len(data))
    return bytes(frame[wire.PREFIX :]), data


def round_trip(value):
    header, blobs = dump(value)
    wire.load(bytearray(header), bytearray(blobs))  # as a box's answer is held
    return wire.load(header, blobs)


def load_node(node, blobs=b""):
    return wire.load(msgspec.msgpack.encode(node), blobs)


# --- What crosses ----------------------------------------------------------------------------

text = st.text(st.characters(exclude_categories=["Cs"]))
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | text
    | st.binary()
)
keys = st.recursive(
    leaves,
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=2),
    max_leaves=4,
)
names = st.from_regex(r"[a-z][a-z_0-9]{0,5}", fullmatch=True)
values = st.recursive(
    leaves | st.sets(keys, max_size=3) | st.frozensets(keys, max_size=3),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.dictionaries(names, inner, max_size=4).map(lambda items: SimpleNamespace(**items))
    ),
    max_leaves=20,
)


@patient
@given(values)
def test_plain_data_arrives_as_it_left(value):
    arrived = round_trip(value)
    assert arrived == value
    assert type(arrived) is type(value)
    assert sorted(repr(arrived)) == sorted(repr(value))  # 1, 1.0 and True are equal, not alike


@pytest.mark.parametrize(
    "number",
    [1.0, -0.0, math.inf, 2**53 + 1, -(2**63) - 1, -(2**63), 2**63, 2**64 - 1, 2**64, 10**4298],
)
def test_numbers_keep_value_and_type(number):
    arrived = round_trip(number)
    assert type(arrived) is type(number)
    assert repr(arrived) == repr(number)


def test_nan_keeps_its_bits():
    (quiet,) = np.array([0x7FF8_0000_DEAD_BEEF], np.uint64).view(np.float64).tolist()
    assert np.float64(round_trip(quiet)).tobytes() == np.float64(quiet).tobytes()
    assert math.isnan(next(iter(round_trip({math.nan: 1}))))


shapes = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


def views(array, data):
    """Sometimes a view that is not contiguous."""
    if array.ndim and data.draw(st.booleans()):
        array = array.swapaxes(0, -1)
    if array.ndim and data.draw(st.booleans()):
        array = array[:: data.draw(st.integers(1, 2))]
    return array


@patient
@given(st.sampled_from(sorted(wire.ITEM_BYTES)), st.sampled_from("<>"), shapes, st.data())
def test_arrays_arrive_with_shape_dtype_and_bits(name, order, shape, data):
    dtype = np.dtype(name).newbyteorder(order)
    array = views(data.draw(arrays.arrays(dtype, shape)), data)
    if array.ndim and order == "<" and data.draw(st.booleans()):
        array = np.flip(array)
    arrived = round_trip(array)
    assert (arrived.dtype, arrived.shape) == (np.dtype(name), array.shape)
    assert arrived.tobytes() == array.astype(name).tobytes()
    assert arrived.flags.c_contiguous and arrived.flags.writeable and arrived.flags.owndata


def bits(tensor):
    plain = tensor.detach().resolve_conj().resolve_neg()
    return plain.clone(memory_format=torch.contiguous_format).flatten().view(torch.uint8).tolist()


def some_tensor(name, shape, data):
    """A tensor of random bits."""
    dtype = getattr(torch, name)
    size = wire.TORCH_ITEM_BYTES[name] * math.prod(shape)
    raw = data.draw(st.binary(min_size=size, max_size=size))
    if name == "bool":
        raw = bytes(byte % 2 for byte in raw)
    return torch.tensor(list(raw), dtype=torch.uint8).view(dtype).reshape(shape)


@pytest.mark.filterwarnings("ignore:ComplexHalf support is experimental")
@patient
@given(st.sampled_from(sorted(wire.TORCH_ITEM_BYTES)), shapes, st.data())
def test_tensors_arrive_with_shape_dtype_and_bits(name, shape, data):
    tensor = views(some_tensor(name, shape, data), data)
    if tensor.is_complex() and data.draw(st.booleans()):
        tensor = tensor.conj()
        if name != "complex32" and data.draw(st.booleans()):
            tensor = tensor.imag  # a view with the negative bit
    if name.startswith(("float16", "float32", "float64", "bfloat", "complex64")):
        tensor = tensor.detach().requires_grad_(data.draw(st.booleans()))
    arrived = round_trip(tensor)
    assert (arrived.dtype, arrived.shape) == (tensor.dtype, tensor.shape)
    assert bits(arrived) == bits(tensor)
    assert arrived.requires_grad == tensor.requires_grad
    assert arrived.is_leaf and arrived.is_contiguous() and not arrived._is_view()


def test_every_torch_dtype_crosses_by_name():
    named = {name: getattr(torch, name) for name in wire.TORCH_ITEM_BYTES}
    assert round_trip(named) == named
    assert {name: dtype.itemsize for name, dtype in named.items()} == wire.TORCH_ITEM_BYTES


def test_a_result_with_a_history_arrives_as_a_leaf_that_wants_a_gradient():
    weights = torch.ones(2, requires_grad=True)
    arrived = round_trip({"loss": (weights * 2).sum()})["loss"]
    assert arrived.requires_grad and arrived.is_leaf and arrived.item() == 4


def test_a_loaded_tensor_can_grow():
    round_trip(torch.ones(3)).resize_(1000)


def test_an_expanded_tensor_arrives_whole():
    assert round_trip(torch.ones(1).expand(2, 3)).tolist() == [[1] * 3] * 2


@pytest.mark.parametrize("length", [0, 1, 4])
def test_odd_strides_do_not_matter(length):
    tensor, array = torch.ones(length)[::4], np.ones(length)[::4]
    arrived = round_trip([tensor, array])
    assert [part.tolist() for part in arrived] == [tensor.tolist(), array.tolist()]


def test_large_arrays_are_not_copied_on_the_way_out():
    array, tensor = np.zeros(1000), torch.zeros(1000)
    _, first, second = wire.dump([array, tensor])
    array[:], tensor[:] = 1, 1
    assert np.frombuffer(first).sum() == 1000
    assert np.frombuffer(second, np.float32).sum() == 1000


def test_arrays_share_no_memory_with_the_frame():
    header, blobs = dump([np.ones(3), torch.ones(3)])
    frame = bytearray(blobs)
    array, tensor = wire.load(header, frame)
    frame[:] = bytes(len(frame))
    array[0] = tensor[0] = 5
    assert (array.tolist(), tensor.tolist()) == ([5, 1, 1], [5, 1, 1])


# --- Subclasses and configurations -----------------------------------------------------------


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Always(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class Lying(list):
    def __iter__(self):
        return iter([666])

    def __len__(self):
        return 666


class Loud(torch.Tensor):
    pass


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        (Always("x"), "x"),
        (Lying([1]), [1]),
        (Point(1, 2), (1, 2)),
        (torch.Size([2, 3]), (2, 3)),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.defaultdict(int, {"a": 1}), {"a": 1}),
        (collections.UserDict({"a": 1}), {"a": 1}),
        (types.MappingProxyType({"a": 1}), {"a": 1}),
        ({"a": 1}.keys(), {"a"}),
        (np.float32(0.5), 0.5),
        (np.float64(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.complex64(1j), 1j),
        (np.str_("x"), "x"),
        (np.bytes_(b"x"), b"x"),
    ],
)
def test_subclasses_are_reduced_to_plain_data(value, plain):
    arrived = round_trip(value)
    assert (type(arrived), arrived) == (type(plain), plain)


def test_an_ordered_dict_keeps_its_order():
    ordered = collections.OrderedDict(a=1, b=2)
    ordered.move_to_end("a")
    assert list(round_trip(ordered)) == ["b", "a"]


@pytest.mark.parametrize("kind", [torch.nn.Parameter, lambda t: t.as_subclass(Loud)])
def test_tensor_subclasses_are_reduced(kind):
    arrived = round_trip(kind(torch.ones(2, 2)))
    assert type(arrived) is torch.Tensor
    assert arrived.tolist() == [[1, 1], [1, 1]]


@dataclasses.dataclass(frozen=True)
class Config:
    width: int = 8
    dtype: torch.dtype = torch.float32
    inner: object = None
    _cache: object = None


def test_a_dataclass_arrives_as_a_namespace_of_its_public_fields():
    sent = Config(inner=Config(width=4), _cache=object())
    inner = SimpleNamespace(width=4, dtype=torch.float32, inner=None)
    assert round_trip(sent) == SimpleNamespace(width=8, dtype=torch.float32, inner=inner)


# --- What does not cross, in words a test's author understands --------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda: 0, "a function .* put it into support.py"),
        (functools.partial(print), "a function .* put it into support.py"),
        ([].append, "a function .* put it into support.py"),
        (Config, "the class Config .* put it into support.py"),
        ((i for i in []), "a generator .* make a list of it"),
        (object(), "an object of type object"),
        (torch.nn.Linear(1, 1), "an object of type Linear"),
        ({1: object()}, "an object of type object"),
        (np.longdouble(1), "an object of type longdouble"),
        ({Config(): 1}, "a dict key or a set's item of type Config"),
        ({torch.ones(1)}, "a dict key or a set's item of type Tensor"),
        (np.array([None]), "an array of dtype object"),
        (np.array(["2020"], "M8[D]"), r"an array of dtype datetime64\[D\]"),
        (torch.eye(2).to_sparse(), r"a sparse tensor .* \.to_dense\(\)"),
        (torch.nested.nested_tensor([torch.ones(2)], layout=torch.jagged), "a nested tensor"),
        (torch.empty(2, device="meta"), "the meta device"),
        (torch.quint8, "an object of type dtype"),
        ("\ud800", "text with a lone surrogate"),
        (10**4300, "an integer of about 4300 digits"),
        (torch.zeros(1).expand(2**40), "arrays of more than 256 MiB"),
        (np.zeros((0, 2**40)), "arrays of more than 256 MiB"),
        (np.broadcast_to(np.zeros(1), 2**40), "arrays of more than 256 MiB"),
        ("x" * (wire.MAX_HEADER + 1), "8 MiB of text .* put large data into arrays"),
        ([None] * (wire.MAX_NODES + 1), "1,000,000 parts .* put large data into arrays"),
        ([np.ones(())] * (wire.MAX_ARRAYS + 1), "more than 50,000 arrays"),
    ],
    ids=lambda part: part[:30] if isinstance(part, str) and part.isascii() else "",
)
def test_other_objects_do_not_cross(value, words):
    with pytest.raises(wire.NotPlainDataError, match=words):
        wire.dump(value)


def test_a_quantised_tensor_does_not_cross():
    with pytest.warns(UserWarning, match="deprecated"):
        tensor = torch.quantize_per_tensor(torch.ones(2), 1.0, 0, torch.quint8)
    with pytest.raises(wire.NotPlainDataError, match=r"quantised .* \.dequantize\(\)"):
        wire.dump(tensor)


def test_a_tensor_inside_a_transform_does_not_cross():
    def leak(x):
        wire.dump(x)
        return x

    with pytest.raises(wire.NotPlainDataError, match="cannot be read"):
        torch.func.vmap(leak)(torch.ones(2))


def test_data_that_holds_itself_does_not_cross():
    endless: list = []
    endless.append(endless)
    with pytest.raises(wire.NotPlainDataError, match="deep"):
        wire.dump(endless)
    with pytest.raises(wire.NotPlainDataError, match="deep"):
        wire.map_tensors(endless, torch.neg)


# --- Handles ---------------------------------------------------------------------------------


class Far:
    """An object without a say: it cannot be compared, counted or asked."""

    def __init__(self, number):
        self.number = number

    def _refuse(self, *_):
        raise AssertionError("nobody may ask")

    __bool__ = __eq__ = __len__ = __iter__ = _refuse
    __hash__ = None


def number_of(value):
    return value.number if isinstance(value, Far) else None


def test_handles_cross_as_numbers():
    header, blobs = dump({"args": (Far(0), [Far(7)])}, number_of)
    objects = {0: "model", 7: "optimiser"}
    assert wire.load(header, blobs, objects.__getitem__) == {"args": ("model", ["optimiser"])}


def test_a_handle_where_none_is_expected_is_refused():
    header, blobs = dump(Far(1), number_of)
    with pytest.raises(wire.ProtocolError, match="a handle where data was asked for"):
        wire.load(header, blobs)


@pytest.mark.parametrize("number", [-1, 1, 2**64, 1.0, True, None, "0", [0]])
def test_a_handle_on_nothing_is_refused(number):
    header = msgspec.msgpack.encode(["h", str(number) if number == 2**64 else number])
    with pytest.raises(wire.ProtocolError):
        wire.load(header, b"", ["only object"].__getitem__)


# --- What a box may send, and what becomes of it -----------------------------------------------

HUGE = 2**62


@pytest.mark.parametrize(
    "node",
    [
        [
            "a",
            "object",
            [1],
        ],
        ["a", "bfloat16", [0]],
        ["a", "float64", [HUGE, HUGE]],
        ["a", "float64", [0, HUGE, HUGE]],
        ["a", "float64", [HUGE, 0]],
        ["a", "float64", [-1]],
        ["a", "float64", [-1, -1]],
        ["a", "float64", [1]],
        ["a", "int8", ["x"]],
        ["a", "int8", [1.0]],
        ["a", "int8", [True]],
        ["a", "int8", 1],
        ["a", "int8", [0] * 65],
        ["a", "int8"],
        ["a", "int8", [0], 0],
        ["x", "object", [0], False],
        ["x", "Tensor", [0], False],
        ["x", "qint8", [0], False],
        ["x", "int64", [0], True],
        ["x", "float32", [0, HUGE, HUGE], False],
        ["x", "float32", [HUGE, 0], False],
        ["x", "float32", [2**63, 0], False],
        ["x", "float32", [1], False],
        ["x", "float32", [0], 1],
        ["x", "float32", [0]],
        ["y", "load"],
        ["y", "float128"],
        ["y", 1],
        ["i", "x"],
        ["i", b"\1" * 5000],
        ["b", "x"],
        ["b", 1],
        ["c", 1.0],
        ["c", "1", "2"],
        ["d", [1]],
        ["d", [["d", []], 1]],
        ["d", [["l", []], 1]],
        ["d", [["a", "int8", [0]], 1]],
        ["s", [["l", []]]],
        ["s", [["t", [["l", []]]]]],
        ["z", [["s", []]]],
        ["f", ["_x"], [1]],
        ["f", ["__class__"], [1]],
        ["f", ["a b"], [1]],
        ["f", [""], [1]],
        ["f", ["a"], []],
        ["f", [1], [1]],
        ["t", 1],
        ["l"],
        ["?", 1],
        [1, []],
        [None],
        [],
        {},
        {"a": 1},
        b"bytes stand in a node of their own",
        msgspec.msgpack.Ext(1, b"x"),
    ],
    ids=lambda node: "Ext" if isinstance(node, msgspec.msgpack.Ext) else repr(node)[:40],
)
def test_malformed_nodes_are_refused(node):
    with pytest.raises(wire.ProtocolError):
        load_node(node)
    with pytest.raises(wire.ProtocolError):
        load_node(["l", [1, node]])


@pytest.mark.parametrize(
    "header", [b"", b"\xc0\xc0", b"\xc1", b"\xa1\xff", b"\x92\xa1l\x91" * 2**21]
)
def test_what_is_no_msgpack_is_refused(header):
    with pytest.raises(wire.ProtocolError):
        wire.load(header, b"")


@pytest.mark.parametrize("blobs", [b"", b"1234567", b"123456789"])
def test_blobs_must_be_as_long_as_the_arrays_say(blobs):
    for tag in (["a", "float64", [1]], ["x", "float64", [1], False]):
        with pytest.raises(wire.ProtocolError):
            load_node(tag, blobs)


@pytest.mark.parametrize("tag", [["a", "bool", [3]], ["x", "bool", [3], False]])
def test_a_bool_is_0_or_1_whatever_was_sent(tag):
    arrived = load_node(tag, b"\0\1\xff")
    assert arrived.tolist() == [False, True, True]
    assert int(arrived.sum()) == 2


def test_as_many_dimensions_as_numpy_has():
    assert load_node(["a", "int8", [1] * 64], b"\1").ndim == 64
    assert load_node(["x", "int8", [1] * 64, False], b"\1").ndim == 64


def nest(levels):
    node: object = None
    for _ in range(levels):
        node = ["l", [node]]
    return node


def test_depth_is_limited():
    load_node(nest(wire.MAX_DEPTH))
    with pytest.raises(wire.ProtocolError, match="deep"):
        load_node(nest(wire.MAX_DEPTH + 1))


@pytest.mark.parametrize("leaf", [0, 2**70, "x", b"x", np.float32(1), np.ones(1)])
def test_what_can_be_dumped_can_be_loaded_at_every_depth(leaf):
    value = leaf
    with contextlib.suppress(wire.NotPlainDataError):
        for _ in range(wire.MAX_DEPTH + 2):
            value = [value]
            round_trip(value)


def test_the_number_of_nodes_is_limited():
    header, _ = dump([None] * (wire.MAX_NODES - 1))
    assert len(wire.load(header, b"")) == wire.MAX_NODES - 1
    with pytest.raises(wire.ProtocolError, match="parts"):
        load_node(["l", [None] * wire.MAX_NODES])
    with pytest.raises(wire.ProtocolError, match="parts"):
        load_node(["f", ["a"] * (wire.MAX_NODES // 2), [None] * (wire.MAX_NODES // 2)])


@pytest.mark.parametrize("node", [["a", "int8", [0]], ["x", "int8", [0], False]])
def test_the_number_of_arrays_is_limited(node):
    with pytest.raises(wire.ProtocolError, match="arrays"):
        load_node(["l", [node] * (wire.MAX_ARRAYS + 1)])


def colliding_ints(count):
    for k in range(count):
        yield ["i", (COLLIDING * (k + 2**10)).to_bytes(16, signed=True)]


def colliding_tuples(count):
    powers = [2.0 ** (61 * k) for k in range(-16, 17)]
    assert len(set(map(hash, powers))) == 1
    yield from (
        ["t", list(key)] for key in itertools.islice(itertools.product(powers, repeat=5), count)
    )


@pytest.mark.parametrize("items", [colliding_ints, colliding_tuples])
@pytest.mark.parametrize("tag", ["s", "z", "d"])
def test_colliding_keys_run_into_the_time_limit(items, tag, monkeypatch):
    monkeypatch.setattr(wire, "MAX_DECODE_S", 0.3)
    nodes = list(items(60_000))
    if tag == "d":
        nodes = [node for key in nodes for node in (key, None)]
    started = time.thread_time()
    with pytest.raises(wire.ProtocolError, match="too long"):
        load_node([tag, nodes])
    assert time.thread_time() - started < 3


@pytest.mark.parametrize(
    "piece",
    [
        b"\xa2ab",
        b"\xa3\xe2\x82\xac",
        b"\xca\x3f\x00\x00\x01",
        b"\x92\xa1l\x90",
        b"\x92\xa1l\x91\xc0",
        b"\x92\xa1d\x90",
        b"\x92\xa1d\x92\x01\x01",
        b"\x92\xa1s\x91\x01",
        b"\x92\xa1z\x91\x01",
        b"\x92\xa1t\x91\x01",
        b"\x92\xa1b\xc4\x02xx",
        b"\x93\xa1f\x90\x90",
        b"\x93\xa1f\x91\xa1a\x91\x01",
        b"\x92\xa1l\x91" * 60 + b"\xc0",
        b"\x93\xa1a\xa4int8\x91\x00",
    ],
)
def test_a_header_grows_at_most_fifty_fold(piece, monkeypatch):
    """So that 8 MiB stay below 400 MiB; the test takes 1/128 of every limit."""
    monkeypatch.setattr(wire, "MAX_NODES", wire.MAX_NODES // 128)
    count = wire.MAX_HEADER // 128 // len(piece)
    header = b"\x92\xa1l\xdd" + count.to_bytes(4) + piece * count
    tracemalloc.start()
    with contextlib.suppress(wire.ProtocolError):
        wire.load(header, b"")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 * len(header)


# --- The prefix, and pipes -------------------------------------------------------------------


def prefix(magic=b"LM", version=wire.PROTOCOL, zero=0, header=1, blobs=0):
    return magic + bytes([version, zero]) + header.to_bytes(4) + blobs.to_bytes(8)


def test_the_prefix_is_as_the_manual_says():
    assert wire.sizes(prefix(header=5, blobs=2**20)) == (5, 2**20)
    assert bytes(wire.dump("hi")[0]) == prefix(header=3) + b"\xa2hi"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (prefix(version=2), "version 2 of the protocol, where 1 is spoken"),
        (prefix(magic=b"PK"), "no frame"),
        (prefix(zero=1), "version"),
        (prefix(header=wire.MAX_HEADER + 1), "larger"),
        (prefix(blobs=wire.MAX_BLOBS + 1), "larger"),
        (prefix(blobs=2**64 - 1), "larger"),
        (prefix()[:-1], "16 bytes"),
        (b"", "16 bytes"),
    ],
)
def test_a_wrong_prefix_is_refused(wrong, words):
    with pytest.raises(wire.ProtocolError, match=words):
        wire.sizes(wrong)


def test_a_pipe_carries_message_after_message():
    messages = [None, {"big": torch.arange(300_000)}, [np.ones(i % 3) for i in range(3000)], "end"]
    reading, writing = os.pipe()

    def speak():
        for message in messages:
            wire.send(writing, message)
        os.close(writing)

    speaker = threading.Thread(target=speak)
    speaker.start()
    for message in messages:
        assert repr(wire.receive(reading)) == repr(message)
    with pytest.raises(EOFError):
        wire.receive(reading)
    speaker.join()
    os.close(reading)


@pytest.mark.parametrize("cut", [1, wire.PREFIX, wire.PREFIX + 1, -1])
def test_a_frame_cut_short_is_the_end(cut):
    reading, writing = os.pipe()
    os.write(writing, b"".join(wire.dump(np.ones(3)))[:cut])
    os.close(writing)
    with pytest.raises(EOFError):
        wire.receive(reading)
    os.close(reading)


# --- torch is a guest ------------------------------------------------------------------------


def run(code):
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_torch_is_not_imported_for_plain_data():
    run(
        "import sys, numpy as np; from autograder import wire\n"
        "a, b = wire.dump([1, np.ones(2), {'x'}])\n"
        "wire.load(a[wire.PREFIX:], b)\n"
        "assert 'torch' not in sys.modules"
    )


def test_a_tensor_arrives_where_torch_is_not_imported_yet():
    header, blobs = dump([torch.float16, torch.ones(2)])
    run(
        "import sys; from autograder import wire\n"
        f"kind, ones = wire.load({header!r}, {blobs!r})\n"
        "assert ones.tolist() == [1, 1] and str(kind) == 'torch.float16'"
    )


# --- The manual ------------------------------------------------------------------------------


def test_the_manual_has_every_node_and_limit():
    manual = (Path(__file__).parents[1] / "docs/protocol.md").read_text(encoding="utf-8")
    tags = {kind.__struct_config__.tag for kind in wire._Node.__subclasses__()}
    assert {tag for tag in tags if f'`["{tag}", ' in manual} == tags
    limits = {
        f"header | {wire.MAX_HEADER // 2**20} MiB",
        f"blobs | {wire.MAX_BLOBS // 2**20} MiB",
        f"nodes | {wire.MAX_NODES:,}",
        f"arrays and tensors | {wire.MAX_ARRAYS:,}",
        f"depth | {wire.MAX_DEPTH}",
        f"sizes of an array | {wire.MAX_DIMS}",
        f"large ints | {wire.MAX_INT_BYTES} bytes",
        f"reading a frame | {wire.MAX_DECODE_S:.0f} s",
    }
    assert {limit for limit in limits if f"| {limit}" in manual} == limits
    assert wire.dump("hi")[0].hex() in manual.replace(" ", "")


# --- Tensors inside a message ----------------------------------------------------------------


def test_each_tensor_of_a_message_is_replaced():
    one = torch.ones(1)
    value = {"a": [one, (one, 2)], "b": SimpleNamespace(c=one, d="x"), "e": Config(inner=one)}
    seen = []
    replaced = wire.map_tensors(value, lambda tensor: seen.append(tensor) or "tensor")
    config = SimpleNamespace(width=8, dtype=torch.float32, inner="tensor")
    rest = SimpleNamespace(c="tensor", d="x")
    assert replaced == {"a": ["tensor", ("tensor", 2)], "b": rest, "e": config}
    assert len(seen) == 4 and value["a"][0] is one


def test_map_tensors_leaves_other_objects_alone():
    far = Far(1)
    assert wire.map_tensors([far], torch.neg)[0] is far


# --- Fuzzing: a value or a ProtocolError, never anything else ----------------------------------


def try_to_load(header, blobs):
    with contextlib.suppress(wire.ProtocolError):
        wire.load(header, blobs, ["object"].__getitem__)


@patient
@given(st.binary(max_size=200), st.binary(max_size=20))
def test_arbitrary_bytes_are_loaded_or_refused(header, blobs):
    try_to_load(header, blobs)
    with contextlib.suppress(wire.ProtocolError):
        wire.sizes(header[: wire.PREFIX])


numbers = st.integers(-2, 9) | st.sampled_from([2**31, 2**62, 2**63 - 1, 2**63, 2**64 - 1])
atoms = (
    st.none() | st.booleans() | numbers | st.floats() | st.binary(max_size=9) | st.text(max_size=2)
)
dtypes = st.sampled_from([*sorted(wire.TORCH_ITEM_BYTES), "object", "Tensor", ""])
sizes = st.lists(numbers, max_size=4)


def crafted(inner):
    many = st.lists(inner, max_size=4)
    return st.one_of(
        st.tuples(st.sampled_from("ltdszfhibcxay?"), many),
        st.tuples(st.just("f"), st.lists(st.sampled_from(["a", "b", "_c", "1"]), max_size=3), many),
        st.tuples(st.just("a"), dtypes, sizes),
        st.tuples(st.just("x"), dtypes, sizes, st.booleans()),
        st.tuples(st.sampled_from("ibyhc"), inner),
        st.tuples(st.just("c"), inner, inner),
        many,
        st.dictionaries(st.text(max_size=1), inner, max_size=2),
    )


@settings(deadline=None, max_examples=300)
@given(st.recursive(atoms, crafted, max_leaves=20), st.binary(max_size=64))
def test_crafted_nodes_are_loaded_or_refused(node, blobs):
    try_to_load(msgspec.msgpack.encode(node), blobs)


def test_damaged_frames_are_loaded_or_refused():
    rng = random.Random(FUZZ_SEED)
    whole = [
        {
            "id": 7,
            "value": [1, 2.5, "x", b"y", None, True, (1, {2: 3}), {4}, frozenset({5}), 2**99],
        },
        {"id": 8, "do": "call", "args": (np.ones((2, 3)), torch.ones(2, 2, requires_grad=True))},
        [Config(inner=np.zeros((0, 3))), torch.ones(3, dtype=torch.bfloat16), 1j, [[[[1]]]]],
        {(i, str(i)): {"a": np.arange(i)} for i in range(5)},
    ]
    frames = [b"".join(wire.dump(value)) for value in whole]
    frames.append(b"".join(wire.dump([Far(0), Far(1)], number_of)))
    interesting = [0, 1, 0x7F, 0x80, 0x90, 0x91, 0xA0, 0xC0, 0xC4, 0xCB, 0xCF, 0xD3, 0xDD, 0xFF]
    tried, until = 0, time.monotonic() + FUZZ_SECONDS
    while time.monotonic() < until or tried < 1000:
        frame = bytearray(rng.choice(frames))
        start = 0 if rng.random() < 0.1 else wire.PREFIX
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(start, len(frame))
            match rng.randrange(4):
                case 0:
                    frame[place] = rng.choice(interesting)
                case 1:
                    frame[place] ^= 1 << rng.randrange(8)
                case 2:
                    del frame[place : place + rng.randint(1, 4)]
                case 3:
                    frame[place:place] = rng.choice(frames)[start:][: rng.randint(1, 30)]
            if len(frame) <= start:
                break
        tried += 1
        try:
            with contextlib.suppress(wire.ProtocolError):
                header, _ = wire.sizes(bytes(frame[: wire.PREFIX]))
                end = wire.PREFIX + header
                try_to_load(bytes(frame[wire.PREFIX : end]), bytes(frame[end:]))
        except Exception as error:
            error.add_note(f"frame {bytes(frame)!r}")
            raise
