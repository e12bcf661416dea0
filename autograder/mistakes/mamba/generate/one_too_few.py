"""One token too few is written.

n_new tokens are asked for; the prompt's own prediction is the first of them.
"""

from langmodels.mamba import *


def generate(model, prompts, n_new):
    tokens, state, written = prompts, None, []
    with torch.no_grad():
        for _ in range(n_new - 1):
            logits, state = model.read(tokens, state)
            tokens = logits[:, -1:].argmax(-1)
            written.append(tokens)
    return torch.cat(written, dim=1) if written else prompts[:, :0]
