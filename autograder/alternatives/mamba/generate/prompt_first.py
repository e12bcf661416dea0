"""The prompt before the loop."""

from langmodels.mamba import *


def generate(model, prompts, n_new):
    if n_new == 0:
        return prompts.new_zeros(len(prompts), 0)
    with torch.inference_mode(False), torch.no_grad():
        logits, state = model.read(prompts)
        new = torch.zeros(len(prompts), n_new, dtype=torch.long)
        new[:, 0] = logits[:, -1].argmax(dim=-1)
        for k in range(1, n_new):
            logits, state = model.read(new[:, k - 1 : k], state)
            new[:, k] = logits[:, 0].argmax(dim=-1)
    return new
