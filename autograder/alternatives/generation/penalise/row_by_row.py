"""Right: row by row, with a Counter."""

from collections import Counter

from langmodels.generation import *


def penalise(logits, tokens, n_prompt=0, *, presence=0.0, frequency=0.0, repetition=1.0):
    penalised = logits.clone()
    for row, line in enumerate(tokens.tolist()):
        for token in set(line):
            z = penalised[row, token]
            penalised[row, token] = z / repetition if z > 0 else z * repetition
        for token, count in Counter(line[n_prompt:]).items():
            penalised[row, token] -= presence + frequency * count
    return penalised
