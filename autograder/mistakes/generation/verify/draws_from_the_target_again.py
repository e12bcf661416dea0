"""In place of a rejected token one is drawn from the target itself.

Tokens that were accepted have had their share already. What is missing is the part of the target
above the draft; otherwise the draft's favourites come too often.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[place] * draft[place, token] >= target[place, token]:
            rest = target[place]
            return [*kept, int(draw(rest[None], uniform[-1:]))]
        kept.append(token)
    return [*kept, int(draw(target[-1:], uniform[-1:]))]
