"""Right: keeps the text as a list, and counts what is missing."""

from langmodels.generation import *


@torch.inference_mode()
def speculate(target, draft, prompt, n_new, n_ahead, sampling=PLAIN, generator=None):
    def shares(model, text, n_places):
        logits = model(torch.tensor([text]))[0]
        first = len(text) - n_places + 1
        rows = [
            next_distribution(
                logits[end - 1][None], torch.tensor([text[:end]]), sampling, len(prompt)
            )
            for end in range(first, len(text) + 1)
        ]
        return torch.cat(rows)

    written = []
    while len(written) < n_new:
        text = [*prompt, *written]
        proposed, offers = [], []
        for _ in range(min(n_ahead, n_new - len(written) - 1)):
            offers.append(shares(draft, text + proposed, 1))
            proposed += draw(offers[-1], torch.rand(1, generator=generator)).tolist()
        wanted = shares(target, text + proposed, len(proposed) + 1)
        offered = torch.cat(offers) if offers else wanted.new_empty(0, wanted.shape[1])
        marks = torch.rand(len(proposed) + 1, generator=generator)
        ids = torch.tensor(proposed, dtype=torch.long)
        written += verify(wanted, offered, ids, marks)
    return written
