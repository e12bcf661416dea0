"""What still waits at the end is dropped.

If the text ends with the beginning of a stop sequence that never comes, those tokens are part of
the text.
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
        while waiting and not any(stop[: len(waiting)] == waiting for stop in stops):
            yield waiting.pop(0)
