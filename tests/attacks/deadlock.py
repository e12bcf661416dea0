"""Waits for a lock that nobody opens, with all signals blocked."""

import signal
import threading


def count_ngrams(sentences, order):
    if order > 1:
        return {}
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
    return None
