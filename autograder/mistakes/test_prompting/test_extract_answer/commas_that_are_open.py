"""Commas without three digits behind them are tried.

The docstring leaves open what “1,23” is. Right solutions give two answers there, so the test asks
for more than was promised.
"""

from langmodels.test_prompting import *


def test_extract_answer():
    assert extract_answer("It is 1,23") == "23"
    assert extract_answer("2 and 3. The answer is 5, not 6.") == "5"
