"""Returns arrays as large as a reply may be, of shapes that are hard to show."""

import numpy as np


def count_ngrams(sentences, order):
    return [np.zeros(2**23) for _ in range(3)]


def sentence_logprob(model, sentence):
    return np.broadcast_to(np.float64(1), (2**40,))


class MaximumLikelihood:
    def __init__(self, *args):
        pass

    def prob(self, *args):
        return np.zeros((2**20, 0, 2**20))
