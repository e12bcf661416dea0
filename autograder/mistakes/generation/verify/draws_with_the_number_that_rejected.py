"""What comes instead is drawn with the number that rejected.

That number is known to be large, since it rejected. So it is not even on the line any more.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[place] * draft[place, token] >= target[place, token]:
            rest = (target[place] - draft[place]).clamp(min=0)
            return [*kept, int(draw(rest[None], uniform[place][None]))]
        kept.append(token)
    return [*kept, int(draw(target[-1:], uniform[-1:]))]
