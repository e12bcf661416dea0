"""numpy takes the logarithms, and log(0) = -inf comes out by itself."""

from langmodels.ngrams import *


def sentence_logprob(model, sentence):
    history, ps = [BOS], []
    for word in [*sentence, EOS]:
        ps.append(model.prob(word, history))
        history.append(word)
    with np.errstate(divide="ignore"):
        return float(np.log(ps).sum())
