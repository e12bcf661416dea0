"""Right: keeps all that was seen, and works out what may go."""

from langmodels.generation import *


def until_stop(tokens, stops):
    seen, given = [], 0
    stops = [tuple(stop) for stop in stops]
    for token in tokens:
        seen.append(token)
        ended = [len(s) for s in stops if tuple(seen[-len(s) :]) == s]
        starts = [n for s in stops for n in range(1, len(s)) if tuple(seen[-n:]) == s[:n]]
        free = len(seen) - max(ended or starts or [0])
        while given < free:
            yield seen[given]
            given += 1
        if ended:
            return
    yield from seen[given:]
