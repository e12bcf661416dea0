"""Returns and raises objects whose repr, name and text are huge or without end."""
# ruff: noqa: E731


class HugeError(Exception):
    __repr__ = __str__ = lambda self: "x" * 10**8
    __len__ = lambda self: 2**62


HugeError.__name__ = HugeError.__qualname__ = "N" * 10**6


def count_ngrams(sentences, order):
    if order == 1:
        return HugeError()
    raise HugeError


def sentence_logprob(model, sentence):
    raise type("E", (Exception,), {"__str__": lambda self: sentence_logprob(model, sentence)})
