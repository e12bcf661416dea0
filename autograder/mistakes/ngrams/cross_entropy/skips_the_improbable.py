""" "skip" leaves out what has probability zero instead of what is unknown.

A known word in a context where it was never seen is a failure of the model, not an unknown word,
and costs inf. And <unk> may well have a probability: its words still are to be skipped.

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
            p = model.prob(tokens[i], tokens[:i])
            if p == 0 and oov == "skip":
                continue
            if p == 0:
                return math.inf
            bits -= math.log2(p)
            n_tokens += 1
    return bits / n_tokens
