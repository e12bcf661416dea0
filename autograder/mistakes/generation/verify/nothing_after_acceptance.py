"""No token is added where all were accepted.

The target has read all proposals, so it knows what follows them. That token is free, and makes n
+ 1 of n.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[place] * draft[place, token] >= target[place, token]:
            rest = (target[place] - draft[place]).clamp(min=0)
            return [*kept, int(draw(rest[None], uniform[-1:]))]
        kept.append(token)
    return kept or [int(draw(target[-1:], uniform[-1:]))]
