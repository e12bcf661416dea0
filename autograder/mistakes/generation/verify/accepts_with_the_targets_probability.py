"""A proposal is accepted with the target's probability.

Without dividing by the draft's a token comes with the product of both probabilities. The draft
was already one chance to be chosen.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[place] >= target[place, token]:
            rest = (target[place] - draft[place]).clamp(min=0)
            return [*kept, int(draw(rest[None], uniform[-1:]))]
        kept.append(token)
    return [*kept, int(draw(target[-1:], uniform[-1:]))]
