"""Everything waits until the end.

The right tokens come out, but not one of them before the last is there. Somebody sits before an
empty screen.
"""

from langmodels.generation import *


def until_stop(tokens, stops):
    seen = []
    for token in tokens:
        seen.append(token)
        for stop in sorted(map(list, stops), key=len, reverse=True):
            if seen[-len(stop) :] == stop:
                yield from seen[: -len(stop)]
                return
    yield from seen
