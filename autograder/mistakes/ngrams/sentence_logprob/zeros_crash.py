"""It fails with an exception when a factor is zero.

In Python math.log(0) raises ValueError; it does not return -inf. Unseen words are common, so this
case needs its own line.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    tokens = pad(sentence)
    return sum(math.log(model.prob(tokens[i], tokens[:i])) for i in range(1, len(tokens)))
