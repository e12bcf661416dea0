"""Only the last token of the stop sequence is held back.

What came before it has been handed out already, and cannot be taken back. A beginning of a stop
sequence has to wait until it is clear what becomes of it.
"""

from langmodels.generation import *


def until_stop(tokens, stops):
    seen = []
    for token in tokens:
        seen.append(token)
        if any(seen[-len(stop) :] == list(stop) for stop in stops):
            return
        yield token
