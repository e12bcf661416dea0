"""One number decides about all proposals.

Each needs a chance of its own. With one for all, acceptance of the second depends on how narrowly
the first was accepted.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[0] * draft[place, token] >= target[place, token]:
            rest = (target[place] - draft[place]).clamp(min=0)
            return [*kept, int(draw(rest[None], uniform[-1:]))]
        kept.append(token)
    return [*kept, int(draw(target[-1:], uniform[-1:]))]
