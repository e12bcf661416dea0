"""A product after all, but kept as mantissa and exponent, so that it cannot underflow."""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    mantissa, exponent = 1.0, 0
    history = [BOS]
    for word in [*sentence, EOS]:
        mantissa, shift = math.frexp(mantissa * model.prob(word, list(history)))
        exponent += shift
        history.append(word)
    return math.log(mantissa) + exponent * math.log(2) if mantissa else float("-inf")
