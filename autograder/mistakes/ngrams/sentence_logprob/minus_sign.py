"""The sign is turned round.

Minus the log-probability is a cost, positive and the larger the less likely. Asked for is the
logarithm itself, which is at most 0.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    tokens = pad(sentence)
    ps = [model.prob(tokens[i], tokens[:i]) for i in range(1, len(tokens))]
    return -sum(math.log(p) for p in ps) if all(ps) else math.inf
