"""Pads with pad_sequence and takes the last positions with gather."""

from langmodels.inference import *


def prefill(model, prompts, cache):
    rows = [torch.tensor(prompt, device=cache.device) for prompt in prompts]
    counts = [len(row) for row in rows]
    padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=1)
    hidden = model.hidden(padded, cache, counts)
    last = torch.tensor(counts, device=cache.device)[:, None, None] - 1
    picked = hidden.gather(1, last.expand(-1, 1, hidden.shape[-1]))
    return model.logits(picked.squeeze(1))
