"""Looks for the expected values in the frames below its own."""

import sys


def attack(sentences, order):
    frame = sys._getframe()
    while frame:
        print(frame.f_code.co_filename, *frame.f_locals)
        if {"expected", "rng", "student"} & {*frame.f_locals}:
            return True
        frame = frame.f_back
    return False
