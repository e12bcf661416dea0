"""Right: texts that are put together from pieces."""

import itertools

from langmodels.test_prompting import *

NUMBERS = {"5": "5", "-5": "-5", "1,234": "1234", "9,876,543.21": "9876543.21", "0.5": "0.5"}
ENDS = ["", ".", ", so", " apples", "!"]


def test_extract_answer():
    for (written, due), end in itertools.product(NUMBERS.items(), ENDS):
        assert extract_answer(f"From 3 and 4 comes {written}{end}") == due
        for marker in ("The answer is", "THE ANSWER IS", "the answer is"):
            said = f"3 and 4. {marker} 77. {marker} {written}{end}"
            assert extract_answer(said) == due
            assert extract_answer(f"{said} 6 and 8") == due
        for marker in ("####", "(x)", "a+c", "Result"):
            assert extract_answer(f"1 {marker} {written}{end} 2", marker) == due
            assert extract_answer(f"The answer is 1 {written}{end}", marker) == due


def test_no_answer():
    for text in ("", "none", "9. The answer is none", "The answer is 9; the answer is none"):
        assert extract_answer(text) is None


def test_subtraction():
    assert extract_answer("9-4") == "4"
    assert extract_answer("The answer is 9-4") == "9"
    assert extract_answer("9 - 4") == "4"
