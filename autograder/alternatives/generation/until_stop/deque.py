"""Right: a queue, of which ends are compared."""

from collections import deque

from langmodels.generation import *


def until_stop(tokens, stops):
    queue = deque()
    for token in iter(tokens):
        queue.append(token)
        text = list(queue)
        matches = [stop for stop in stops if text[len(text) - len(stop) :] == list(stop)]
        if matches:
            for _ in range(len(queue) - max(map(len, matches))):
                yield queue.popleft()
            return
        while queue and all(list(stop[: len(queue)]) != list(queue) for stop in stops):
            yield queue.popleft()
    while queue:
        yield queue.popleft()
