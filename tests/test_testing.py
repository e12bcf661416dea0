"""`expect`: equal answers pass, every kind of difference is found and named; `show` is short."""

import math
import time
from collections import Counter, OrderedDict
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import MismatchError, expect, expect_that, show

settings.load_profile("ci")  # the same examples each time, no deadline

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5)
)
keys = st.text(max_size=3) | st.integers() | st.tuples(st.text(max_size=2), st.integers())
plain_data = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.frozensets(st.integers() | st.text(max_size=3), max_size=4)
    ),
    max_leaves=12,
)
numbers = st.floats(-1e6, 1e6)


def mismatch(got: Any, expected: Any, **options: Any) -> MismatchError:
    with pytest.raises(MismatchError) as raised:
        expect(got, expected, **options)
    return raised.value


def said(got: Any, expected: Any, **options: Any) -> str:
    return str(mismatch(got, expected, **options))


# Equal answers pass


@given(plain_data)
def test_every_value_equals_itself(value: Any) -> None:
    expect(value, value)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1, 1.0),
        ((1, 2), [1, 2]),
        ([1, 2], (1, 2)),
        (range(3), [0, 1, 2]),
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(b=1, a=2), {"a": 2, "b": 1}),
        ({1, 2}, frozenset({2, 1})),
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (math.inf, math.inf),
        ([-math.inf, 1.0], [-math.inf, 1.0]),
        (0.1 + 0.2, 0.3),
        ([1e9 + 0.5, 0.0], [1e9, 0.1]),  # a tolerance is relative to the largest beside
        (1e-13, 0.0),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-12])),
        (np.array([1.0], dtype="float32"), np.array([1.0])),
        (np.array([-math.inf, 1.0]), np.array([-math.inf, 1.0])),
        (np.array([]), np.array([])),
        (np.array(["a"]), np.array(["a"])),
    ],
)
def test_what_means_the_same_passes(got: Any, expected: Any) -> None:
    expect(got, expected)


@given(st.lists(numbers, min_size=1), st.floats(-0.9, 0.9), st.sampled_from([1e-9, 1e-3]))
def test_what_is_within_the_tolerance_passes(
    values: list[float], share: float, tolerance: float
) -> None:
    slack = share * tolerance * max(map(abs, values))
    expect([value + slack for value in values], values, tolerance=tolerance)
    expect(np.array(values) + slack, np.array(values), tolerance=tolerance)
    named, expected = dict(enumerate(values)), dict(enumerate(values))
    expect({key: value + slack for key, value in named.items()}, expected, tolerance=tolerance)
    turned = np.array(values) * 1j
    expect(turned + slack, turned, tolerance=tolerance)


# Differences are found


@given(st.lists(numbers, min_size=1), st.data(), st.sampled_from([1e-9, 1e-3]))
def test_what_is_beyond_the_tolerance_is_found_at_its_place(
    values: list[float], data: st.DataObject, tolerance: float
) -> None:
    place = data.draw(st.integers(0, len(values) - 1))
    got = list(values)
    got[place] += 3 * max(1e-12, tolerance * max(map(abs, values)))
    arrays = np.array(got), np.array(values)
    for g, e in ((got, values), arrays, tuple(1j * array for array in arrays)):
        assert mismatch(g, e, tolerance=tolerance).where.startswith(f"[{place}]: expected ")
    assert f"[{place}]" in said(dict(enumerate(got)), dict(enumerate(values)), tolerance=tolerance)


@given(plain_data, plain_data)
def test_a_mismatch_shows_both_answers(got: Any, expected: Any) -> None:
    try:
        expect(got, expected)
    except MismatchError as error:
        assert (error.expected, error.got) == (show(expected), show(got))
        assert error.where or show(expected) != show(got)


@pytest.mark.parametrize(
    ("got", "expected", "where"),
    [
        (1, True, "expected True, got an int: 1"),
        (True, 1, "expected 1, got a bool: True"),
        (True, 1.0, "a bool"),
        (0, False, "an int: 0"),
        (1.0, 1, "expected 1, got a float: 1.0"),
        ("1", 1, "a str: '1'"),
        (1, "1", "an int: 1"),
        (None, 1, "None (is a return missing?)"),
        (None, [1], "None (is a return missing?)"),
        (None, {}, "None (is a return missing?)"),
        (0, None, "expected None, got an int: 0"),
        (b"a", "a", "a bytes"),
        ("ab", ["a", "b"], "a str: 'ab'"),
        ({1: 2}, [1], "a dict: {1: 2}"),
        ([1], {1: 2}, "a list: [1]"),
        ([1], {1}, "a list: [1]"),
        ([1, 2], [1], "expected 1 entries, got 2"),
        ([1, [2, 3]], [1, [2, 4]], "[1][1]: expected 4, got 3"),
        ({"a": [1]}, {"a": [2]}, "['a'][0]: expected 2, got 1"),
        ({}, {"a": 1}, "['a']: expected 1, got no such key"),
        ({"a": 1, "b": 0}, {"a": 1}, "['b']: expected no such key, got 0"),
        ({("a",): 1}, {"a": 1}, "['a']: expected 1, got no such key"),
        ({1}, {1, 2}, "expected {2} in it, got none of them"),
        ({1, 2}, {1}, "expected nothing more, got also {2}"),
        ({3}, {1}, "expected {1} in it, got {3}"),
        ([1.0], np.array([1.0]), "a list: [1.0]"),
        (np.array([1.0]), [1.0], "ndarray"),
        (np.zeros(2), np.zeros(3), "expected shape (3,), got shape (2,)"),
        (np.zeros((2, 1)), np.zeros((1, 2)), "expected shape (1, 2), got shape (2, 1)"),
        (np.array([1]), np.array([1.0]), "expected dtype float64, got dtype int64"),
        (np.array([True]), np.array([1]), "expected dtype int64, got dtype bool"),
        (np.array([[1, 2]]), np.array([[1, 3]]), "[0, 1]: expected 3, got 2"),
    ],
)
def test_each_kind_of_difference_is_named(got: Any, expected: Any, where: str) -> None:
    assert where in said(got, expected)


def test_the_whole_answer_is_not_told_twice() -> None:
    assert mismatch(1, 2).where == ""
    assert said(1, 2, given="f()") == "given f(): expected 2, got 1"


def test_the_first_difference_is_told() -> None:
    assert mismatch([1, 0, 0], [1, 2, 3]).where == "[1]: expected 2, got 0"


@pytest.mark.parametrize("expected", [0.0, 1.0, math.inf, -math.inf, math.nan])
def test_nan_is_never_right(expected: float) -> None:
    assert "nan" in said(math.nan, expected)
    assert "nan" in said([math.nan], [expected])
    assert "nan" in said(np.array([math.nan]), np.array([expected]))


@pytest.mark.parametrize("wrong", [math.inf, -math.inf, 1e308, -1e308])
def test_infinity_is_right_only_for_itself(wrong: float) -> None:
    for right in (0.0, 1.0, math.inf, -math.inf):
        if right != wrong:
            mismatch(wrong, right)
            mismatch([wrong], [right])
            mismatch(np.array([wrong]), np.array([right]))


def test_an_infinity_beside_it_does_not_widen_the_tolerance() -> None:
    masked = [-math.inf, 1.0]
    assert "[1]" in said([-math.inf, 2.0], masked)
    assert "[1]" in said(np.array([-math.inf, 2.0]), np.array(masked))
    assert "[1]" in said({0: -math.inf, 1: 2.0}, dict(enumerate(masked)))


@pytest.mark.parametrize("huge", [10**400, -(10**400), 10**6000], ids=["+", "-", "unwritable"])
def test_an_int_beyond_every_float_is_a_wrong_answer_not_a_fault(huge: int) -> None:
    for expected in (1.0, 1, math.inf, [1.0], "1"):
        mismatch(huge, expected)
    mismatch([huge, 1.0], [1.0, 1.0])
    expect(huge, huge)


def test_numbers_that_differ_never_look_the_same() -> None:
    error = mismatch(0.1 + 1e-11, 0.1, tolerance=1e-12)
    assert error.where == "expected 0.1, got 0.10000000001"


def test_an_author_is_told_what_cannot_be_judged() -> None:
    with pytest.raises(TypeError, match="cannot judge a Fraction"):
        expect(1, Fraction(1, 2))
    with pytest.raises(TypeError, match="cannot judge"):
        expect([1], [Fraction(1, 2)])


def test_a_property_in_words() -> None:
    expect_that(True, expected="anything", got=1)
    with pytest.raises(MismatchError) as raised:
        expect_that(False, expected="a sum of 1", got=[0.5], given="f()")
    assert (raised.value.expected, raised.value.got) == ("a sum of 1", "[0.5]")
    assert raised.value.given == "f()"


# Showing values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.3333333333"),
        (2.0, "2.0"),
        (1e300, "1e+300"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (np.float32(0.5), "0.5"),
        (np.int64(3), "3"),
        (np.str_("a"), "'a'"),
        (True, "True"),
        (("a",), "('a',)"),
        ((), "()"),
        ([1, "长颈鹿"], "[1, '长颈鹿']"),
        ({"a": [1.5], ("b", 1): None}, "{'a': [1.5], ('b', 1): None}"),
        (Counter("aa"), "{'a': 2}"),
        ({3, 1, 2}, "{1, 2, 3}"),
        (set(), "an empty set"),
        ({}, "{}"),
    ],
)
def test_values_are_shown_as_people_write_them(value: Any, text: str) -> None:
    assert show(value) == text


def test_arrays_show_their_shape() -> None:
    assert show(np.zeros((2, 1))).startswith("array of shape (2, 1)")


@given(plain_data, st.integers(1, 60))
def test_what_is_shown_is_cut_to_the_limit(value: Any, limit: int) -> None:
    text, whole = show(value, limit), show(value, 10**6)
    assert len(text) <= limit
    assert text == whole or (text.endswith("…") and whole.startswith(text[:-1]))


def test_a_corpus_is_shown_without_being_written_out() -> None:
    corpus = [["token"] * 20] * 100_000
    start = time.process_time()
    for _ in range(100):
        show(corpus)
    assert time.process_time() - start < 1.0


def test_what_holds_itself_is_shown() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert show(endless).endswith("…")
