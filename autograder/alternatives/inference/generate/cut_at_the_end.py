"""Keeps all tokens in a tensor and cuts the answers when everything is written."""

from langmodels.inference import *


@torch.inference_mode()
def generate(model, prompts, n_new, *, cache=None, stop=()):
    weight = model.embedding.weight
    if cache is None:
        capacity = max(map(len, prompts)) + n_new
        cache = KVCache(model.config, len(prompts), capacity, weight.dtype, weight.device)
    stops = torch.tensor(sorted(stop), dtype=torch.long, device=weight.device)
    columns = [prefill(model, prompts, cache).argmax(-1, keepdim=True)]
    stopped = torch.isin(columns[0], stops)
    while len(columns) < n_new and not stopped.all():
        columns.append(model(columns[-1], cache).argmax(-1))
        stopped |= torch.isin(columns[-1], stops)
    answers = []
    for row in torch.cat(columns, dim=1).tolist():
        ends = [place for place, token in enumerate(row) if token in stop]
        answers.append(row[: ends[0] + 1] if ends else row)
    return answers
