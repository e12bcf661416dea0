"""The begin markers are counted in T.

<s> is given, not predicted: it costs nothing and is no token to average over. With it in T
every model looks better than it is, most of all on short sentences.
"""

from langmodels.ngrams import *


def cross_entropy(model, sentences, oov="unk"):
    if oov not in ("unk", "skip"):
        raise ValueError(f'oov must be "unk" or "skip", not {oov!r}')

    bits, n_tokens = 0.0, 0
    for sentence in sentences:
        tokens = pad(sentence)
        n_tokens += 1
        for i in range(1, len(tokens)):
            if oov == "skip" and tokens[i] not in model.vocabulary:
                continue
            p = model.prob(tokens[i], tokens[:i])
            if p == 0:
                return math.inf
            bits -= math.log2(p)
            n_tokens += 1
    return bits / n_tokens
