"""One more token is taken before anything is handed out.

Each token costs a model call. Asking for one more than is needed makes the reader wait, and a
call after the stop is for nothing.
"""

from itertools import islice

from langmodels.generation import *


def until_stop(tokens, stops):
    stops = sorted(map(list, stops), key=len, reverse=True)
    waiting = []
    source = iter(tokens)
    ahead = list(islice(source, 1))
    while ahead:
        token = ahead.pop()
        ahead = list(islice(source, 1))
        waiting.append(token)
        for stop in stops:
            if waiting[-len(stop) :] == stop:
                yield from waiting[: -len(stop)]
                return
        while waiting and not any(stop[: len(waiting)] == waiting for stop in stops):
            yield waiting.pop(0)
    yield from waiting
