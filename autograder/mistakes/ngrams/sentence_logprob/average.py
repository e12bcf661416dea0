"""The sum is divided by the number of tokens.

An average per token is useful to compare sentences of different lengths (that is cross-entropy),
but the logarithm of the sentence's probability is the sum.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    tokens = pad(sentence)
    ps = [model.prob(tokens[i], tokens[:i]) for i in range(1, len(tokens))]
    return sum(math.log(p) for p in ps) / len(ps) if all(ps) else -math.inf
