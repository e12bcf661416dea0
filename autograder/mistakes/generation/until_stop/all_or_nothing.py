"""After a beginning that led nowhere all that waited is let go.

A later part of it may still begin a stop sequence: after 1 1 of 1 1 2 comes another 1, and the
last two must go on waiting.
"""

from langmodels.generation import *


def until_stop(tokens, stops):
    stops = sorted(map(list, stops), key=len, reverse=True)
    waiting = []
    for token in tokens:
        waiting.append(token)
        for stop in stops:
            if waiting[-len(stop) :] == stop:
                yield from waiting[: -len(stop)]
                return
        if not any(stop[: len(waiting)] == waiting for stop in stops):
            yield from waiting
            waiting = []
    yield from waiting
