"""Takes all memory, in arrays that are written to (at most 3 GiB)."""

import numpy as np


def count_ngrams(sentences, order):
    if order > 1:
        return {}
    hoard = [np.ones(2**24) for _ in range(24)]
    return {} if hoard else None
