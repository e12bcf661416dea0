"""Each word is predicted from the one word before it, whatever the model.

That is right for a bigram model only. Pass all that precedes the word, and let the model cut off
what it cannot use.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    total = 0.0
    tokens = pad(sentence)
    for i, word in enumerate(tokens[1:]):
        p = model.prob(word, [tokens[i]])
        if p == 0:
            return -math.inf
        total += math.log(p)
    return total
