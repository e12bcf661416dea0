"""The end marker is appended to the caller's own list.

append changes the list that was passed in. The second time the same sentence is scored it has
two ends. Make a new list.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    total, context = 0.0, [BOS]
    sentence.append(EOS)
    for word in sentence:
        p = model.prob(word, context)
        if p == 0:
            return -math.inf
        total += math.log(p)
        context = [*context, word]
    return total
