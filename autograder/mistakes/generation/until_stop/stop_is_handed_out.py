"""The stop sequence is handed out too.

It is a mark for the program, not for the reader. Everything before it comes out, and nothing of
it.
"""

from langmodels.generation import *


def until_stop(tokens, stops):
    stops = sorted(map(list, stops), key=len, reverse=True)
    waiting = []
    for token in tokens:
        waiting.append(token)
        for stop in stops:
            if waiting[-len(stop) :] == stop:
                yield from waiting
                return
        while waiting and not any(stop[: len(waiting)] == waiting for stop in stops):
            yield waiting.pop(0)
    yield from waiting
