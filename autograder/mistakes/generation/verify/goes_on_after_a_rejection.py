"""Later proposals are looked at although one was rejected.

They were drawn after a token that is not there any more. What follows the first rejection is
worth nothing.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[place] * draft[place, token] >= target[place, token]:
            rest = (target[place] - draft[place]).clamp(min=0)
            kept.append(int(draw(rest[None], uniform[-1:])))
        else:
            kept.append(token)
    return [*kept, int(draw(target[-1:], uniform[-1:]))]
