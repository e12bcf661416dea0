"""Only the first stop sequence is looked for.

Several may be given, and whichever comes first ends the text.
"""

from langmodels.generation import *


def until_stop(tokens, stops):
    stops = list(map(list, stops))[:1]
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
