"""It keeps a running mean instead of a sum, and goes on after an infinite cost."""

from langmodels.ngrams import *


def cross_entropy(model, sentences, oov="unk"):
    sentences = list(sentences)
    match oov:
        case "unk":
            scored = {EOS}.union(*sentences).__contains__
        case "skip":
            scored = model.vocabulary.__contains__
        case _:
            raise ValueError("unk or skip")
    mean, n = 0.0, 0
    for sentence in sentences:
        tokens = [BOS, *sentence, EOS]
        for i in range(1, len(tokens)):
            if scored(tokens[i]):
                p = model.prob(tokens[i], tokens[:i])
                cost = math.log2(1 / p) if p else math.inf
                n += 1
                mean = mean + (cost - mean) / n if cost < math.inf > mean else math.inf
    return mean
