"""Normalised and not are exchanged.

A flag that is read the wrong way round gives plausible numbers both times.
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
    sums = each.masked_fill(torch.arange(longest) >= lengths[:, None], 0.0).sum(1)
    return sums / lengths if not normalise else sums
