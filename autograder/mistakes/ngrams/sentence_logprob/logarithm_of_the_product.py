"""The probabilities are multiplied first, and the logarithm is taken at the end.

The product of a few hundred probabilities is smaller than the smallest float and becomes 0, so long
sentences look impossible. Take the logarithm of each factor and add.
"""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    tokens = pad(sentence)
    product = 1.0
    for i in range(1, len(tokens)):
        product *= model.prob(tokens[i], tokens[:i])
    return math.log(product) if product else -math.inf
