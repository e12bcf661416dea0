"""The end markers are scored but not counted in T.

Each </s> is a prediction, with its bits in the sum, so it is one of the T tokens too. Otherwise
short sentences look more expensive than they are.

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
            bits -= math.log2(p)
            n_tokens += tokens[i] != EOS
    return bits / n_tokens
