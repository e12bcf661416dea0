"""Nothing comes in place of a rejected token.

Then a round may bring no token at all, and the target's other choices never get their share.
"""

from langmodels.generation import *


def verify(target, draft, proposed, uniform):
    kept = []
    for place, token in enumerate(proposed.tolist()):
        if uniform[place] * draft[place, token] >= target[place, token]:
            return kept
        kept.append(token)
    return [*kept, int(draw(target[-1:], uniform[-1:]))]
