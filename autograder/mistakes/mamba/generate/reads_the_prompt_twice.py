"""The prompt's last token is fed again.

The state has read it already. Read twice, it counts twice.
"""

from langmodels.mamba import *


def generate(model, prompts, n_new):
    tokens, state, written = prompts, None, []
    with torch.no_grad():
        for _ in range(n_new):
            logits, state = model.read(tokens, state)
            if not written:
                logits, state = model.read(tokens[:, -1:], state)
            tokens = logits[:, -1:].argmax(-1)
            written.append(tokens)
    return torch.cat(written, dim=1) if written else prompts[:, :0]
