"""Skipped words still count in T.

Left out of the sum but not of T, an unknown word counts as a prediction that cost 0 bits, the best
there is. The more words a model does not know, the better it would look.

See: ngrams-at-work#honest
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
                n_tokens += 1
                continue
            p = model.prob(tokens[i], tokens[:i])
            if p == 0:
                return math.inf
            bits -= math.log2(p)
            n_tokens += 1
    return bits / n_tokens
