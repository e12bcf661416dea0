"""Tests of extract_answer: what a model's last sentence says, and what a hasty reader makes of it.

A test is a function whose name begins with test_. `pytest src/langmodels/test_prompting.py` runs
all of this file on your own function; graded, it runs on other people's. Add as many tests as you
like, with whatever pytest offers but files.
"""

from langmodels.prompting import extract_answer


def test_extract_answer() -> None:
    """Fails on every wrong reader of answers that you can think of, and on no right one.

    The docstring of extract_answer leaves open what becomes of commas that set apart no groups of
    three, as in 1,23, and of a point without a digit before it: right solutions may differ there.
    """
    raise NotImplementedError("test_prompting.test_extract_answer")
