"""The assertions stand in a function that nobody calls.

pytest calls functions whose names begin with test. What they define and do not call never runs.
"""

from langmodels.test_prompting import *


def test_extract_answer():
    def check():
        assert extract_answer("2 and 3. The answer is 5, not 6.") == "5"
        assert extract_answer("12 eggs, 30 hens.") == "30"
