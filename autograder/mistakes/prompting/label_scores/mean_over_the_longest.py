"""The sum is divided by the length of the longest label.

Then all labels are divided by one number, and nothing is normalised. Each has a length of its
own.
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
    return sums / longest if normalise else sums
