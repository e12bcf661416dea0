"""Raises groups and chains of exceptions without end."""


def count_ngrams(sentences, order):
    error = ValueError("x")
    for _ in range(5000):
        error = ExceptionGroup("deep", [error])
    raise error


def sentence_logprob(model, sentence):
    one, other = ValueError("a"), ValueError("b")
    one.__cause__, other.__cause__ = other, one
    one.__context__, other.__context__ = other, one
    raise one


class MaximumLikelihood:
    def __init__(self, *args):
        try:
            raise ValueError
        finally:
            MaximumLikelihood()
