"""Starts threads that go on after the answer: they print and write replies later."""

import os
import threading
import time


def later():
    for _ in range(100):
        time.sleep(0.01)
        os.write(1, b"late")
        os.write(4, b"LM\1\0")


def count_ngrams(sentences, order):
    threading.Thread(target=later).start()
    return {}
