"""The result is in nats, not in bits.

The natural logarithm measures in another unit, smaller by the factor ln 2 ≈ 0.693. And 2 to the
power of nats is not the perplexity.

See: ngrams#eq-cross-entropy
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
                return math.inf
            bits -= math.log(p)
            n_tokens += 1
    return bits / n_tokens
