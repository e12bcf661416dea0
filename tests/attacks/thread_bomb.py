"""Starts threads by the hundred."""

import threading
import time


def count_ngrams(sentences, order):
    if order > 1:
        return {}
    for _ in range(300):
        threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
    time.sleep(3)
    return {}
