"""The end of the sentence is not predicted.

Without P(</s> | …) the result is the probability that a text begins with these words, not that
it is this sentence; summed over all sentences that is far more than 1.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    total, context = 0.0, [BOS]
    for word in sentence:
        p = model.prob(word, context)
        if p == 0:
            return -math.inf
        total += math.log(p)
        context.append(word)
    return total
