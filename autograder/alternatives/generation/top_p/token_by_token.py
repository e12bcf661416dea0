"""Right: row by row and token by token."""

from langmodels.generation import *


def top_p(logits, p):
    rows = []
    for row in logits.reshape(-1, logits.shape[-1]).double().tolist():
        largest = max(row)
        weights = [math.exp(z - largest) for z in row]
        enough, total, kept = p * math.fsum(weights), 0.0, set()
        for token in sorted(range(len(row)), key=row.__getitem__, reverse=True):
            if kept and total >= enough:
                break
            kept.add(token)
            total += weights[token]
        rows.append([token not in kept for token in range(len(row))])
    return logits.masked_fill(torch.tensor(rows).view(logits.shape), -math.inf)
