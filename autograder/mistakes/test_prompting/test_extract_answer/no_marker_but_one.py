"""All texts have the one marker, once.

What becomes of two markers, of none, and of another one, is never asked.
"""

from langmodels.test_prompting import *


def test_extract_answer():
    for text, answer in [
        ("The answer is 7.", "7"),
        ("The answer is -1,200.50 in all.", "-1200.50"),
        ("I have 3. The answer is 4, not 5.", "4"),
    ]:
        assert extract_answer(text) == answer
