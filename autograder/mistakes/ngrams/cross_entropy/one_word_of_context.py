"""Each word is predicted from the one word before it, whatever the model.

That is right for a bigram model only. A longer model answers, but from a context that is cut too
short, and looks as good as a bigram model.
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
            p = model.prob(tokens[i], tokens[i - 1 : i])
            if p == 0:
                return math.inf
            bits -= math.log2(p)
            n_tokens += 1
    return bits / n_tokens
