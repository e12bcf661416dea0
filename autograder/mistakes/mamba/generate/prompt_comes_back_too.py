"""The prompt is returned with the new tokens.

Only the n_new tokens after it are asked for.
"""

from langmodels.mamba import *


def generate(model, prompts, n_new):
    tokens, state, written = prompts, None, [prompts]
    with torch.no_grad():
        for _ in range(n_new):
            logits, state = model.read(tokens, state)
            tokens = logits[:, -1:].argmax(-1)
            written.append(tokens)
    return torch.cat(written, dim=1) if written else prompts[:, :0]
