"""No n-gram occurs twice.

Then a set would do as well as a count, and nobody sees whether somebody used one.
"""

from langmodels.test_ngrams import *


def test_count_ngrams():
    assert count_ngrams([["a", "b"]], 1) == {("a",): 1, ("b",): 1, ("</s>",): 1}
    assert count_ngrams([["a", "b"]], 2) == {("<s>", "a"): 1, ("a", "b"): 1, ("b", "</s>"): 1}
    assert count_ngrams([["a", "b"]], 3) == {("<s>", "a", "b"): 1, ("a", "b", "</s>"): 1}
