"""Right: the loop turned round, proposals held apart."""

from langmodels.generation import *


@torch.inference_mode()
def speculate(target, draft, prompt, n_new, n_ahead, sampling=PLAIN, generator=None):
    text = torch.tensor([list(prompt)])
    n_prompt = text.shape[1]
    missing = n_new
    while missing:
        ahead, offered = text, text.new_zeros(0, 1).float()
        for _ in range(min(n_ahead, missing - 1)):
            row = next_distribution(draft(ahead)[:, -1], ahead, sampling, n_prompt)
            offered = torch.cat([offered.to(row.dtype).expand(-1, row.shape[1]), row])
            token = draw(row, torch.rand(1, generator=generator))
            ahead = torch.cat([ahead, token.view(1, 1)], dim=1)
        start = text.shape[1]
        logits = target(ahead)
        wanted = [
            next_distribution(logits[:, end - 1], ahead[:, :end], sampling, n_prompt)
            for end in range(start, ahead.shape[1] + 1)
        ]
        marks = torch.rand(len(wanted), generator=generator)
        new = verify(torch.cat(wanted), offered, ahead[0, start:], marks)
        text = torch.cat([text, torch.tensor(new)[None]], dim=1)
        missing -= len(new)
    return text[0, n_prompt:].tolist()
