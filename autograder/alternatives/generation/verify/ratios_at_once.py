"""Right: all ratios at once, then the first that fails."""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    n = len(proposed)
    chosen = proposed[:, None]
    wanted, offered = target[:n].gather(1, chosen)[:, 0], draft.gather(1, chosen)[:, 0]
    rejected = (uniform[:n] * offered >= wanted).nonzero()[:, 0].tolist()
    place = rejected[0] if rejected else n
    row = target[place]
    if rejected:
        row = torch.relu(row - draft[place])
        row = row / row.sum()
    return [*proposed[:place].tolist(), draw(row[None], uniform[n:]).item()]
