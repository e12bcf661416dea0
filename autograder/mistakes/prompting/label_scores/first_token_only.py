"""Only the first token of each label counts.

Two labels that begin alike then have one score. It is a good short cut where all first tokens
differ, and wrong elsewhere.
"""

from langmodels.prompting import *


@torch.inference_mode()
def label_scores(model, prompt, labels, normalise=True):
    longest = max(map(len, labels))
    padded = torch.tensor([[*label, *[0] * (longest - len(label))] for label in labels])
    lengths = torch.tensor([len(label) for label in labels])
    start = torch.tensor(prompt).expand(len(labels), -1)
    logits = model(torch.cat([start, padded], dim=1))
    logprobs = logits[:, len(prompt) - 1 : -1].log_softmax(-1)
    each = logprobs.gather(-1, padded[..., None]).squeeze(-1)
    sums = each.masked_fill(torch.arange(longest).expand(len(labels), -1) > 0, 0.0).sum(1)
    return sums / lengths if normalise else sums
