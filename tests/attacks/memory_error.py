"""Raises MemoryError and RecursionError of its own, which might be excused."""


def count_ngrams(sentences, order):
    raise MemoryError


def sentence_logprob(model, sentence):
    raise RecursionError
