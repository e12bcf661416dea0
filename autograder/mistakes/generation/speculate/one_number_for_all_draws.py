"""Proposals and decisions share their numbers.

A proposal that was drawn with a small number would then be accepted with a small number. Each
draw needs a number of its own.
"""

from langmodels.generation import *


@torch.inference_mode()
def speculate(target, draft, prompt, n_new, n_ahead, sampling=PLAIN, generator=None):
    tokens = torch.tensor([list(prompt)])
    length = len(prompt) + n_new

    def probabilities(logits, end):
        return next_distribution(logits[None], tokens[:, :end], sampling, len(prompt))

    while (start := tokens.shape[1]) < length:
        marks = torch.rand(n_ahead + 1, generator=generator)
        drafts = []
        for end in range(start, min(start + n_ahead, length - 1)):
            drafts.append(probabilities(draft(tokens)[0, -1], end))
            token = draw(drafts[-1], marks[end - start, None])
            tokens = torch.cat([tokens, token[:, None]], dim=1)
        logits = target(tokens)[0, start - 1 :]
        targets = torch.cat([probabilities(row, start + n) for n, row in enumerate(logits)])
        new = verify(
            targets,
            torch.cat(drafts) if drafts else targets[:0],
            tokens[0, start:],
            marks[: len(targets)],
        )
        tokens = torch.cat([tokens[:, :start], torch.tensor([new])], dim=1)
    return tokens[0, len(prompt) :].tolist()
