"""Right: a generator of lists, chained."""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    import itertools

    def pieces():
        for text, is_control in parts:
            yield [control[text]] if is_control else encode(text)

    return list(itertools.chain.from_iterable(pieces()))
