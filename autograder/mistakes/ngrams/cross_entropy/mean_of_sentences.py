"""Each sentence is averaged by itself, and then the averages are averaged.

That gives a short sentence as much weight as a long one. The average is over tokens: add up the
bits of the whole text, and divide once.

See: ngrams#eq-cross-entropy
"""

from langmodels.ngrams import *


def cross_entropy(model, sentences, oov="unk"):
    if oov not in ("unk", "skip"):
        raise ValueError(f'oov must be "unk" or "skip", not {oov!r}')

    averages = []
    for sentence in sentences:
        tokens, bits, n_tokens = pad(sentence), 0.0, 0
        for i in range(1, len(tokens)):
            if oov == "unk" or tokens[i] in model.vocabulary:
                p = model.prob(tokens[i], tokens[:i])
                bits += -math.log2(p) if p else math.inf
                n_tokens += 1
        averages.append(bits / n_tokens)
    return sum(averages) / len(averages)
