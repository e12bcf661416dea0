"""Right: the loss of torch, which leaves out what is marked."""

from langmodels.prompting import *


@torch.no_grad()
def label_scores(model, prompt, labels, normalise=True):
    texts = [torch.tensor([*prompt, *label]) for label in labels]
    tokens = torch.nn.utils.rnn.pad_sequence(texts, batch_first=True)
    aims = [torch.tensor([*[-100] * (len(prompt) - 1), *label]) for label in labels]
    aims = torch.nn.utils.rnn.pad_sequence(aims, batch_first=True, padding_value=-100)
    logits = model(tokens[:, :-1] if tokens.shape[1] > 1 else tokens)
    losses = torch.nn.functional.cross_entropy(
        logits[:, : aims.shape[1]].transpose(1, 2), aims, reduction="none"
    )
    sums = -losses.sum(dim=1)
    if normalise:
        sums /= (aims >= 0).sum(dim=1)
    return sums
