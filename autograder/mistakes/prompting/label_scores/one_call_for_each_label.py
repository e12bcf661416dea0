"""Each label has a call of its own.

The prompt is then read as often as there are labels. A batch reads all rows at once.
"""

from langmodels.prompting import *


@torch.inference_mode()
def label_scores(model, prompt, labels, normalise=True):
    scores = []
    for label in labels:
        logits = model(torch.tensor([[*prompt, *label]]))[0, len(prompt) - 1 : -1]
        logprobs = logits.log_softmax(-1)[torch.arange(len(label)), torch.tensor(label)]
        scores.append(logprobs.mean() if normalise else logprobs.sum())
    return torch.stack(scores)
