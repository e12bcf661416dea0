"""Answers are returned in the order in which they end.

Short ones overtake long ones. Whoever asked wants their own answer: the order of the requests is
due.
"""

from langmodels.inference import *

in_order = continuous_batching


def continuous_batching(model, requests, n_rows, capacity):
    answers = in_order(model, requests, n_rows, capacity)
    left = [0] * n_rows
    ends = []
    for request in requests:
        row = left.index(min(left))
        left[row] += request.n_new
        ends.append(left[row])
    return [answers[n] for n in sorted(range(len(requests)), key=ends.__getitem__)]
