"""Each token waits for as many others as the longest stop sequence has.

That is safe, and later than needed: a token that cannot begin any stop sequence can go at once.
"""

from langmodels.generation import *


def until_stop(tokens, stops):
    waiting = []
    longest = max(map(len, stops), default=0)
    for token in tokens:
        waiting.append(token)
        for stop in sorted(map(list, stops), key=len, reverse=True):
            if waiting[-len(stop) :] == stop:
                yield from waiting[: -len(stop)]
                return
        while len(waiting) >= max(longest, 1):
            yield waiting.pop(0)
    yield from waiting
