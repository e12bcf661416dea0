"""Of several stop sequences that end together the shortest is cut.

The beginning of the longer one is then handed out, although it belongs to a stop.
"""

from langmodels.generation import *


def until_stop(tokens, stops):
    stops = sorted(map(list, stops), key=len)
    waiting = []
    for token in tokens:
        waiting.append(token)
        for stop in stops:
            if waiting[-len(stop) :] == stop:
                yield from waiting[: -len(stop)]
                return
        while waiting and not any(stop[: len(waiting)] == waiting for stop in stops):
            yield waiting.pop(0)
    yield from waiting
