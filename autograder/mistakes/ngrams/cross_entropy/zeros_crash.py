"""It fails with an exception when a token has probability zero.

In Python math.log2(0) raises ValueError; it does not return -inf. Zeros are common in models
without smoothing, so this case needs its own line.
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
            bits -= math.log2(p)
            n_tokens += 1
    return bits / n_tokens
