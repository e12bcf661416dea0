"""Any value of oov is accepted and means "unk".

A slip of the pen ("Skip", "drop") would then give another number than the caller meant, and
nobody would notice. Refuse what you do not know.
"""

from langmodels.ngrams import *


def cross_entropy(model, sentences, oov="unk"):
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
            n_tokens += 1
    return bits / n_tokens
