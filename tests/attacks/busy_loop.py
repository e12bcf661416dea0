"""Computes for ever."""


def count_ngrams(sentences, order):
    if order > 1:
        return {}
    while True:
        order += 1
