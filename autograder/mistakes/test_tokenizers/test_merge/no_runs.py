"""The two ids of the pair are always different.

Whoever merges runs from the right, or each id twice, is not noticed. A pair may be two equal ids.
"""

from langmodels.test_tokenizers import *


def test_merge():
    rng = random.Random(1)
    for length in range(20):
        ids = rng.choices((1, 2, 3), k=length)
        before = list(ids)
        text = "".join(map(chr, ids)).replace(chr(1) + chr(2), chr(99))
        assert merge(ids, (1, 2), 99) == [ord(c) for c in text]
        assert ids == before
