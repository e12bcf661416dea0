"""The mean is a sum.

Each token costs something, so the sum of a long label is nearly always less than that of a short
one.
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
    return each.masked_fill(torch.arange(longest) >= lengths[:, None], 0.0).sum(1)
