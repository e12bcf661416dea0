"""An iterator with the id that was read before."""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    def tokens():
        held = None
        for number in ids:
            if held is None:
                held = number
            elif (held, number) == pair:
                yield new_id
                held = None
            else:
                yield held
                held = number
        if held is not None:
            yield held

    return [*tokens()]
