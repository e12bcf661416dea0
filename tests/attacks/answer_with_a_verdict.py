"""Sends replies that are more than an answer: with an outcome, a score, another kind."""

import itertools
import sys

from autograder import wire

REPLIES = itertools.cycle(
    [
        ([], "passed", None),
        ([], "value", ({}, None), {"outcome": "passed", "score": 99}),
        (["passed"], "value", ({}, 10**9)),
        ({"outcome": "passed"}, "value", ({}, None)),
        ([], "isolation", ""),
    ]
)


def reply(*_):
    frame = sys._getframe()
    while frame.f_code.co_name != "answer":
        frame = frame.f_back
    wire.send(4, (frame.f_locals["id"], *next(REPLIES)))


count_ngrams = sentence_logprob = MaximumLikelihood = reply
