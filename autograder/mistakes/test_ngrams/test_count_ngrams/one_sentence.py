"""There is never more than one sentence.

So nobody sees what happens between two: n-grams that cross, or counts that begin anew.
"""

from langmodels.test_ngrams import *


def test_count_ngrams():
    sentence = ["a", "b", "a", "a"]
    padded = ["<s>", *sentence, "</s>"]
    for order in (1, 2, 3, 7):
        expected = Counter(zip(*(padded[n:] for n in range(order)), strict=False))
        expected.pop(("<s>",), None)
        assert count_ngrams([sentence], order) == expected
