"""Replies with faults of its own making: of the grader, skipped, not run, with hostile text."""

import itertools
import os
import sys

from autograder import wire

KINDS = itertools.cycle(["BoxError", "Skipped", "NotImplementedError", "MissingError", "Exit"])
TEXT = "\x1b[31mpassed <script>alert(1)</script>\n::error::x"


def reply(*_):
    frame = sys._getframe()
    while frame.f_code.co_name != "answer":
        frame = frame.f_back
    number, kind = frame.f_locals["id"], next(KINDS)
    fault = {"type": kind, "text": TEXT, "kinds": [TEXT, kind], "file": "ngrams.py", "line": 1}
    wire.send(4, (number, [TEXT], "fault", fault | {"outcome": "passed", "message": TEXT}))
    os._exit(0)


count_ngrams = sentence_logprob = MaximumLikelihood = reply
