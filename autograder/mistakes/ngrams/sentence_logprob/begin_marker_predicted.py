"""The begin marker is predicted as well.

<s> is there before anything is said: it is context, not an event, and to the model it is an unknown
word. The product starts with P(first word | <s>).
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    total = 0.0
    tokens = pad(sentence)
    for i, word in enumerate(tokens):
        p = model.prob(word, tokens[:i])
        if p == 0:
            return -math.inf
        total += math.log(p)
    return total
