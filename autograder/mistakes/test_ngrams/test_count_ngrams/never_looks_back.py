"""What happened to the sentences is never looked at.

A function may give the right answer and leave a mess. Whoever counts pairs after single words
finds markers among the words then.
"""

from langmodels.test_ngrams import *


def test_count_ngrams():
    for order in (1, 2, 3, 5):
        expected = Counter()
        for sentence in (text := [["a", "a", "b", "a", "a"], ["b"], []]):
            padded = ["<s>", *sentence, "</s>"]
            expected.update(zip(*(padded[n:] for n in range(order)), strict=False))
        expected.pop(("<s>",), None)
        assert count_ngrams(text, order) == expected
