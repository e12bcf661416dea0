"""A proposal stays if it is the target's most probable token.

That is right for greedy texts only. It cuts all that the target would have said now and then.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if token != int(target[place].argmax()):
            rest = (target[place] - draft[place]).clamp(min=0)
            return [*kept, int(draw(rest[None], uniform[-1:]))]
        kept.append(token)
    return [*kept, int(draw(target[-1:], uniform[-1:]))]
