"""Right: number by number, dividing."""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    result = []
    for place in range(len(draft)):
        token = int(proposed[place])
        ratio = float(target[place, token]) / float(draft[place, token])
        if float(uniform[place]) < ratio:
            result.append(token)
            continue
        pairs = zip(target[place].tolist(), draft[place].tolist(), strict=True)
        rest = torch.tensor([[max(t - d, 0.0) for t, d in pairs]], dtype=torch.float64)
        return result + draw(rest, uniform[-1:]).tolist()
    return result + draw(target[len(draft) :], uniform[-1:]).tolist()
