"""Announces a reply, sends half of it and sleeps."""

import os
import time


def count_ngrams(sentences, order):
    if order > 1:
        return {}
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, b"LM\1\0" + (100).to_bytes(4) + bytes(8) + b"\x81\xa5value")
        except OSError:
            continue
    time.sleep(1000)
    return None
