"""It scores token by token with numpy at the end, and maps unknown words itself."""

from langmodels.ngrams import *


def cross_entropy(model, sentences, oov="unk"):
    if oov not in ("unk", "skip"):
        raise ValueError(f'oov must be "unk" or "skip", not {oov!r}')

    probabilities = []
    for sentence in sentences:
        context = [BOS]
        for token in [*sentence, EOS]:
            known = token in model.vocabulary
            if known or oov == "unk":
                probabilities.append(model.prob(token if known else UNK, tuple(context)))
            context.append(token)
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log2(np.array(probabilities))))
