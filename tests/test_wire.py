"""What crosses between grader and student is plain data, whatever the other side sends."""

import contextlib
import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder import wire


def no_handle(_):
    return None


def round_trip(value):
    frame = wire.pack(wire.encode(value, no_handle))
    return wire.decode(wire.unpack(frame[wire.LENGTH :]), no_handle)


leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
)
keys = leaves | st.tuples(leaves, leaves)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_plain_data_arrives_as_it_left(value):
    arrived = round_trip(value)
    assert arrived == value
    assert type(arrived) is type(value)


@given(
    arrays.arrays(
        st.sampled_from([np.dtype(name) for name in sorted(wire.DTYPES)]),
        arrays.array_shapes(min_dims=0, min_side=0),
    )
)
def test_arrays_arrive_with_shape_dtype_and_bits(array):
    arrived = round_trip(array)
    assert (arrived.dtype, arrived.shape) == (array.dtype, array.shape)
    assert arrived.tobytes() == array.tobytes()


def test_nan_arrives_as_nan():
    assert math.isnan(round_trip(math.nan))


@pytest.mark.parametrize(
    "value", [object(), lambda: 0, iter([]), {1: object()}, np.array([None]), 1j]
)
def test_other_objects_do_not_cross(value):
    with pytest.raises(wire.NotPlainDataError, match=r"an (object|array)"):
        wire.encode(value, no_handle)


def test_data_that_holds_itself_does_not_cross():
    endless: list = []
    endless.append(endless)
    with pytest.raises(wire.NotPlainDataError, match="deep"):
        wire.encode(endless, no_handle)


def test_subclasses_are_reduced_to_plain_data():
    class Always(str):
        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    assert type(round_trip(Always("x"))) is str


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_decoded_or_refused(body):
    with contextlib.suppress(wire.ProtocolError):
        wire.decode(wire.unpack(body), no_handle)


@given(values, st.data())
def test_a_damaged_frame_is_decoded_or_refused(value, data):
    body = bytearray(msgspec.msgpack.encode(wire.encode(value, no_handle)))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(wire.ProtocolError):
        wire.decode(wire.unpack(bytes(body)), no_handle)


@pytest.mark.parametrize(
    "node",
    [
        ["a", "object", [1], b"x"],
        ["a", "float64", [2**62, 2**62], b""],
        ["a", "float64", [-1], b"\0" * 8],
        ["a", "float64", [3], b"\0" * 8],
        ["a", "int8", ["x"], b"\0"],
        ["i", "x"],
        ["i", "9" * 5000],
        ["d", [[["d", []], 1]]],
        ["s", [["l", []]]],
        ["d", [[1]]],
        ["?", 1],
        [],
        {"a": 1},
    ],
)
def test_malformed_nodes_are_refused(node):
    with pytest.raises(wire.ProtocolError):
        wire.decode(node, no_handle)


def test_a_deep_nest_is_refused():
    node: object = None
    for _ in range(wire.MAX_DEPTH + 2):
        node = ["l", [node]]
    with pytest.raises(wire.ProtocolError, match="deep"):
        wire.decode(node, no_handle)
