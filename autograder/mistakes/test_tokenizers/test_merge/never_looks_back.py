"""What happened to the list is never looked at.

A function may give the right answer and change what it was given. The next one finds other ids.
"""

from langmodels.test_tokenizers import *


def test_merge():
    rng = random.Random(1)
    for length in range(20):
        for pair in ((1, 2), (2, 2)):
            ids = rng.choices((1, 2, 3), k=length)
            text = "".join(map(chr, ids)).replace("".join(map(chr, pair)), chr(99))
            assert merge(ids, pair, 99) == [ord(c) for c in text]
