"""Floods descriptors 1 and 2 from a thread while it answers rightly."""

import os
import threading

from target import right

BASELINE = "right"


def flood():
    while True:
        os.write(1, b"x" * 10**6)
        os.write(2, b"y" * 10**6)


def count_ngrams(sentences, order):
    threading.Thread(target=flood, daemon=True).start()
    return right(sentences, order)
