"""The first word is predicted from nothing instead of from <s>.

An empty context asks how often the word occurs anywhere. <s> tells the model that it stands at the
begin of a sentence, where other words are likely.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    total = 0.0
    tokens = [*sentence, EOS]
    for i, word in enumerate(tokens):
        p = model.prob(word, tokens[:i])
        if p == 0:
            return -math.inf
        total += math.log(p)
    return total
