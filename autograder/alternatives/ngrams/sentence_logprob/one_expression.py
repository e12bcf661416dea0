"""Exact summation with fsum, and contexts cut to what the model can use, as tuples."""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    tokens = (BOS, *sentence, EOS)
    contexts = (tokens[max(0, i - model.order + 1) : i] for i in range(1, len(tokens)))
    ps = list(map(model.prob, tokens[1:], contexts))
    return math.fsum(map(math.log, ps)) if min(ps) > 0 else -math.inf
