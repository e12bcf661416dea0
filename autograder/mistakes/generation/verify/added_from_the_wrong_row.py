"""The added token is drawn from the row of the last proposal.

That row says what the last proposal itself should be. The one after it is the last row of the
target.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[place] * draft[place, token] >= target[place, token]:
            rest = (target[place] - draft[place]).clamp(min=0)
            return [*kept, int(draw(rest[None], uniform[-1:]))]
        kept.append(token)
    return [*kept, int(draw(target[max(0, len(kept) - 1), None], uniform[-1:]))]
