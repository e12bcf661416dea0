"""The size of the difference is drawn from.

Where the draft has too much, the target wants less of it, not more.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[place] * draft[place, token] >= target[place, token]:
            rest = (target[place] - draft[place]).abs()
            return [*kept, int(draw(rest[None], uniform[-1:]))]
        kept.append(token)
    return [*kept, int(draw(target[-1:], uniform[-1:]))]
