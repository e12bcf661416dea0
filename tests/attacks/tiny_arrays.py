"""Returns fifty thousand empty arrays: small to send, large to hold."""

import numpy as np


def count_ngrams(sentences, order):
    return [np.zeros((0,) * 60) for _ in range(49_000)]
