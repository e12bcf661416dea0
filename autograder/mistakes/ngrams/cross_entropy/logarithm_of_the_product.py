"""The probabilities are multiplied first, and the logarithm is taken at the end.

The product over a text is smaller than the smallest float after a few hundred tokens: it becomes 0,
and the cross-entropy inf. Add logarithms.
"""

from langmodels.ngrams import *


def cross_entropy(model, sentences, oov="unk"):
    if oov not in ("unk", "skip"):
        raise ValueError(f'oov must be "unk" or "skip", not {oov!r}')

    product, n_tokens = 1.0, 0
    for sentence in sentences:
        tokens = pad(sentence)
        for i in range(1, len(tokens)):
            if oov == "unk" or tokens[i] in model.vocabulary:
                product *= model.prob(tokens[i], tokens[:i])
                n_tokens += 1
    return -math.log2(product) / n_tokens if product else math.inf
