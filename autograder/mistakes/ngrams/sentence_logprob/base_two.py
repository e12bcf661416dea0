"""The logarithms are to base 2.

That is the answer in bits. This function gives nats, the natural logarithm; the two differ by the
factor ln 2 ≈ 0.693. Bits are the unit of cross_entropy.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    tokens = pad(sentence)
    ps = [model.prob(tokens[i], tokens[:i]) for i in range(1, len(tokens))]
    return sum(math.log2(p) for p in ps) if all(ps) else -math.inf
