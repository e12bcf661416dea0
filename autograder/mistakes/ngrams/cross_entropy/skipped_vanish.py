"""A skipped word is taken out of the text, so that it is missing as context too.

Skipping is about what is scored. The next word was still written after the unknown one, and a
model has to predict it from there.
"""

from langmodels.ngrams import *


def cross_entropy(model, sentences, oov="unk"):
    if oov not in ("unk", "skip"):
        raise ValueError(f'oov must be "unk" or "skip", not {oov!r}')

    bits, n_tokens = 0.0, 0
    for sentence in sentences:
        tokens = pad(sentence)
        if oov == "skip":
            tokens = [BOS, *(t for t in tokens if t in model.vocabulary)]
        for i in range(1, len(tokens)):
            if oov == "skip" and tokens[i] not in model.vocabulary:
                continue
            p = model.prob(tokens[i], tokens[:i])
            if p == 0:
                return math.inf
            bits -= math.log2(p)
            n_tokens += 1
    return bits / n_tokens
