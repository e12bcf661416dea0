"""A stop is noticed only where it begins what waits.

The waiting tokens may begin with something that belongs to another stop sequence, with the one
that ends now inside it. It is their end that counts.
"""

from langmodels.generation import *


def until_stop(tokens, stops):
    stops = sorted(map(list, stops), key=len, reverse=True)
    waiting = []
    for token in tokens:
        waiting.append(token)
        for stop in stops:
            if waiting == stop:
                yield from waiting[: -len(stop)]
                return
        while waiting and not any(stop[: len(waiting)] == waiting for stop in stops):
            yield waiting.pop(0)
    yield from waiting
