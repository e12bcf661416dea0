"""n_prompt is left out.

Penalties then take the prompt for text that was written.
"""

from langmodels.generation import *


@torch.inference_mode()
def speculate(target, draft, prompt, n_new, n_ahead, sampling=PLAIN, generator=None):
    tokens = torch.tensor([list(prompt)])
    length = len(prompt) + n_new

    def probabilities(logits, end):
        return next_distribution(logits[None], tokens[:, :end], sampling)

    while (start := tokens.shape[1]) < length:
        drafts = []
        for end in range(start, min(start + n_ahead, length - 1)):
            drafts.append(probabilities(draft(tokens)[0, -1], end))
            token = draw(drafts[-1], torch.rand(1, generator=generator))
            tokens = torch.cat([tokens, token[:, None]], dim=1)
        logits = target(tokens)[0, start - 1 :]
        targets = torch.cat([probabilities(row, start + n) for n, row in enumerate(logits)])
        new = verify(
            targets,
            torch.cat(drafts) if drafts else targets[:0],
            tokens[0, start:],
            torch.rand(len(targets), generator=generator),
        )
        tokens = torch.cat([tokens[:, :start], torch.tensor([new])], dim=1)
    return tokens[0, len(prompt) :].tolist()
