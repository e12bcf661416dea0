"""The labels are scored without the prompt.

That is what the model thinks of the label in general. Divided out it can be useful; it is not the
label's probability here.
"""

from langmodels.prompting import *


@torch.inference_mode()
def label_scores(model, prompt, labels, normalise=True):
    longest = max(map(len, labels))
    padded = torch.tensor([[*label, *[0] * (longest - len(label))] for label in labels])
    lengths = torch.tensor([len(label) for label in labels])
    start = torch.tensor(prompt).expand(len(labels), -1)
    logits = model(torch.cat([start[:, -1:], padded], dim=1))
    logprobs = logits[:, 0:-1].log_softmax(-1)
    each = logprobs.gather(-1, padded[..., None]).squeeze(-1)
    sums = each.masked_fill(torch.arange(longest) >= lengths[:, None], 0.0).sum(1)
    return sums / lengths if normalise else sums
