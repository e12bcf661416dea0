"""A label's tokens are read at their own positions.

The logits at a position speak about the token after it. A label's first token is foretold at the
prompt's last position.
"""

from langmodels.prompting import *


@torch.inference_mode()
def label_scores(model, prompt, labels, normalise=True):
    longest = max(map(len, labels))
    padded = torch.tensor([[*label, *[0] * (longest - len(label))] for label in labels])
    lengths = torch.tensor([len(label) for label in labels])
    start = torch.tensor(prompt).expand(len(labels), -1)
    logits = model(torch.cat([start, padded], dim=1))
    logprobs = logits[:, len(prompt) :].log_softmax(-1)
    each = logprobs.gather(-1, padded[..., None]).squeeze(-1)
    sums = each.masked_fill(torch.arange(longest) >= lengths[:, None], 0.0).sum(1)
    return sums / lengths if normalise else sums
