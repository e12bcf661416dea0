"""It adds natural logarithms of whole sentences and converts the total to bits."""

from langmodels.ngrams import *


def cross_entropy(model, sentences, oov="unk"):
    if oov == "unk":
        sentences = list(sentences)
        nats = -math.fsum(sentence_logprob(model, sentence) for sentence in sentences)
        return nats / math.log(2) / (sum(map(len, sentences)) + len(sentences))
    if oov != "skip":
        raise ValueError(oov)
    nats, n_tokens = 0.0, 0
    for sentence in sentences:
        tokens = pad(sentence)
        for i, token in enumerate(tokens):
            if i > 0 and token in model.vocabulary:
                p = model.prob(token, tokens[:i])
                nats += -math.log(p) if p > 0 else math.inf
                n_tokens += 1
    return nats / math.log(2) / n_tokens
