"""Pictures of wrong arrays: the right part is shown, its numbers are true, all media draw it."""

import io
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rich.console import Console

from autograder import reports
from autograder.catalog import Catalog
from autograder.picture import SIDE, picture_of
from autograder.reports.maps import SHADES, caption_of, maps_of
from autograder.results import (
    Mismatch,
    Outcome,
    Picture,
    Report,
    SubmissionResult,
    TestResult,
    score_exercise,
    score_submission,
)
from autograder.testing import MismatchError, expect

settings.load_profile("ci")  # the same examples each time, no deadline

NOT_FINITE = [float("nan"), float("inf"), float("-inf")]
NUMBERS = {
    "f8": st.floats(-1e6, 1e6) | st.sampled_from(NOT_FINITE),
    "f4": st.floats(-1e6, 1e6, width=32) | st.sampled_from(NOT_FINITE),
    "i8": st.integers(-(2**63), 2**63 - 1),
    "u1": st.integers(0, 255),
    "?": st.booleans(),
}


@st.composite
def two_arrays(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Two arrays of up to four axes, up to 20 entries along any, that differ here and there."""
    kind = draw(st.sampled_from(list(NUMBERS)))
    shape = draw(arrays.array_shapes(max_dims=4, max_side=20).filter(lambda s: np.prod(s) > 1))
    expected = draw(arrays.arrays(kind, shape, elements=NUMBERS[kind]))
    got = expected.copy()
    for index in draw(st.lists(st.tuples(*(st.integers(0, n - 1) for n in shape)), max_size=5)):
        got[index] = draw(NUMBERS[kind])
    last = tuple(n - 1 for n in shape)
    got[last] = draw(NUMBERS[kind].filter(lambda number: number != expected[last]))
    return expected, got


def drawn(expected: np.ndarray, got: np.ndarray) -> Picture:
    picture = picture_of(expected, got, expected != got)
    assert picture
    return picture


def part_of(array: np.ndarray, picture: Picture) -> np.ndarray:
    """What `shown` says, by Python's own reading of it, as rows."""
    return np.atleast_2d(eval(f"array{picture.shown}", {"array": array}))


def numbers_of(rows: list[str]) -> np.ndarray:
    return np.array([[float(number) for number in row.split()] for row in rows])


@given(two_arrays())
def test_every_number_is_the_one_at_its_place(pair: tuple[np.ndarray, np.ndarray]) -> None:
    picture = drawn(*pair)
    for array, rows in zip(pair, (picture.expected, picture.got), strict=True):
        part = part_of(array, picture).astype(float)
        assert numbers_of(rows).shape == part.shape
        assert max(part.shape) <= SIDE
        np.testing.assert_allclose(numbers_of(rows), part, rtol=0.05)
        assert all(len(number) <= 20 for row in rows for number in row.split())


@given(two_arrays())
def test_the_largest_difference_is_shown(pair: tuple[np.ndarray, np.ndarray]) -> None:
    expected, got = pair
    picture = drawn(expected, got)
    with np.errstate(all="ignore"):
        distance = np.abs(got.astype(float) - expected.astype(float))
    distance[np.isnan(distance)] = np.inf
    distance[expected == got] = -1
    assert part_of(distance, picture).max() == distance.max()


@given(two_arrays())
def test_a_difference_is_zero_just_where_both_are_equal(
    pair: tuple[np.ndarray, np.ndarray],
) -> None:
    expected, got = pair
    picture = drawn(expected, got)
    zeros = [[number == "0" for number in row.split()] for row in picture.difference]
    assert zeros == part_of(expected == got, picture).tolist()


@given(two_arrays())
def test_indices_of_rows_and_columns_are_those_of_the_whole_answer(
    pair: tuple[np.ndarray, np.ndarray],
) -> None:
    picture = drawn(*pair)
    shown = [axis for axis, size in enumerate(picture.shape) if size > 1][-2:]
    assert len(picture.first) == len(shown)
    for axis, first in zip(shown, picture.first, strict=True):
        indices = part_of(np.indices(picture.shape)[axis], picture)
        assert indices.min() == indices[0, 0] == first
    for map in maps_of(picture):
        assert map.columns == list(range(picture.first[-1], picture.first[-1] + len(map.columns)))
        rows = [row for row, _ in map.rows]
        assert rows == [None] if len(shown) == 1 else rows[0] == picture.first[0]


@given(two_arrays())
def test_shades_tell_the_sign_and_grow_with_the_number(
    pair: tuple[np.ndarray, np.ndarray],
) -> None:
    expected, got, difference = maps_of(drawn(*pair))
    for maps in ([expected, got], [difference]):
        cells = [cell for map in maps for _, row in map.rows for cell in row]
        assert all(abs(cell.shade) <= SHADES for cell in cells)
        finite = [c for c in cells if np.isfinite(float(c.text))]
        for cell in finite:
            assert np.sign(cell.shade) == np.sign(float(cell.text))
        finite.sort(key=lambda cell: float(cell.text))
        assert [c.shade for c in finite] == sorted(c.shade for c in finite)


@pytest.mark.parametrize(
    "array",
    [np.array(1.0), np.ones((1, 1)), np.array(["a", "b"]), np.ones(2, complex), np.ones(2, object)],
    ids=["no axis", "one number", "text", "complex", "objects"],
)
def test_what_is_no_field_of_real_numbers_has_no_picture(array: np.ndarray) -> None:
    assert picture_of(array, array, np.ones(array.shape, bool)) is None


# --- expect -----------------------------------------------------------------------------------


def mismatch(got: Any, expected: Any, **options: Any) -> MismatchError:
    with pytest.raises(MismatchError) as raised:
        expect(got, expected, **options)
    return raised.value


def test_what_is_within_the_tolerance_is_no_difference() -> None:
    expected = np.array([[1.0, 2.0], [3.0, 4.0]])
    got = np.array([[1.00001, 2.0], [3.0, 4.5]])
    picture = mismatch(got, expected, tolerance=1e-3).picture
    assert picture
    assert (picture.expected, picture.got) == (["1 2", "3 4"], ["1 2", "3 4.5"])
    assert picture.difference == ["0 0", "0 0.5"]


def test_tensors_of_every_kind_have_pictures() -> None:
    import torch

    for dtype in (torch.bfloat16, torch.float16, torch.float32, torch.int64, torch.bool):
        expected = torch.eye(3).to(dtype)
        picture = mismatch(torch.zeros(3, 3).to(dtype), expected).picture
        assert picture
        assert picture.expected == ["1 0 0", "0 1 0", "0 0 1"]
        assert picture.difference == ["-1 0 0", "0 -1 0", "0 0 -1"]
        assert picture.is_truth is (dtype is torch.bool)


def test_an_array_among_other_answers_says_where_it_is() -> None:
    good, wrong = np.zeros(3), np.ones((1, 2))
    error = mismatch({"a": [good, wrong * 2]}, {"a": [good, wrong]})
    assert error.picture and error.picture.shown == "['a'][1][0, :]"
    assert error.where.startswith("['a'][1][0, 0]: ")


@pytest.mark.parametrize(
    "got", [np.ones((3, 2)), np.ones((2, 3), int), None, [[1.0] * 3] * 2], ids=str
)
def test_arrays_that_cannot_be_compared_number_by_number_have_none(got: Any) -> None:
    assert mismatch(got, np.zeros((2, 3))).picture is None


# --- The media --------------------------------------------------------------------------------


def wrong_with(picture: Picture | None, visible: bool = True) -> SubmissionResult:
    seen = Mismatch("f(x)", "EXPECTED", "GOT", "[0, 1]: expected 1, got 2", picture)
    test = TestResult("test", Outcome.WRONG, "wrong", "", "P.", mismatch=seen, visible=visible)
    return score_submission("anna", [score_exercise("a.b", 1, False, [test])])


def terminal(result: SubmissionResult, width: int = 80) -> str:
    out = io.StringIO()
    reports.print_check(Console(file=out, width=width), result, Catalog([]))
    return out.getvalue()


MASK = drawn(np.tril(np.ones((3, 3), bool)), np.tril(np.ones((3, 3), bool), 1))


def test_a_terminal_shows_small_arrays_beside_each_other() -> None:
    rows = [" ".join(row.split()) for row in terminal(wrong_with(MASK)).splitlines()]
    at = rows.index("expected got got − expected")
    assert rows[at + 1 : at + 5] == [
        "0 1 2 0 1 2 0 1 2",
        "0 1 0 0 0 1≠1 0 0 0 1 0",
        "1 1 1 0 1 1 1≠1 1 0 0 1",
        "2 1 1 1 2 1 1 1 2 0 0 0",
    ]
    assert "≠ 2 of these 9 numbers differ" in " ".join(rows)


@given(two_arrays(), st.integers(50, 120))
@settings(max_examples=40)
def test_a_terminal_keeps_numbers_whole_and_what_is_wrong_in_sight(
    pair: tuple[np.ndarray, np.ndarray], width: int
) -> None:
    text = terminal(wrong_with(drawn(*pair)), width)
    assert all(len(row) <= width for row in text.splitlines())
    assert "\x1b" not in text and "…" not in text
    marked = re.findall(r"≠(-?(?:[\d.e+-]+|nan|inf))(?= |≠|$)", text, re.MULTILINE)
    got = [cell.text for _, row in maps_of(drawn(*pair))[1].rows for cell in row if cell.is_wrong]
    assert marked
    assert set(marked) <= set(got)


def page(result: SubmissionResult, folder: Any, audience: reports.Audience = "student") -> str:
    report = Report("standard: landlock", 1, [result])
    path = reports.write_feedback(result, Catalog([]), report, folder, audience=audience)
    return path.read_text("utf-8")


def test_a_page_draws_a_table_for_each_with_words_and_frames(tmp_path: Any) -> None:
    html = page(wrong_with(MASK), tmp_path)
    assert html.count("<table>\n<caption>") == 3
    assert html.count('<td class="above4 wrong">1</td>') == 4
    assert html.count('<td class=" wrong">0</td>') == 2
    assert caption_of(MASK) in html
    assert "1 is True, 0 is False" in html
    assert "EXPECTED" not in html  # the tables say it


def test_without_a_picture_both_answers_are_told_in_words(tmp_path: Any) -> None:
    result = wrong_with(None)
    for text in (page(result, tmp_path), terminal(result)):
        assert "EXPECTED" in text and "GOT" in text
        assert "≠" not in text and "<caption>" not in text


def test_a_picture_of_a_hidden_test_is_the_instructors(tmp_path: Any) -> None:
    result = wrong_with(MASK, visible=False)
    assert "≠" not in terminal(result)
    assert "<caption>" not in page(result, tmp_path)
    assert "<caption>" in page(result, tmp_path, "instructor")
