"""Closes every descriptor and goes on."""

import os
import time


def count_ngrams(sentences, order):
    if order > 1:
        return {}
    os.closerange(0, 1024)
    time.sleep(1000)
    return None
