"""Crashes the interpreter: a bad address, a bad stack, a division in C, an abort."""

import ctypes
import os


def count_ngrams(sentences, order):
    ctypes.string_at(8)


def sentence_logprob(model, sentence):
    os.abort()


class MaximumLikelihood:
    def __init__(self, *args):
        exec(
            type((lambda: 0).__code__)(*[0] * 6, b"d\xff\xff\xff", (), (), (), *"abc", 1, b"", b"")
        )
