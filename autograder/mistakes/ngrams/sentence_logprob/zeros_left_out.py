"""Factors that are zero are left out.

Then a sentence that cannot occur gets the same value as one in which that word is certain. Zero
times anything is zero, and its logarithm is -inf.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    tokens = pad(sentence)
    ps = (model.prob(tokens[i], tokens[:i]) for i in range(1, len(tokens)))
    return sum(math.log(p) for p in ps if p > 0)
