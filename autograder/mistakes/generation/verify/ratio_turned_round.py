"""The ratio is turned round.

A token that the target finds more probable would be thrown away, and what the draft overrates
would stay.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[place] * target[place, token] >= draft[place, token]:
            rest = (target[place] - draft[place]).clamp(min=0)
            return [*kept, int(draw(rest[None], uniform[-1:]))]
        kept.append(token)
    return [*kept, int(draw(target[-1:], uniform[-1:]))]
