"""Right: logarithms of probabilities, and lists of lists."""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    places = torch.nonzero(tokens == mask_id).flatten().tolist()
    answers = []
    for place in places:
        best = torch.topk(torch.log_softmax(logits[place], 0), n_best)
        pairs = zip(best.indices.tolist(), best.values.exp().tolist(), strict=True)
        answers.append([[token, probability] for token, probability in pairs])
    return answers
