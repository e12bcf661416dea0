"""Answers are compared as numbers.

A reader that gives 7.0 for “007” then passes. The docstring promises the digits as they stand, as
text.
"""

from langmodels.test_prompting import *


def test_extract_answer():
    for text, number in [("The answer is 1,250.", 1250), ("it was 5 or -6.5", -6.5)]:
        assert float(str(extract_answer(text)).replace(",", "")) == number
