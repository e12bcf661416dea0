"""Right: a table with a test for each of its rows."""

import pytest

from langmodels.test_prompting import *


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", None),
        ("nothing", None),
        ("The answer is", None),
        ("I see 4. The answer is hidden", None),
        ("The answer is 4. No, the answer is not clear.", None),
        ("The answer is 4", "4"),
        ("the ANSWER is 4 of 5", "4"),
        ("1 2 3 the answer is: 4. 5 6. The answer is: 7! 8", "7"),
        ("1, 2, 3.", "3"),
        ("1 and 2,000,000.75.", "2000000.75"),
        ("so 12,", "12"),
        ("20-5", "5"),
        ("20 -5", "-5"),
        ("The answer is 20-5", "20"),
        ("-3,000", "-3000"),
        ("it is 000", "000"),
        ("123456", "123456"),
        ("2.0", "2.0"),
        ("The answer is 50%, or 1/2", "50"),
    ],
)
def test_texts(text, answer):
    assert extract_answer(text) == answer


@pytest.mark.parametrize("marker", ["####", "Answer:", "(a|b)", "*", "[1-9]", "So."])
def test_extract_answer(marker):
    assert extract_answer(f"1 {marker} 2 3", marker) == "2"
    assert extract_answer(f"1 {marker.upper()} 2 3 {marker.lower()} 4 5", marker) == "4"
    assert extract_answer("The answer is x 7 8", marker) == "8"
