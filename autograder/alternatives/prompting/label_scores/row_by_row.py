"""Right: one call, and then label by label."""

from langmodels.prompting import *


def label_scores(model, prompt, labels, normalise=True):
    width = len(prompt) + max(len(label) for label in labels)
    rows = torch.zeros(len(labels), width, dtype=torch.long)
    for row, label in zip(rows, labels, strict=True):
        row[: len(prompt) + len(label)] = torch.tensor([*prompt, *label])
    with torch.no_grad():
        logits = model(rows)
    scores = []
    for row, label in zip(logits, labels, strict=True):
        said = row[len(prompt) - 1 : len(prompt) - 1 + len(label)].log_softmax(-1)
        picked = torch.stack([said[place, token] for place, token in enumerate(label)])
        scores.append(picked.mean() if normalise else picked.sum())
    return torch.stack(scores)
