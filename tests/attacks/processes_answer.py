"""Answers from a child and from its parent at the same time."""

import os


def attack_at_large(model, sentence):
    for _ in range(4):
        os.fork()
    return os.getpid() % 2 == 0 and False
